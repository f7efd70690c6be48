import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { LOCAL_ADMINISTRATOR } from "../../sdk/model/caller";
import { toPathKey } from "../../sdk/model/path-key";
import { openSqliteStore } from "../../sdk/store/sqlite/sqlite-store";
import type { IdentityStore } from "../../sdk/model/identity-store";
import type { Store } from "../../sdk/model/store";
import { account } from "../support/memory-platform";
import { register, testEngine } from "../support/engine";
import { temporaryFolder } from "../support/temporary";
import { identityStoreContract } from "./identity-store";
import { storeContract } from "./store";

const times = { createdAt: "", creator: LOCAL_ADMINISTRATOR, updatedAt: "", updater: LOCAL_ADMINISTRATOR };
const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

function open(file: string): Store & IdentityStore {
  const store = openSqliteStore(file);
  opened.push(store);
  return store;
}

const sqliteFile = async () => {
  const file = join(temporaryFolder(), "connections.db");
  return { store: open(file), reopen: () => open(file) };
};
storeContract("SQLite file", sqliteFile);
identityStoreContract("SQLite file", sqliteFile);

describe("an embedded store", () => {
  it("that is only read does not come into being", async () => {
    const folder = temporaryFolder();
    const store = open(join(folder, "store", "connections.db"));
    expect((await store.listChildren(undefined, { offset: 0, size: 10, sortOrder: "asc", searchText: undefined })).rows).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("that is only read stays as it was, byte by byte", async () => {
    const { api, storeFile, reopen } = testEngine(account({ sales: { main: ["orders"] } }));
    await register(api);
    await api.close();
    const before = readFileSync(storeFile);
    const reader = reopen();
    await reader.planSync(["warehouse"]);
    await reader.countObjects(["warehouse"]);
    await reader.close();
    expect(readFileSync(storeFile).equals(before)).toBe(true);
  });

  it("sees what another process writes after it was found empty", async () => {
    const file = join(temporaryFolder(), "connections.db");
    const early = open(file);
    expect(await early.getConnection("w")).toBeUndefined();
    const row = { connectionKey: "w", technology: "M", secretDetails: "", ...times, lastSync: null };
    await open(file).insertConnection(row, ["a"], {});
    expect(await early.getConnection("w")).toMatchObject({ connectionKey: "w" });
  });

  it("of an older version is read without being touched, and brought up to date by the first write", async () => {
    const file = join(temporaryFolder(), "connections.db");
    copyFileSync(join(__dirname, "../fixtures/state-0.1.0/connections.db"), file);
    const before = readFileSync(file);
    const reader = open(file);
    const [found] = (await reader.listChildren(undefined, { offset: 0, size: 10, sortOrder: "asc", searchText: undefined })).rows;
    expect(found).toMatchObject({ key: "warehouse", owner: null });
    await reader.close();
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(migrationsOf(file)).toHaveLength(1);

    await open(file).mergeOverrides(found!.key, { isActive: true });
    expect(migrationsOf(file).length).toBeGreaterThan(1);
  });

  it("that lacks a migration in the middle is brought up to date", async () => {
    const file = join(temporaryFolder(), "connections.db");
    await open(file).mergeOverrides(toPathKey(["w"]), { isActive: true });
    const all = migrationsOf(file);
    const raw = new Database(file);
    raw.exec("DROP TABLE staged_object; DROP TABLE staged_tag; DELETE FROM kysely_migration WHERE name = '040-stages'");
    raw.close();
    await open(file).mergeOverrides(toPathKey(["w"]), { isActive: false });
    expect(new Set(migrationsOf(file))).toEqual(new Set(all));
  });

  it("of a newer version is refused by readers and writers", async () => {
    const file = join(temporaryFolder(), "connections.db");
    await open(file).mergeOverrides(toPathKey(["w"]), { isActive: true });
    const raw = new Database(file);
    raw.exec("INSERT INTO kysely_migration VALUES ('999-later', '2030-01-01T00:00:00.000Z')");
    raw.close();
    const message = /was written by a newer version \(999-later\); update pulumi-connections/;
    await expect(open(file).getConnection("w")).rejects.toThrow(message);
    await expect(open(file).mergeOverrides(toPathKey(["w"]), { isActive: false })).rejects.toThrow(message);
  });

  it("that another process is just making reads as empty, and is read when it is there", async () => {
    const file = join(temporaryFolder(), "connections.db");
    writeFileSync(file, "");
    const early = open(file);
    expect(await early.getConnection("w")).toBeUndefined();
    const row = { connectionKey: "w", technology: "M", secretDetails: "", ...times, lastSync: null };
    await open(file).insertConnection(row, ["a"], {});
    expect(await early.getConnection("w")).toMatchObject({ connectionKey: "w" });
  });

  it("in use by another process says so, and works again afterwards", async () => {
    const file = join(temporaryFolder(), "connections.db");
    const store = open(file);
    await store.mergeOverrides("w", { isActive: true });
    const other = new Database(file);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.mergeOverrides("w", { isActive: false })).rejects.toMatchObject({
      statusCode: 503,
      message: expect.stringMatching(/connections\.db: in use by another process.*wait for it to end/) as string,
    });
    other.exec("COMMIT");
    other.close();
    await store.mergeOverrides("w", { isActive: false });
    expect(await store.getOverrides(["w"])).toEqual(new Map([["w", { isActive: false }]]));
  }, 30_000);

  it("that is no store is named, and left as it is", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "notes.txt");
    writeFileSync(file, "notes ".repeat(2_000));
    await expect(open(file).getConnection("w")).rejects.toThrow(/notes\.txt: is not a readable store; name another file/);
    await expect(open(file).mergeOverrides("w", { isActive: true })).rejects.toThrow(/is not a readable store/);
    expect(readFileSync(file, "utf8")).toBe("notes ".repeat(2_000));
    mkdirSync(join(folder, "folder"));
    await expect(open(join(folder, "folder")).mergeOverrides("w", { isActive: true })).rejects.toThrow(/cannot be opened/);
  });
});

it("holds the secrets of a connection in no byte of the store's folder", async () => {
  const { api, storeFile } = testEngine(account({ sales: { main: ["orders"] } }));
  await register(api);
  await api.close();
  const folder = join(storeFile, "..");
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  expect(bytes.some((content) => content.includes("hunter2"))).toBe(false);
});

function migrationsOf(file: string): unknown[] {
  const raw = new Database(file);
  try {
    return raw.prepare("SELECT name FROM kysely_migration").all();
  } finally {
    raw.close();
  }
}
