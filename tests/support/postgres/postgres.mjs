// A PostgreSQL of the tests: a fresh one in a folder, on this machine's own address, which can be stopped hard and started again.

import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { installOnCi } from "../debian.cjs";
import { freePort, start, stop } from "../processes.mjs";

const USER = "tester";

/** Where Debian keeps the newest version, or anywhere on the path; installed by continuous integration. @returns the folder of initdb and postgres. */
export function postgresPrograms() {
  let programs = findPrograms();
  if (programs === undefined) {
    installOnCi("postgresql");
    programs = findPrograms();
  }
  if (programs === undefined) throw new Error("there is no PostgreSQL server (initdb and postgres) on this machine");
  return programs;
}

function findPrograms() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => path.join(debian, version, "bin")), ...(process.env.PATH ?? "").split(path.delimiter)];
  return folders.find((folder) => ["initdb", "postgres"].every((name) => existsSync(path.join(folder, name))));
}

/**
 * @param {string} folder an empty one
 * @param {string} programs the folder of initdb and postgres
 * @param {readonly string[]} settings beside those that every test wants, as `name=value`
 */
export async function startPostgres(folder, programs, settings = []) {
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
  const all = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200", "timezone=UTC", ...settings];
  const args = ["-D", data, "-p", String(port), ...all.flatMap((setting) => ["-c", setting])];
  const run = () => start(path.join(programs, "postgres"), args, { ...options, ready: /ready to accept connections/ });
  let server = await run();
  return {
    port,
    user: USER,
    data,
    psql: (database, more) =>
      start(
        path.join(programs, "psql"),
        ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", port, "-U", USER, "-d", database, ...more],
        { env: { ...process.env, PGOPTIONS: "-c client_min_messages=warning" } },
      ),
    /** At once: what is connected is cut off. */
    stop: () => stop(server, "SIGINT"),
    /** As a crash: nothing is written any more, and recovered at the next start. */
    crash: () => stop(server, "SIGQUIT"),
    startAgain: async () => void (server = await run()),
  };
}

function postgresUser() {
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
