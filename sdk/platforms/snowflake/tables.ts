import type { ObjectType } from "../../model/data-object";
import type { ObservedScope } from "../../model/platform";
import { fingerprint } from "../common/fingerprint";
import type { ObservedTable } from "../common/ordered-streams";
import type { Row } from "./driver";
import { quoteIdentifier } from "./quote";

/** The schema of the catalog views themselves, in every database. */
export const CATALOG_SCHEMA = "INFORMATION_SCHEMA";

export interface Query {
  readonly sql: string;
  readonly binds: readonly string[];
}

/**
 * Tables and views of the scope in byte order: without a collation, Snowflake compares the UTF-8 text. No function stands
 * in a condition, which INFORMATION_SCHEMA answers slowly. Times come as numbers: the driver makes them dates at a price.
 */
export function tablesQuery(scope: ObservedScope): Query {
  const { condition, binds } = inScope(scope);
  return {
    sql:
      `SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, IS_DYNAMIC, IS_ICEBERG, IS_TEMPORARY, TABLE_OWNER, COMMENT AS "COMMENT", ` +
      `DATE_PART(EPOCH_MILLISECOND, CREATED), DATE_PART(EPOCH_MILLISECOND, LAST_DDL), DATE_PART(EPOCH_MILLISECOND, LAST_ALTERED) ` +
      `FROM ${quoteIdentifier(scope.database)}.${CATALOG_SCHEMA}.TABLES WHERE ${condition} ORDER BY TABLE_SCHEMA, TABLE_NAME`,
    binds,
  };
}

/** The condition of a scope on TABLES or COLUMNS. */
export function inScope({ schema, table }: ObservedScope): { condition: string; binds: string[] } {
  if (schema === undefined) return { condition: "TABLE_SCHEMA <> ?", binds: [CATALOG_SCHEMA] };
  if (table === undefined) return { condition: "TABLE_SCHEMA = ?", binds: [schema] };
  return { condition: "TABLE_SCHEMA = ? AND TABLE_NAME = ?", binds: [schema, table] };
}

type TableRow = readonly [
  schema: string,
  table: string,
  tableType: string,
  isDynamic: string | null,
  isIceberg: string | null,
  isTemporary: string | null,
  owner: string | null,
  comment: string | null,
  created: number | null,
  lastDdl: number | null,
  lastAltered: number | null,
];

/** @returns undefined for a temporary table: it lives in one session only, and may hide a lasting table of its name. */
export function toTable(row: Row): ObservedTable | undefined {
  const [schema, table, tableType, isDynamic, isIceberg, isTemporary, owner, comment, created, lastDdl, lastAltered] =
    row as unknown as TableRow;
  if (isTemporary === "YES" || /TEMPORARY/.test(tableType)) return undefined;
  const objectType = typeOf(tableType, isDynamic === "YES", isIceberg === "YES");
  const facts = { comment: comment || null, owner: owner || null };
  return {
    schema,
    table,
    objectType,
    ...facts,
    createdAt: timeOf(created),
    lastAlteredAt: timeOf(lastDdl ?? lastAltered),
    fingerprint: fingerprint(objectType, facts.comment, facts.owner, changeMark(objectType, lastDdl, lastAltered)),
  };
}

/**
 * Differs whenever the columns may. An Iceberg table's may change without a statement, by its outer catalog, which
 * LAST_ALTERED tells. Without either time nothing tells; then the columns are read every time.
 */
function changeMark(objectType: ObjectType, lastDdl: number | null, lastAltered: number | null): string {
  if (lastDdl === null && lastAltered === null) return `unknown at ${Date.now()}`;
  return `${lastDdl ?? lastAltered}${objectType === "iceberg table" ? `, ${lastAltered}` : ""}`;
}

/** A dynamic table keeps its rows as an Iceberg table or not: what it is made by says more. */
function typeOf(tableType: string, isDynamic: boolean, isIceberg: boolean): ObjectType {
  switch (tableType) {
    case "VIEW":
      return "view";
    case "MATERIALIZED VIEW":
      return "materialized view";
    case "EXTERNAL TABLE":
      return "external table";
    case "EVENT TABLE":
      return "event table";
    default:
      return isDynamic ? "dynamic table" : isIceberg ? "iceberg table" : "table";
  }
}

function timeOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(Number(milliseconds)).toISOString();
}
