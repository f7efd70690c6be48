import type { Kysely, Migration } from "kysely";

/** A sync's databases, which any server takes on, with what came of each; and the servers that give signs of life. */
export const spread: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("sync_part")
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("path_key", "text", (column) => column.notNull())
      .addColumn("details", "text", (column) => column.notNull())
      .addColumn("objects", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("outcome", "text")
      .addPrimaryKeyConstraint("sync_part_key", ["job_id", "path_key"])
      .execute();
    await db.schema
      .createTable("server")
      .addColumn("server_id", "text", (column) => column.primaryKey().notNull())
      .addColumn("beat", "integer", (column) => column.notNull())
      .addColumn("workers", "text", (column) => column.notNull())
      .execute();
  },
};
