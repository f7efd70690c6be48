import type { Kysely, Migration } from "kysely";

/**
 * What platforms tell of an object beside its comment, filled by the next sync that finds a change; who asked for a job;
 * the history in order of time.
 */
export const factsAndHistory: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ["owner", "platform_created_at", "platform_altered_at"]) {
      await db.schema.alterTable("object").addColumn(column, "text").execute();
    }
    await db.schema
      .alterTable("job")
      .addColumn("requested_by", "text", (column) => column.notNull().defaultTo("local administrator"))
      .execute();
    await db.schema.createIndex("job_by_time").on("job").columns(["created_at", "id"]).execute();
  },
};
