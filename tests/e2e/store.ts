import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { openLocal, type ConnectionsApi, type DataObject } from "../../sdk";
import type { Project } from "./project";

/** Every file of a folder with a hash of its bytes: equal before and after something that wrote nothing. */
export function hashes(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesOf(folder)
      // Readers too make SQLite's shared memory, and an empty log.
      .filter((name) => !name.endsWith("-shm") && !(name.endsWith("-wal") && statSync(join(folder, name)).size === 0))
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
  );
}

const OF_CALLERS = ["identity_user", "identity_group", "identity_member", "api_key"];

/** Everything that is registered, row by row, as `hashes` for a store in which a server notes who called. */
export function rows(storeFile: string): Readonly<Record<string, unknown[]>> {
  if (!existsSync(storeFile)) return {};
  const database = new Database(storeFile);
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    const own = tables.filter(({ name }) => !OF_CALLERS.includes(name));
    return Object.fromEntries(own.map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]));
  } finally {
    database.close();
  }
}

export function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** What is registered: `active`, `inactive` or `missing` by object path, with a `*` where it is set on the object itself. */
export async function registered(project: Project): Promise<Readonly<Record<string, string>>> {
  const text = await project.connections("objects", "--recursive", "--json");
  const objects = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as DataObject);
  return Object.fromEntries(
    objects.map(({ objectPath, state, overrides, missingSince }) => [
      objectPath.join("/"),
      (missingSince === null ? state : "missing") + (overrides.isActive === undefined ? "" : "*"),
    ]),
  );
}

/** Does something behind Pulumi's back. */
export async function outside<T>(project: Project, work: (api: ConnectionsApi) => Promise<T>): Promise<T> {
  const api = openLocal({ store: project.storeFile, baseDirectory: project.folder });
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}
