import type { Kysely, Migration } from "kysely";

/** Of a store that is being copied here: from where, as a hash. Empty when it has arrived. */
export const storeCopy: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("store_copy")
      .addColumn("source", "text", (column) => column.primaryKey().notNull())
      .execute();
  },
};
