import type { ObservedTag } from "../../../model/activity";
import { CATALOG_SCHEMA } from "../catalogs";
import type { Row } from "../driver";
import { quoteIdentifier } from "../quote";

/** The names that a tag of each kind hangs on; the views are called after it (Databricks: information schema). */
const VIEWS = [
  ["catalog_tags", ["catalog_name"]],
  ["schema_tags", ["catalog_name", "schema_name"]],
  ["table_tags", ["catalog_name", "schema_name", "table_name"]],
  ["column_tags", ["catalog_name", "schema_name", "table_name", "column_name"]],
] as const;
const NAMES = VIEWS[3][1];

/** All tags, as the views of one catalog have them: `system` has those of all. */
export function tagsQuery(catalog: string): string {
  const parts = VIEWS.map(([view, own]) => {
    const names = NAMES.map((name) => (own.some((one) => one === name) ? name : `CAST(NULL AS STRING) AS ${name}`));
    return `SELECT ${names.join(", ")}, tag_name, tag_value FROM ${quoteIdentifier(catalog)}.${CATALOG_SCHEMA}.${view}`;
  });
  return parts.join(" UNION ALL ");
}

export function toTag(row: Row): ObservedTag {
  const [database, schema, table, column] = NAMES.map((name) => row[name] as string | null);
  return {
    database: database!,
    ...(schema && { schema }),
    ...(table && { table }),
    ...(column && { column }),
    name: row["tag_name"] as string,
    value: (row["tag_value"] as string | null) ?? "",
  };
}
