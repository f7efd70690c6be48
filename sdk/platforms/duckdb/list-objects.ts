import type { ObservedObject, ObservedScope } from "../../model/platform";

/** A row of `listObjectsSql`. */
export type ObjectRecord = readonly [
  schema: string,
  table: string | null,
  objectType: string,
  comment: string | null,
  fingerprint: string,
  columns: string | null,
];

/**
 * Schemas, tables and views of the attached database in byte order. DuckDB itself makes one JSON text and one hash of a
 * table's columns, so that a hundred thousand rows cross into JavaScript instead of a million, and the unchanged ones
 * without their columns. Objects and columns meet in a GROUP BY rather than in a join, which would read one list after
 * the other instead of both at once.
 */
export function listObjectsSql(scope: ObservedScope, columns: boolean): string {
  const inScope = (tableName: string) =>
    [
      "NOT internal",
      "database_name = $database",
      ...(scope.schema === undefined ? [] : ["schema_name = $schema"]),
      ...(scope.table === undefined ? [] : [`${tableName} = $table`]),
    ].join(" AND ");
  const schemas = `
    SELECT schema_name, NULL AS table_name, 'schema' AS object_type, comment, md5(coalesce(comment, '')) AS fingerprint, NULL AS columns
    FROM duckdb_schemas()
    WHERE database_name = $database AND (NOT internal OR schema_name = 'main')${scope.schema === undefined ? "" : " AND schema_name = $schema"}`;
  const tables = `
    SELECT schema_name, table_name, object_type, comment,
      md5(object_type || chr(1) || coalesce(comment, '') || chr(1) || coalesce(columns, '')) AS fingerprint,
      ${columns ? "columns" : "NULL AS columns"}
    FROM (
      SELECT max(schema_name) AS schema_name, max(table_name) AS table_name, max(object_type) AS object_type, max(comment) AS comment,
        ${columnsText(`list(column_part) FILTER (column_part IS NOT NULL)`)} AS columns
      FROM (
        SELECT table_oid, schema_name, table_name, 'table' AS object_type, comment, NULL AS column_part
        FROM duckdb_tables() WHERE ${inScope("table_name")}
        UNION ALL
        SELECT view_oid, schema_name, view_name, 'view', comment, NULL FROM duckdb_views() WHERE ${inScope("view_name")}
        UNION ALL
        SELECT table_oid, NULL, NULL, NULL, NULL, ${COLUMN} FROM duckdb_columns() WHERE ${inScope("table_name")}
      )
      GROUP BY table_oid
      HAVING max(object_type) IS NOT NULL
    )`;
  return `${scope.table === undefined ? `${schemas} UNION ALL ` : ""}${tables} ORDER BY schema_name, table_name NULLS FIRST`;
}

/** A row of `readColumnsSql`: schema, table, columns as canonical JSON. */
export type ColumnsRecord = readonly [schema: string, table: string, columns: string];

/** The columns of the tables whose `schema` and `table` are bound as two lists of equal length. */
export function readColumnsSql(): string {
  return `
    SELECT schema_name, table_name, ${columnsText(`list(${COLUMN})`)}
    FROM duckdb_columns()
    WHERE database_name = $database AND (schema_name, table_name) IN (SELECT UNNEST(list_zip($schemas, $tables)))
    GROUP BY schema_name, table_name`;
}

export function toObservedObject([schema, table, objectType, comment, fingerprint, columns]: ObjectRecord): ObservedObject {
  return {
    schema,
    ...(table !== null && { table }),
    objectType: objectType as ObservedObject["objectType"],
    comment,
    fingerprint,
    ...(table !== null && columns !== null && { columns }),
  };
}

/** `position` first: it is what the list is sorted by, which is cheaper than gathering it in order. */
const COLUMN = "{position: column_index, name: column_name, type: data_type, nullable: is_nullable, comment: comment}";

/** The text is the one that `encodeColumns` makes: same fields in the same order. */
function columnsText(list: string): string {
  return `to_json(list_sort(${list}))::VARCHAR`;
}
