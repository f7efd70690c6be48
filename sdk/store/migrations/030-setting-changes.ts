import type { Kysely, Migration } from "kysely";

/** Who last changed a setting of an object, and when. */
export const settingChanges: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("setting_change")
      .addColumn("path_key", "text", (column) => column.notNull())
      .addColumn("setting", "text", (column) => column.notNull())
      .addColumn("changed_at", "text", (column) => column.notNull())
      .addColumn("changed_by", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("setting_change_key", ["path_key", "setting"])
      .execute();
  },
};
