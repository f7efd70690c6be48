import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { openStore } from "../../sdk/store/open-store";
import type { IdentityStore } from "../../sdk/model/identity-store";
import type { Store } from "../../sdk/model/store";
import { temporaryFolder } from "./temporary";
import { TEST_POSTGRES } from "../postgres/environment";
import { newMigratedDatabase } from "./postgres/databases";
import type { PostgresParts } from "./postgres/start-server.cjs";

export { newDatabase } from "./postgres/databases";

export function testPostgres(): PostgresParts | undefined {
  const text = process.env[TEST_POSTGRES];
  return text === undefined ? undefined : (JSON.parse(text) as PostgresParts);
}

/** Where a new store may be: a file in a folder, or a database of its own, which has its tables. */
export function newStorePlace(folder = join(temporaryFolder(), "store")): string {
  const server = testPostgres();
  return server === undefined ? join(folder, "connections.db") : newMigratedDatabase(server);
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
