import type { Column } from "../../model/data-object";
import type { ObservedScope } from "../../model/platform";
import type { ColumnReader } from "../common/ordered-streams";
import type { Row } from "./driver";
import { quoteIdentifier } from "./quote";
import { CATALOG_SCHEMA, inScope, type Query } from "./tables";

const SELECTED =
  `TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, CHARACTER_OCTET_LENGTH, ` +
  `NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, IS_NULLABLE, COMMENT AS "COMMENT"`;

/** The columns of all tables of the scope, in the order of `tablesQuery` and of their positions. */
export function columnsQuery(scope: ObservedScope): Query {
  return query(scope.database, inScope(scope));
}

/** The columns of some tables of one schema. */
export function columnsOfTablesQuery(database: string, schema: string, tables: readonly string[]): Query {
  const names = tables.map(() => "?").join(", ");
  return query(database, { condition: `TABLE_SCHEMA = ? AND TABLE_NAME IN (${names})`, binds: [schema, ...tables] });
}

function query(database: string, { condition, binds }: { condition: string; binds: readonly string[] }): Query {
  const view = `${quoteIdentifier(database)}.${CATALOG_SCHEMA}.COLUMNS`;
  return { sql: `SELECT ${SELECTED} FROM ${view} WHERE ${condition} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`, binds };
}

type ColumnRow = readonly [
  schema: string,
  table: string,
  position: number,
  name: string,
  dataType: string,
  characters: number | null,
  bytes: number | null,
  precision: number | null,
  scale: number | null,
  timePrecision: number | null,
  isNullable: string,
  comment: string | null,
];

export const COLUMN_ROWS: ColumnReader<Row> = {
  schema: (row) => row[0] as string,
  table: (row) => row[1] as string,
  column: (row) => toColumn(row as unknown as ColumnRow),
};

function toColumn(row: ColumnRow): Column {
  return { position: row[2], name: row[3], type: nativeType(row), nullable: row[10] === "YES", comment: row[11] || null };
}

/** The type as DESCRIBE TABLE writes it: NUMBER(38,0), VARCHAR(16777216), TIMESTAMP_NTZ(9). */
function nativeType([, , , , type, characters, bytes, precision, scale, timePrecision]: ColumnRow): string {
  if (type === "TEXT") return characters === null ? "VARCHAR" : `VARCHAR(${characters})`;
  if (type === "NUMBER") return precision === null ? type : `NUMBER(${precision},${scale ?? 0})`;
  if (type === "BINARY") return bytes === null ? type : `BINARY(${bytes})`;
  if (timePrecision !== null && /^TIME/.test(type)) return `${type}(${timePrecision})`;
  return type;
}
