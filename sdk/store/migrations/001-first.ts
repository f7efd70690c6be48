import type { Kysely, Migration } from "kysely";

/** Connections, their objects, columns apart from objects (comparing must not read them), overrides and jobs. */
export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("connection")
      .addColumn("connection_key", "text", (column) => column.primaryKey().notNull())
      .addColumn("technology", "text", (column) => column.notNull())
      .addColumn("secret_details", "text", (column) => column.notNull())
      .addColumn("created_at", "text", (column) => column.notNull())
      .addColumn("updated_at", "text", (column) => column.notNull())
      .addColumn("last_sync", "text")
      .execute();
    await db.schema
      .createTable("connection_identity")
      .addColumn("identity", "text", (column) => column.primaryKey().notNull())
      .addColumn("connection_key", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("object")
      .addColumn("object_id", "integer", (column) => column.primaryKey().autoIncrement())
      .addColumn("path_key", "text", (column) => column.notNull().unique())
      .addColumn("depth", "integer", (column) => column.notNull())
      .addColumn("object_type", "text", (column) => column.notNull())
      .addColumn("comment", "text")
      .addColumn("fingerprint", "text", (column) => column.notNull())
      .addColumn("missing_since", "text")
      .execute();
    await db.schema.createIndex("object_by_depth").on("object").columns(["depth", "path_key", "missing_since"]).execute();
    await db.schema
      .createTable("object_columns")
      .addColumn("path_key", "text", (column) => column.primaryKey().notNull())
      .addColumn("columns", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("override")
      .addColumn("path_key", "text", (column) => column.primaryKey().notNull())
      .addColumn("is_active", "integer")
      .addColumn("activate_new_children", "integer")
      .addColumn("data_owners", "text")
      .addColumn("infrastructure_admins", "text")
      .execute();
    await db.schema
      .createTable("job")
      .addColumn("id", "text", (column) => column.primaryKey().notNull())
      .addColumn("bulk_id", "text", (column) => column.notNull())
      .addColumn("job_type", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("connection_key", "text", (column) => column.notNull())
      .addColumn("object_path", "text", (column) => column.notNull())
      .addColumn("created_at", "text", (column) => column.notNull())
      .addColumn("ended_at", "text")
      .addColumn("heartbeat_at", "text", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("progress", "text", (column) => column.notNull())
      .addColumn("output", "text")
      .execute();
    await db.schema.createIndex("job_by_bulk").on("job").columns(["bulk_id"]).execute();
    await db.schema.createIndex("job_by_connection").on("job").columns(["connection_key", "state"]).execute();
  },
};
