import { Migrator, type Kysely } from "kysely";
import { StoreError } from "../model/errors";
import { migrations } from "./migrations";
import type { StoreSchema } from "./schema";

/** Brings an open database to the newest schema. */
export async function migrate(db: Kysely<StoreSchema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
}

/**
 * Refuses a database of another schema version; for readers, who must not migrate. False for one that has no tables yet,
 * because another process is just making it.
 */
export async function checkVersion(db: Kysely<StoreSchema>, name: string): Promise<boolean> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.every((table) => table.name.startsWith("kysely_"))) return false;
  const executed = tables.some((table) => table.name === "kysely_migration")
    ? await new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } }).getMigrations()
    : [];
  if (executed.length === 0 || executed.some((migration) => migration.executedAt === undefined)) {
    throw new StoreError(
      `store ${name} was not written by this version and needs to be brought up to date first; ` +
        "any command that writes (`connections sync`, `pulumi up`) does that",
    );
  }
  return true;
}
