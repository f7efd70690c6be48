import type { Kysely, Migration } from "kysely";

/** Who registered a connection and who changed it last; until now nobody but the local administrator could. */
export const creators: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const localAdministrator = JSON.stringify({ id: 0, name: "local administrator", email: null });
    for (const column of ["creator", "updater"]) {
      await db.schema
        .alterTable("connection")
        .addColumn(column, "text", (definition) => definition.notNull().defaultTo(localAdministrator))
        .execute();
    }
  },
};
