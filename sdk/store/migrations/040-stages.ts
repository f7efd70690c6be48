import type { Kysely, Migration } from "kysely";

/**
 * Where backends without temporary tables gather what a sync will write: a row for each change, under the id of its stage, which
 * begins with the time.
 */
export const stages: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("staged_object")
      .addColumn("stage_id", "text", (column) => column.notNull())
      .addColumn("path_key", "text", (column) => column.notNull())
      .addColumn("depth", "integer", (column) => column.notNull())
      .addColumn("object_type", "text")
      .addColumn("comment", "text")
      .addColumn("owner", "text")
      .addColumn("platform_created_at", "text")
      .addColumn("platform_altered_at", "text")
      .addColumn("fingerprint", "text")
      .addColumn("columns", "text")
      .addColumn("is_active", "integer")
      .execute();
    await db.schema.createIndex("staged_object_by_stage").on("staged_object").columns(["stage_id"]).execute();
    await db.schema
      .createTable("staged_tag")
      .addColumn("stage_id", "text", (column) => column.notNull())
      .addColumn("path_key", "text", (column) => column.notNull())
      .addColumn("column_name", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("value", "text", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("staged_tag_by_stage").on("staged_tag").columns(["stage_id"]).execute();
  },
};
