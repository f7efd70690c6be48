import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { openStore } from "../../sdk/store/open-store";
import type { IdentityStore } from "../../sdk/model/identity-store";
import type { Store } from "../../sdk/model/store";
import { temporaryFolder } from "./temporary";
import { TEST_POSTGRES } from "../postgres/environment";
import type { PostgresParts } from "./postgres/start-server.cjs";

export function testPostgres(): PostgresParts | undefined {
  const text = process.env[TEST_POSTGRES];
  return text === undefined ? undefined : (JSON.parse(text) as PostgresParts);
}

/** Where a new store may be: a file in a folder, or a database of its own. */
export function newStorePlace(folder = join(temporaryFolder(), "store")): string {
  const server = testPostgres();
  return server === undefined ? join(folder, "connections.db") : newDatabase(server);
}

/** @returns its address. */
export function newDatabase({ port, user, programs }: PostgresParts): string {
  const name = `store_${randomUUID().replaceAll("-", "")}`;
  const args = ["-X", "-q", "-h", "127.0.0.1", "-p", String(port), "-U", user, "-d", "postgres", "-c", `CREATE DATABASE ${name}`];
  execFileSync(join(programs, "psql"), args);
  return `postgres://${user}@127.0.0.1:${port}/${name}?pool_max=5`;
}

/** All that a store holds on disk: the files of its folder, or a dump of its database. */
export function bytesOfStore(place: string): Buffer[] {
  const server = testPostgres();
  if (server !== undefined) return [execFileSync(join(server.programs, "pg_dump"), [place.replace(/\?.*/, "")])];
  const folder = dirname(place);
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
}

export function openTestStore(place: string): Store & IdentityStore {
  return openStore(place);
}
