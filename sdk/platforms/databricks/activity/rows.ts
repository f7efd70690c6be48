import type { Access, ObservedAccess, ObservedLineage, ObservedQuery, TableName } from "../../../model/activity";
import type { Row } from "../driver";

/** What a row's lineage names of a statement; `name` is the table's. */
interface Used {
  readonly access: Access;
  readonly catalog?: string;
  readonly schema?: string;
  readonly name?: string;
  readonly column?: string;
}

/** The times of a row of `lineageQuery` are those of the first and the last event; of one event, the same. */
export function toLineage(row: Row): ObservedLineage[] {
  const [source, target] = [endOf(row, "source"), endOf(row, "target")];
  if (source === undefined || target === undefined) return [];
  const [sourceColumn, targetColumn] = [row["source_column_name"], row["target_column_name"]] as (string | null)[];
  const edge = { source, target, ...(sourceColumn && { sourceColumn }), ...(targetColumn && { targetColumn }) };
  const times = new Set([row["first_seen"], row["last_seen"]].map(timeOf));
  return [...times].map((at) => ({ ...edge, at }));
}

function endOf(row: Row, end: "source" | "target"): TableName | undefined {
  const part = (name: string) => (row[`${end}_table_${name}`] as string | null) ?? undefined;
  return tableOf({ catalog: part("catalog"), schema: part("schema"), name: part("name") });
}

/** A statement of the query history. */
export function toStatement(row: Row): ObservedQuery {
  return {
    ...common(row),
    statementType: (row["type"] as string | null) ?? "UNKNOWN",
    succeeded: row["status"] === "FINISHED",
    objects: accessesOf(JSON.parse(row["used"] as string) as readonly Used[]),
  };
}

/** An event of the audit log, as a statement of one table; its action stands for the type. Empty where it names no table. */
export function toEvent(row: Row): ObservedQuery[] {
  const [database, schema, table, ...more] = ((row["full_name"] as string | null) ?? "").split(".");
  // The catalog allows no dot in a name.
  if (!database || !schema || !table || more.length > 0) return [];
  const { action, status, operation } = row;
  const isRead = action === "getTable" || (action === "generateTemporaryTableCredential" && operation !== "READ_WRITE");
  const succeeded = status === null || status === undefined || Number(status) < 400;
  const objects: ObservedAccess[] = [{ database, schema, table, access: isRead ? "read" : "write", columns: [] }];
  return [{ ...common(row), statementType: String(action), succeeded, objects }];
}

/** Databricks runs statements with all of an identity's privileges, so there is no role; it tells no hash. */
function common(row: Row): Pick<ObservedQuery, "id" | "at" | "user" | "role" | "hash"> {
  return { id: row["id"] as string, at: timeOf(row["started"]), user: (row["actor"] as string | null) ?? "", role: null, hash: null };
}

/** One access for each table and kind, with all columns that are named, in byte order. */
function accessesOf(all: readonly Used[]): ObservedAccess[] {
  const found = new Map<string, TableName & { readonly access: Access; readonly columns: Set<string> }>();
  for (const used of all) {
    const table = tableOf(used);
    if (table === undefined) continue;
    const key = JSON.stringify([used.access, table]);
    const access = found.get(key) ?? { ...table, access: used.access, columns: new Set<string>() };
    if (used.column !== undefined) access.columns.add(used.column);
    found.set(key, access);
  }
  return [...found.values()].map((access) => ({ ...access, columns: [...access.columns].sort() }));
}

function tableOf({
  catalog,
  schema,
  name,
}: { readonly [name in "catalog" | "schema" | "name"]?: string | undefined }): TableName | undefined {
  return catalog && schema && name ? { database: catalog, schema, table: name } : undefined;
}

function timeOf(milliseconds: unknown): string {
  return new Date(Number(milliseconds)).toISOString();
}
