import type { Kysely, Migration } from "kysely";

/** Who changed settings, and what syncs of whole connections left. Both start empty: nobody wrote it down before. */
export const browsing: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("settings_log")
      .addColumn("path_key", "text", (column) => column.notNull())
      .addColumn("changed_at", "text", (column) => column.notNull())
      .addColumn("change_id", "text", (column) => column.notNull())
      .addColumn("changed_by", "text", (column) => column.notNull())
      .addColumn("settings", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("settings_log_key", ["path_key", "changed_at", "change_id"])
      .execute();
    await db.schema
      .createTable("sync_record")
      .addColumn("connection_key", "text", (column) => column.notNull())
      .addColumn("ended_at", "text", (column) => column.notNull())
      .addColumn("record", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("sync_record_key", ["connection_key", "ended_at"])
      .execute();
  },
};
