import type { CreateTableBuilder, Kysely, Migration } from "kysely";

/** Tags, lineage and statements of registered objects, and up to where each feed was read. */
export const activity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await texts(db.schema.createTable("tag"), ["path_key", "column_name", "name", "source", "value"])
      .addPrimaryKeyConstraint("tag_key", ["path_key", "column_name", "name", "source"])
      .execute();

    const edge = ["source_key", "source_column", "target_key", "target_column", "kind"] as const;
    await texts(db.schema.createTable("lineage"), [...edge, "first_seen", "last_seen"])
      .addPrimaryKeyConstraint("lineage_key", [...edge])
      .execute();
    await db.schema
      .createIndex("lineage_by_target")
      .on("lineage")
      .columns(["target_key", "target_column", "source_key", "source_column", "kind"])
      .execute();

    await texts(db.schema.createTable("query"), ["connection_key", "query_id", "started_at", "user_name", "statement_type"])
      .addColumn("role_name", "text")
      .addColumn("succeeded", "integer", (column) => column.notNull())
      .addColumn("hash", "text")
      .addPrimaryKeyConstraint("query_key", ["connection_key", "query_id"])
      .execute();
    await db.schema.createIndex("query_by_time").on("query").columns(["connection_key", "started_at"]).execute();

    await texts(db.schema.createTable("query_object"), ["path_key", "started_at", "query_id"])
      .addColumn("read_columns", "text")
      .addColumn("written_columns", "text")
      .addPrimaryKeyConstraint("query_object_key", ["path_key", "started_at", "query_id"])
      .execute();
    await db.schema.createIndex("query_object_by_query").on("query_object").columns(["query_id", "path_key"]).execute();

    await texts(db.schema.createTable("watermark"), ["connection_key", "feed", "read_until"])
      .addPrimaryKeyConstraint("watermark_key", ["connection_key", "feed"])
      .execute();
  },
};

function texts<Column extends string>(table: CreateTableBuilder<never>, columns: readonly Column[]): CreateTableBuilder<never, Column> {
  let builder: CreateTableBuilder<never, Column> = table;
  for (const name of columns) builder = builder.addColumn(name, "text", (column) => column.notNull());
  return builder;
}
