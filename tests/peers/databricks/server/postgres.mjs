// The metastore's PostgreSQL: a fresh one in a folder, with a database for each catalog.

import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, start, stop } from "./processes.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const USER = "tester";

/** @param folder an empty one. @param programs the folder of initdb and postgres. */
export async function startPostgres(folder, programs, catalogs) {
  const data = path.join(folder, "postgres");
  mkdirSync(data, { mode: 0o700 });
  // PostgreSQL refuses to run as root; Debian's package has a user for it.
  const owner = process.getuid?.() === 0 ? postgresUser() : {};
  if (owner.uid !== undefined) {
    chmodSync(folder, 0o711);
    chownSync(data, owner.uid, owner.gid);
  }
  const options = { ...owner, cwd: data };
  const port = await freePort();
  await start(path.join(programs, "initdb"), ["-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], options);
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200", "timezone=UTC"];
  const server = await start(
    path.join(programs, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { ...options, ready: /ready to accept connections/ },
  );
  const psql = (database, args) =>
    start(
      path.join(programs, "psql"),
      ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", port, "-U", USER, "-d", database, ...args],
      {
        env: { ...process.env, PGOPTIONS: "-c client_min_messages=warning" },
      },
    );
  await psql("postgres", ["-c", "CREATE DATABASE catalog_system"]);
  for (const file of ["metastore.sql", "activity.sql"]) await psql("catalog_system", ["-f", path.join(here, file)]);
  for (const catalog of catalogs) {
    await psql("postgres", ["-c", `CREATE DATABASE catalog_${catalog}`]);
    const values = { catalog, host: "127.0.0.1", port };
    const set = Object.entries(values).flatMap(([name, value]) => ["-v", `${name}=${value}`]);
    await psql(`catalog_${catalog}`, [...set, "-f", path.join(here, "catalog.sql")]);
  }
  return {
    port,
    user: USER,
    /** At once: what is connected is cut off. */
    stop: () => stop(server, "SIGINT"),
  };
}

function postgresUser() {
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
