// The metastore's PostgreSQL, with a database for each catalog.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres as startServer } from "../../../support/postgres/postgres.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

/** @param folder an empty one. @param programs the folder of initdb and postgres. */
export async function startPostgres(folder, programs, catalogs) {
  const server = await startServer(folder, programs);
  const { port, psql } = server;
  await psql("postgres", ["-c", "CREATE DATABASE catalog_system"]);
  for (const file of ["metastore.sql", "activity.sql"]) await psql("catalog_system", ["-f", path.join(here, file)]);
  for (const catalog of catalogs) {
    await psql("postgres", ["-c", `CREATE DATABASE catalog_${catalog}`]);
    const values = { catalog, host: "127.0.0.1", port };
    const set = Object.entries(values).flatMap(([name, value]) => ["-v", `${name}=${value}`]);
    await psql(`catalog_${catalog}`, [...set, "-f", path.join(here, "catalog.sql")]);
  }
  return server;
}
