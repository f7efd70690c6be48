import type { ObservedScope } from "../../model/platform";
import type { ColumnReader } from "../common/ordered-streams";
import type { Parameters, Row } from "./driver";
import { textOf } from "./rows";
import { inScope, viewOf, type Query, type Source } from "./tables";

const SELECTED = "table_schema, table_name, column_name, full_data_type, is_nullable, comment";
const ORDER = "ORDER BY table_schema, table_name, ordinal_position";

/** The columns of all tables of the scope, in the order of `tablesQuery` and of their positions. */
export function columnsQuery(source: Source, scope: ObservedScope): Query {
  const { sql: condition, parameters } = inScope(scope, "table");
  return { sql: `SELECT ${SELECTED} FROM ${viewOf(source, scope.database, "columns")} WHERE ${condition} ${ORDER}`, parameters };
}

/** The columns of some tables of one schema. */
export function columnsOfTablesQuery(source: Source, database: string, schema: string, tables: readonly string[]): Query {
  const names: Parameters = Object.fromEntries(tables.map((table, index) => [`table${index}`, table]));
  const list = Object.keys(names)
    .map((name) => `:${name}`)
    .join(", ");
  const condition = `table_catalog = :catalog AND table_schema = :schema AND table_name IN (${list})`;
  const sql = `SELECT ${SELECTED} FROM ${viewOf(source, database, "columns")} WHERE ${condition} ${ORDER}`;
  return { sql, parameters: { catalog: database, schema, ...names } };
}

/** `ordinal_position` only orders: it counts from 1 by Databricks' documentation, from 0 by what some have seen. */
export const COLUMN_ROWS: ColumnReader<Row> = {
  schema: (row) => row["table_schema"] as string,
  table: (row) => row["table_name"] as string,
  column: (row, position) => ({
    position,
    name: row["column_name"] as string,
    type: row["full_data_type"] as string,
    nullable: row["is_nullable"] === "YES",
    comment: textOf(row["comment"]),
  }),
};
