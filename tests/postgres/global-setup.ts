import { ensureBuilt } from "../support/build";
import { makeTemplate } from "../support/postgres/databases";
import { startPostgres } from "../support/postgres/start-server.cjs";
import { POSTGRES_SERVER, STARTED_POSTGRES, type WithPostgres } from "./environment";

/** Builds the package and starts a PostgreSQL; without one, tests are skipped with a loud line, or fail where nobody reads it. */
export default async function globalSetup(): Promise<void> {
  await ensureBuilt();
  try {
    const server = await startPostgres();
    (globalThis as WithPostgres)[STARTED_POSTGRES] = server;
    await makeTemplate(server.parts);
    process.env[POSTGRES_SERVER] = JSON.stringify(server.parts);
  } catch (error) {
    const reason = String(error).trim().replaceAll("\n", " ");
    if (process.env["CI"]) throw new Error(`tests of the store in PostgreSQL need PostgreSQL: ${reason}`);
    delete process.env[POSTGRES_SERVER];
    console.error(`\n!!! TESTS OF THE STORE IN POSTGRESQL SKIPPED: ${reason} !!!\n`);
  }
}
