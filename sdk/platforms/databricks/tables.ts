import type { ObjectType } from "../../model/data-object";
import type { ObservedObject, ObservedScope } from "../../model/platform";
import { fingerprint } from "../common/fingerprint";
import type { ObservedTable } from "../common/ordered-streams";
import { CATALOG_SCHEMA } from "./catalogs";
import type { Parameters, Row } from "./driver";
import { quoteIdentifier } from "./quote";
import { textOf, timeOf } from "./rows";

export interface Query {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** Whose views are read: those of all catalogs, or the catalog's own. */
export type Source = "system" | "own";

/** The view that has the scope's rows. */
export function viewOf(source: Source, database: string, view: string): string {
  return `${source === "system" ? "system" : quoteIdentifier(database)}.${CATALOG_SCHEMA}.${view}`;
}

/** The condition of a scope; `prefix` is that of the view's columns. Every value is bound. */
export function inScope({ database, schema, table }: ObservedScope, prefix: "table" | "volume"): Query {
  const conditions = [`${prefix}_catalog = :catalog`, schema === undefined ? `${prefix}_schema <> :own` : `${prefix}_schema = :schema`];
  if (table !== undefined) conditions.push(`${prefix}_name = :table`);
  return {
    sql: conditions.join(" AND "),
    parameters: {
      catalog: database,
      ...(schema === undefined ? { own: CATALOG_SCHEMA } : { schema }),
      ...(table !== undefined && { table }),
    },
  };
}

/** Tables and views of the scope in byte order: without a collation, Databricks compares the UTF-8 text. */
export function tablesQuery(source: Source, scope: ObservedScope): Query {
  const { sql: condition, parameters } = inScope(scope, "table");
  const sql =
    `SELECT table_schema, table_name, table_type, table_owner, comment, unix_micros(created) AS created, unix_micros(last_altered) AS last_altered ` +
    `FROM ${viewOf(source, scope.database, "tables")} WHERE ${condition} ORDER BY table_schema, table_name`;
  return { sql, parameters };
}

export function schemasQuery(source: Source, { database, schema }: ObservedScope): Query {
  const condition = schema === undefined ? "schema_name <> :own" : "schema_name = :schema";
  const sql =
    `SELECT schema_name, schema_owner, comment, unix_micros(created) AS created, unix_micros(last_altered) AS last_altered ` +
    `FROM ${viewOf(source, database, "schemata")} WHERE catalog_name = :catalog AND ${condition} ORDER BY schema_name`;
  return { sql, parameters: { catalog: database, ...(schema === undefined ? { own: CATALOG_SCHEMA } : { schema }) } };
}

export function toSchema(row: Row): ObservedObject {
  const { schema_name: schema, comment, schema_owner: owner, created, last_altered: altered } = row;
  const facts = { comment: textOf(comment), owner: textOf(owner) };
  const times = { createdAt: timeOf(created), lastAlteredAt: timeOf(altered) };
  return { schema: schema as string, objectType: "schema", ...facts, ...times, fingerprint: fingerprint(facts.comment, facts.owner) };
}

/** By `table_type` (Databricks: information_schema TABLES). A shallow clone is a table like the one that it was made of. */
const TYPES: Readonly<Record<string, ObjectType>> = {
  MANAGED: "table",
  TABLE: "table",
  MANAGED_SHALLOW_CLONE: "table",
  EXTERNAL: "external table",
  EXTERNAL_SHALLOW_CLONE: "external table",
  VIEW: "view",
  METRIC_VIEW: "view",
  MATERIALIZED_VIEW: "materialized view",
  STREAMING_TABLE: "streaming table",
};

/** @returns the kind of what is no object of a connection, in words, instead: a foreign table, or what Databricks adds later. */
export function toTable(row: Row): ObservedTable | string {
  const { table_schema: schema, table_name: table, table_type: type, comment, table_owner: owner, created, last_altered: altered } = row;
  const objectType = TYPES[type as string];
  if (objectType === undefined) return type === "FOREIGN" ? "foreign table" : `object of type ${String(type)}`;
  const facts = { comment: textOf(comment), owner: textOf(owner) };
  return {
    schema: schema as string,
    table: table as string,
    objectType,
    ...facts,
    createdAt: timeOf(created),
    lastAlteredAt: timeOf(altered),
    fingerprint: fingerprint(type as string, facts.comment, facts.owner, changeMark(altered)),
  };
}

/** Differs whenever the columns may. Without a time nothing tells; then the columns are read every time. */
function changeMark(altered: unknown): string {
  return altered === null || altered === undefined ? `unknown at ${Date.now()}` : String(Number(altered));
}
