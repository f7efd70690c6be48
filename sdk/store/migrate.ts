import { Migrator, sql, type Kysely } from "kysely";
import { StoreError } from "../model/errors";
import { migrations } from "./migrations";
import type { StoreSchema } from "./schema";

/** Where the queue of a store on PostgreSQL keeps its tables. */
export const QUEUE_SCHEMA = "connections_queue";

/**
 * Brings an open database to the newest schema.
 * @throws StoreError as `schemaVersion` does.
 */
export async function migrate(db: Kysely<StoreSchema>, name: string): Promise<void> {
  if ((await schemaVersion(db, name)) === "current") return;
  // Numbers are given out in ranges, so that one may come after another that stores have already. None builds on another range's.
  const migrator = new Migrator({
    ...{ db, provider: { getMigrations: async () => ({ ...migrations }) } },
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
}

export type SchemaVersion = "empty" | "older" | "current";

/**
 * For readers, who must not migrate. "empty" is a database without tables, also one that another process is just making.
 * @throws StoreError when it was written by a newer version, or is no store.
 */
export async function schemaVersion(db: Kysely<StoreSchema>, name: string): Promise<SchemaVersion> {
  const all = await db.introspection.getTables({ withInternalKyselyTables: true });
  // Beside a store on PostgreSQL, its queue has tables in a schema of its own.
  const tables = all.filter(({ schema }) => schema !== QUEUE_SCHEMA).map((table) => table.name);
  if (tables.every((table) => table.startsWith("kysely_"))) return "empty";
  if (!tables.includes("kysely_migration")) {
    throw new StoreError(`store ${name} holds tables that are not of a store; name another one`);
  }
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db);
  const executed = new Set(rows.map((row) => row.name));
  const unknown = [...executed].filter((migration) => !(migration in migrations));
  if (unknown.length > 0) throw newer(name, unknown);
  return executed.size === Object.keys(migrations).length ? "current" : "older";
}

function newer(name: string, unknown: readonly string[]): StoreError {
  return new StoreError(`store ${name} was written by a newer version (${unknown.join(", ")}); update pulumi-connections`);
}
