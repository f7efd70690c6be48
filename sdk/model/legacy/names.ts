import type { LegacyNaming, LegacyRegistration, LegacyTable } from "./registration";

/** What the placeholders of a naming template stand for. */
export interface TableNames {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
}

/** What a data source is called where neither it nor a template says: the vendor's default (contract: V2 payloads, nameTemplate). */
const DEFAULT_FORMAT = "<schema>.<tablename>";

/**
 * The name that a table's data source has under the old way of registering: its own, else that of the naming template.
 * `<tablename>` makes it lower case, `<TABLENAME>` upper case, `<Tablename>` a capital and lower case.
 */
export function legacyName(registration: Pick<LegacyRegistration, "naming">, table: TableNames & Partial<LegacyTable>): string {
  return table.dataSourceName ?? fromTemplate(registration.naming, table);
}

/** The name that the same table's data source has on a connection (contract: upgrade, other effects). */
export function generatedName(connectionKey: string, { database, schema, table }: TableNames): string {
  return [connectionKey, database, schema, table].join(".");
}

function fromTemplate(naming: LegacyNaming | undefined, { database, schema, table }: TableNames): string {
  const values: Readonly<Record<string, string>> = { database, schema, tablename: table };
  return (naming?.dataSourceFormat ?? DEFAULT_FORMAT).replace(/<(database|schema|tablename)>/gi, (_, placeholder: string) =>
    inCaseOf(placeholder, values[placeholder.toLowerCase()]!),
  );
}

function inCaseOf(placeholder: string, value: string): string {
  if (placeholder === placeholder.toUpperCase()) return value.toUpperCase();
  const lower = value.toLowerCase();
  return placeholder[0] === placeholder[0]!.toUpperCase() ? lower.slice(0, 1).toUpperCase() + lower.slice(1) : lower;
}
