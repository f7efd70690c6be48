import type { Kysely, Migration } from "kysely";

/** What platforms tell of an object beside its comment. Filled by the next sync that finds a change. */
export const platformFacts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ["owner", "platform_created_at", "platform_altered_at"]) {
      await db.schema.alterTable("object").addColumn(column, "text").execute();
    }
    await db.schema.createIndex("job_by_time").on("job").columns(["created_at", "id"]).execute();
  },
};
