import { sql, type Kysely, type Migration } from "kysely";

/** Hosts of the time before connections, with their integrations, data sources and what is monitored. */
export const legacy: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("legacy_host")
      .addColumn("host_key", "text", (column) => column.primaryKey().notNull())
      .addColumn("technology", "text", (column) => column.notNull())
      .addColumn("hostname", "text", (column) => column.notNull())
      .addColumn("port", "integer", (column) => column.notNull())
      .addColumn("connection_key", "text", (column) => column.unique())
      .addColumn("is_upgraded", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable("legacy_integration")
      .addColumn("integration_id", "integer", (column) => column.primaryKey().autoIncrement())
      .addColumn("host_key", "text", (column) => column.notNull().unique())
      .addColumn("type", "text", (column) => column.notNull())
      .addColumn("is_enabled", "integer", (column) => column.notNull())
      .addColumn("secret_config", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("legacy_registration")
      .addColumn("registration_id", "integer", (column) => column.primaryKey().autoIncrement())
      .addColumn("host_key", "text", (column) => column.notNull())
      .addColumn("collection", "text")
      .addColumn("secret_payload", "text", (column) => column.notNull())
      .addColumn("created_at", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("legacy_source")
      .addColumn("source_id", "integer", (column) => column.primaryKey().notNull())
      .addColumn("host_key", "text", (column) => column.notNull())
      .addColumn("registration_id", "integer", (column) => column.notNull())
      .addColumn("collection", "text")
      .addColumn("place_key", "text", (column) => column.notNull().unique())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("is_enabled", "integer", (column) => column.notNull())
      .addColumn("tags", "text", (column) => column.notNull())
      .addColumn("owners", "text", (column) => column.notNull())
      .addColumn("policies", "text", (column) => column.notNull())
      .addColumn("upgraded_to", "text")
      .addColumn("reason", "text")
      .execute();
    // What a data source was called before its upgrade is free again.
    await db.schema
      .createIndex("legacy_source_by_name")
      .unique()
      .on("legacy_source")
      .columns(["name"])
      .where(sql.ref("upgraded_to"), "is", null)
      .execute();
    await db.schema.createIndex("legacy_source_by_host").on("legacy_source").columns(["host_key", "place_key"]).execute();
    await db.schema.createIndex("legacy_source_by_object").on("legacy_source").columns(["upgraded_to"]).execute();
    await db.schema.createIndex("legacy_source_by_registration").on("legacy_source").columns(["registration_id"]).execute();
    await db.schema
      .createTable("legacy_monitored")
      .addColumn("host_key", "text", (column) => column.notNull())
      .addColumn("container_key", "text", (column) => column.notNull())
      .addColumn("collection", "text")
      .addColumn("is_applied", "integer", (column) => column.notNull().defaultTo(0))
      .addPrimaryKeyConstraint("legacy_monitored_key", ["host_key", "container_key"])
      .execute();
  },
};
