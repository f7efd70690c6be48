import type { ObjectPath } from "../object-path";
import { problemsOf } from "../validate";
import { dropFields, dropList, type Drop, type Reasons } from "./dropped";
import { addressFields } from "./fields";
import { commonPath, distinctPaths } from "./paths";
import { dropStringOptions, problemAt, readAccount } from "./read-address";
import type { LegacyAccount, LegacyOwners, LegacyRegistration, LegacySource, LegacyTable } from "./registration";
import { v2PayloadSchema, type V2Payload } from "./v2-payload";

type Source = NonNullable<V2Payload["sources"]>[number];

const NAMES_ARE_GENERATED = "connections name a data source after its connection, database, schema and table";
const TAGS_HAVE_NO_SUBSTITUTE = "connections tag nothing at registration; tag the data source afterwards, or tag on the platform";

const OPTION_REASONS: Reasons = {
  staleDataTolerance: "a connection has no such limit",
  disableSensitiveDataDiscovery: "a connection has no such switch; it is one of the whole tenant",
  hardDelete: "a table that is gone stays visible as missing until somebody deletes it",
  tableTags: TAGS_HAVE_NO_SUBSTITUTE,
};
const SOURCE_REASONS: Reasons = { tags: TAGS_HAVE_NO_SUBSTITUTE };
const USED_OF_CONNECTION: ReadonlySet<string> = new Set(["handler", ...Object.keys(addressFields)]);
/** The name is listed beside the new one. */
const USED_OF_SOURCE: ReadonlySet<string> = new Set(["table", "schema", "query", "all", "owners", "naming"]);

/**
 * A V2 payload (contract: V2 payloads) as a registration.
 * @throws BadRequestError with file, line and field of what is wrong.
 */
export function readV2(value: unknown, source: LegacySource): LegacyRegistration {
  const [problem] = problemsOf(v2PayloadSchema, value);
  if (problem !== undefined) throw problemAt(source, problem.path, problem.reason);
  const payload = v2PayloadSchema.parse(value);
  const account = readAccount(payload.connection, payload.connection.handler, ["connection"], source);
  const { drop, dropped } = dropList(source);
  dropStringOptions(account, ["connection"], drop);
  dropFields(payload.connection, ["connection"], USED_OF_CONNECTION, {}, drop);
  if (payload.nameTemplate !== undefined) drop(["nameTemplate"], payload.nameTemplate, NAMES_ARE_GENERATED);
  dropFields(payload.options ?? {}, ["options"], new Set(), OPTION_REASONS, drop);
  const content = readSources(payload, account, drop, source);
  return {
    form: "V2",
    name: payload.connectionKey,
    origin: { file: source.file, line: source.lineOf([]) },
    ...account,
    ...content,
    tableTags: payload.options?.tableTags ?? [],
    naming: payload.nameTemplate && {
      dataSourceFormat: payload.nameTemplate.dataSourceFormat,
      tableFormat: payload.nameTemplate.tableFormat,
      schemaFormat: payload.nameTemplate.schemaFormat,
      schemaProjectNameFormat: payload.nameTemplate.schemaProjectNameFormat,
    },
    workspace: undefined,
    dropped,
  };
}

function readSources(
  payload: V2Payload,
  account: LegacyAccount,
  drop: Drop,
  source: LegacySource,
): Pick<LegacyRegistration, "monitored" | "tables" | "queries" | "owners"> {
  const sources = payload.sources;
  // Technologies that connections do not take may have no database; what they hold is not looked at.
  const whole: ObjectPath = [account.database, account.schema].filter((name) => name !== undefined);
  const monitored = (sources ?? [{ all: true }]).some(({ all }) => all === true) && whole.length > 0 ? [whole] : [];
  const tables: LegacyTable[] = [];
  const queries: LegacyRegistration["queries"][number][] = [];
  const owners: LegacyOwners[] = [];
  for (const [index, one] of (sources ?? []).entries()) {
    const field = ["sources", index];
    dropFields(one, field, USED_OF_SOURCE, SOURCE_REASONS, drop);
    if (one.query !== undefined) {
      queries.push({ name: one.naming?.datasource ?? `statement ${index + 1}`, origin: { file: source.file, line: source.lineOf(field) } });
    }
    if (one.table === undefined || account.database === undefined) continue;
    const table = readTable(one, account.database, account.schema);
    if (table === undefined)
      throw problemAt(source, [...field, "schema"], "is missing; name the table's schema here or in connection.schema");
    tables.push(table);
    if (one.owners.length > 0) {
      owners.push({ path: [table.database, table.schema, table.table], owners: one.owners.map(ownerOf), widened: false });
    }
  }
  if (payload.owners.length > 0 && account.database !== undefined) {
    const paths = distinctPaths([...monitored, ...tables.map(({ database, schema, table }) => [database, schema, table])]);
    const path = commonPath(paths);
    const widened = !paths.some((one) => one.length === path.length);
    if (paths.length > 0) owners.push({ path, owners: payload.owners.map(ownerOf), widened });
  }
  return { monitored, tables, queries, owners };
}

function readTable(one: Source, database: string, defaultSchema: string | undefined): LegacyTable | undefined {
  const schema = one.schema ?? defaultSchema;
  if (one.table === undefined || schema === undefined) return undefined;
  return {
    database,
    schema,
    table: one.table,
    dataSourceName: one.naming?.datasource,
    tags: { table: one.tags?.table ?? [], columns: one.tags?.columns ?? [] },
  };
}

function ownerOf({ type, name, iam }: V2Payload["owners"][number]): LegacyOwners["owners"][number] {
  return { type, name, iam };
}
