import type { ObjectPath } from "../object-path";
import { problemsOf } from "../validate";
import { dropFields, dropList, type Reasons } from "./dropped";
import { addressFields } from "./fields";
import { dropStringOptions, problemAt, readAccount } from "./read-address";
import type { LegacyAccount, LegacyOwner, LegacyRegistration, LegacySource, LegacyTable } from "./registration";
import { v1PayloadSchema, type V1Handler, type V1Payload } from "./v1-payload";

const NAMES_ARE_GENERATED = "connections name a data source after its connection, database, schema and table";
const COLUMNS_ARE_READ = "object sync reads the columns from the platform";

const METADATA_REASONS: Reasons = {
  columns: COLUMNS_ARE_READ,
  eventTime: "a connection has no event time",
  staleDataTolerance: "a connection has no such limit",
  schemaProjectName: "connections have no schema projects",
  nativeViewName: "connections make no views",
  nativeSchemaName: "connections make no views",
};
const DATA_SOURCE_REASONS: Reasons = {
  description: "object sync takes the comment of the table",
  category: "a connection has no categories",
};
const REST_REASONS: Reasons = {
  policyRules: "policies are not made at registration; make them on the data source, which keeps its own",
};
/** Old names, which are listed beside the new one. */
const NAMES = ["dataSourceName", "bodataTableName", "bodataSchemaName", "name", "sqlTableName"];
const USED_OF_METADATA: ReadonlySet<string> = new Set([
  ...Object.keys(addressFields),
  "table",
  "tableType",
  "query",
  "nativeWorkspaceName",
  ...NAMES,
]);
/** What every payload repeats and nobody chose. */
const USED_OF_DATA_SOURCE: ReadonlySet<string> = new Set([
  "blobHandler",
  "blobHandlerType",
  "recordFormat",
  "type",
  "private",
  "organization",
  "hasExamples",
  "columnEvolutionEnabled",
  "owner",
  ...NAMES,
]);
const USED_OF_PAYLOAD: ReadonlySet<string> = new Set(["handler", "dataSource", "schemaEvolution"]);

/**
 * A V1 payload (contract: V1 payloads) as registrations, one for each handler.
 * @param technology that of the route, where the payload does not say it in `dataSource.blobHandlerType`
 * @throws BadRequestError with file, line and field of what is wrong.
 */
export function readV1(value: unknown, source: LegacySource, technology?: string): LegacyRegistration[] {
  const [problem] = problemsOf(v1PayloadSchema, value);
  if (problem !== undefined) throw problemAt(source, problem.path, problem.reason);
  const payload = v1PayloadSchema.parse(value);
  const handler = payload.dataSource.blobHandlerType ?? technology;
  if (handler === undefined) {
    throw problemAt(source, ["dataSource", "blobHandlerType"], "is missing; give the technology, as Snowflake or Databricks");
  }
  if (!Array.isArray(payload.handler)) return [readHandler(payload, payload.handler, ["handler"], handler, source)];
  return payload.handler.map((one, index) => readHandler(payload, one, ["handler", index], handler, source, index > 0));
}

/** @param again that the payload's common fields were listed with an earlier handler */
function readHandler(
  payload: V1Payload,
  { metadata }: V1Handler,
  field: readonly PropertyKey[],
  technology: string,
  source: LegacySource,
  again = false,
): LegacyRegistration {
  const at = [...field, "metadata"];
  const account = readAccount(metadata, technology, at, source);
  const { drop, dropped } = dropList(source);
  dropStringOptions(account, at, drop);
  dropFields(metadata, at, USED_OF_METADATA, METADATA_REASONS, drop);
  const { dataSource, schemaEvolution } = payload;
  if (!again) {
    dropFields(dataSource, ["dataSource"], USED_OF_DATA_SOURCE, DATA_SOURCE_REASONS, drop);
    dropFields(payload, [], USED_OF_PAYLOAD, REST_REASONS, drop);
    if (dataSource.columnEvolutionEnabled === false) {
      drop(["dataSource", "columnEvolutionEnabled"], false, "object sync always follows columns that are added, removed or retyped");
    }
    const template = schemaEvolution?.config?.nameTemplate;
    if (template !== undefined) drop(["schemaEvolution", "config", "nameTemplate"], template, NAMES_ARE_GENERATED);
  }
  const name = metadata.dataSourceName ?? dataSource.name ?? metadata.table ?? "";
  const origin = { file: source.file, line: source.lineOf(field) };
  const tables = tablesOf(metadata, account, name, at, source);
  const monitored = monitoredSchemas(payload, account);
  const template = schemaEvolution?.config?.nameTemplate;
  return {
    form: "V1",
    name,
    origin,
    ...account,
    monitored,
    tables,
    queries: metadata.table === undefined && metadata.query !== undefined ? [{ name, origin }] : [],
    owners: ownersOf(payload, tables, monitored),
    tableTags: [],
    naming: template && {
      dataSourceFormat: template.dataSourceFormat ?? template.nameFormat,
      tableFormat: template.tableFormat,
      schemaFormat: template.schemaFormat ?? template.sqlSchemaNameFormat,
      schemaProjectNameFormat: template.schemaProjectNameFormat,
    },
    workspace: metadata.nativeWorkspaceName,
    dropped,
  };
}

function tablesOf(
  { table, query }: V1Handler["metadata"],
  { database, schema }: LegacyAccount,
  dataSourceName: string,
  field: readonly PropertyKey[],
  source: LegacySource,
): LegacyTable[] {
  if (database === undefined) return [];
  if (table === undefined) {
    if (query === undefined) throw problemAt(source, [...field, "table"], "is missing; name the table of the data source");
    return [];
  }
  if (schema === undefined) throw problemAt(source, [...field, "schema"], "is missing; name the table's schema");
  return [{ database, schema, table, dataSourceName, tags: { table: [], columns: [] } }];
}

function monitoredSchemas({ schemaEvolution }: V1Payload, { database, schema }: LegacyAccount): ObjectPath[] {
  if (schemaEvolution?.disabled !== false || database === undefined) return [];
  const schemas = schemaEvolution.schemas.length > 0 ? schemaEvolution.schemas : schema === undefined ? [] : [schema];
  return schemas.map((name) => [database, name]);
}

/** The owner of the data source itself, and the profile that owns what schema monitoring finds. */
function ownersOf(payload: V1Payload, tables: readonly LegacyTable[], monitored: readonly ObjectPath[]): LegacyRegistration["owners"] {
  const of = (path: ObjectPath, owner: LegacyOwner) => ({ path, owners: [owner], widened: false });
  const { owner } = payload.dataSource;
  const id = payload.schemaEvolution?.ownerProfileId;
  return [
    ...(owner === undefined
      ? []
      : tables.map(({ database, schema, table }) => of([database, schema, table], { type: "user", name: owner }))),
    ...(id === undefined ? [] : monitored.map((path) => of(path, { type: "user", id }))),
  ];
}
