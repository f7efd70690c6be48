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
 * without their columns.
 */
export function listObjectsSql(scope: ObservedScope, columns: boolean): string {
  const inScope = [
    "database_name = $database",
    ...(scope.schema === undefined ? [] : ["schema_name = $schema"]),
    ...(scope.table === undefined ? [] : ["table_name = $table"]),
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
      SELECT schema_name, table_oid, table_name, 'table' AS object_type, comment FROM duckdb_tables() WHERE NOT internal AND ${inScope}
      UNION ALL
      SELECT schema_name, view_oid, view_name AS table_name, 'view', comment FROM duckdb_views() WHERE NOT internal AND ${inScope.replace("table_name", "view_name")}
    )
    LEFT JOIN (${columnsByTable(inScope)}) USING (schema_name, table_name)`;
  return `${scope.table === undefined ? `${schemas} UNION ALL ` : ""}${tables} ORDER BY schema_name, table_name NULLS FIRST`;
}

/** A row of `readColumnsSql`: schema, table, columns as canonical JSON. */
export type ColumnsRecord = readonly [schema: string, table: string, columns: string];

/** The columns of the tables whose `schema` and `table` are bound as two lists of equal length. */
export function readColumnsSql(): string {
  return `
    SELECT schema_name, table_name, coalesce(columns, '[]')
    FROM (${columnsByTable("database_name = $database")})
    WHERE (schema_name, table_name) IN (SELECT UNNEST(list_zip($schemas, $tables)))`;
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

/** The text is the one that `encodeColumns` makes: same fields in the same order. */
function columnsByTable(where: string): string {
  return `
    SELECT schema_name, table_name,
      to_json(list({name: column_name, type: data_type, nullable: is_nullable, position: column_index, comment: comment} ORDER BY column_index))::VARCHAR AS columns
    FROM duckdb_columns()
    WHERE ${where}
    GROUP BY schema_name, table_name`;
}
