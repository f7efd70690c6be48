import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { migrate } from "../../../sdk/store/migrate";
import { parsePostgresAddress } from "../../../sdk/store/postgres/address";
import { connect } from "../../../sdk/store/postgres/connect";
import { openGraphileQueue } from "../../../sdk/store/postgres/graphile-queue";
import type { PostgresParts } from "./start-server.cjs";

const TEMPLATE = "store_template";

/** Without tables. @returns its address. */
export function newDatabase(server: PostgresParts): string {
  return createDatabase(server, newName());
}

/** As an empty store. @returns its address. */
export function newMigratedDatabase(server: PostgresParts): string {
  return createDatabase(server, newName(), TEMPLATE);
}

function createDatabase({ port, user, programs }: PostgresParts, name: string, template = "template0"): string {
  const statement = `CREATE DATABASE ${name} TEMPLATE ${template}`;
  const args = ["-X", "-q", "-h", "127.0.0.1", "-p", String(port), "-U", user, "-d", "postgres", "-c", statement];
  execFileSync(join(programs, "psql"), args);
  return `postgres://${user}@127.0.0.1:${port}/${name}?pool_max=5`;
}

function newName(): string {
  return `store_${randomUUID().replaceAll("-", "")}`;
}

/** Makes a database with the tables of an empty store, which tests copy: sooner done than migrations for each of them. */
export async function makeTemplate(server: PostgresParts): Promise<void> {
  const address = createDatabase(server, TEMPLATE);
  const { db, close } = await connect(parsePostgresAddress(address));
  await migrate(db, TEMPLATE);
  await close();
  const queue = openGraphileQueue(address, { databasesAtOnce: 1, onError: console.error });
  await queue.sizes();
  await queue.close();
}
