import { sql } from "kysely";
import type { TagPosition, TagRow } from "../../model/activity-store";
import { descendantRange, type PathKey } from "../../model/path-key";
import type { Db } from "./database";

export async function listTags(db: Db, key: PathKey, after: TagPosition | undefined, limit: number): Promise<TagRow[]> {
  let tags = db.selectFrom("tag").selectAll().where("path_key", ">=", key).where("path_key", "<", descendantRange(key).before);
  if (after !== undefined) {
    const position = sql`(${after.key}, ${after.column ?? ""}, ${after.name}, ${after.source})`;
    tags = tags.where(sql<boolean>`(path_key, column_name, name, source) > ${position}`);
  }
  const rows = await tags.orderBy("path_key").orderBy("column_name").orderBy("name").orderBy("source").limit(limit).execute();
  return rows.map((row) => ({
    key: row.path_key,
    column: row.column_name || null,
    name: row.name,
    value: row.value,
    source: row.source,
  }));
}
