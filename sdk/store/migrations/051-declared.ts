import type { Kysely, Migration } from "kysely";

/** What Pulumi programs declared of settings. Starts empty: nobody wrote it down before. `value` is JSON. */
export const declared: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("declared_setting")
      .addColumn("path_key", "text", (column) => column.notNull())
      .addColumn("setting", "text", (column) => column.notNull())
      .addColumn("value", "text", (column) => column.notNull())
      .addColumn("declared_at", "text", (column) => column.notNull())
      .addColumn("declared_by", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("declared_setting_key", ["path_key", "setting"])
      .execute();
  },
};
