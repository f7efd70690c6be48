import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { temporaryFolder } from "../../tests/support/temporary";
import { openLocal, rotateSecretKey } from "./open-local";
import { createSecretBox, type SecretBox } from "./secret-box";
import { secretKeys } from "./secret-keys";

const boxOf = (file: string, environment: NodeJS.ProcessEnv = {}): SecretBox =>
  createSecretBox((forSealing) => secretKeys(file, environment).load(forSealing));
const base64 = (byte: number): string => Buffer.alloc(32, byte).toString("base64");

it("seals differently each time, with a key file for its owner only that is made when first needed", () => {
  const file = join(temporaryFolder(), "store.key");
  const box = boxOf(file);
  expect(existsSync(file)).toBe(false);
  const sealed = box.seal("hunter2");
  expect(sealed).not.toContain("hunter2");
  expect(box.seal("hunter2")).not.toBe(sealed);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(boxOf(file).open(sealed)).toBe("hunter2");
});

it("refuses what was sealed with another key, or changed, and says what to do", () => {
  const folder = temporaryFolder();
  const sealed = boxOf(join(folder, "a.key")).seal("x");
  expect(() => boxOf("", { CONNECTIONS_SECRET_KEY: base64(1) }).open(sealed)).toThrow(
    /encrypted with another key; set CONNECTIONS_SECRET_KEY/,
  );
  expect(() => boxOf(join(folder, "gone.key")).open(sealed)).toThrow(/gone\.key is gone; restore it/);
  expect(() => boxOf("", { CONNECTIONS_SECRET_KEY: "short" }).seal("x")).toThrow(/CONNECTIONS_SECRET_KEY: expected 32 bytes in base64/);
  const changed = sealed.slice(0, -6) + (sealed.endsWith("AAAA==") ? "BBBB==" : "AAAA==");
  expect(() => boxOf(join(folder, "a.key")).open(changed)).toThrow(/were changed outside/);
});

it("finds a key that another process put in place meanwhile", () => {
  const file = join(temporaryFolder(), "store.key");
  const early = boxOf(file);
  const old = early.seal("old");
  const keys = secretKeys(file, {});
  keys.add();
  const fresh = boxOf(file).seal("new");
  expect([early.open(old), early.open(fresh)]).toEqual(["old", "new"]);
});

describe("rotating the key", () => {
  async function store() {
    const folder = temporaryFolder();
    const instance = await DuckDBInstance.create(join(folder, "sales.duckdb"));
    instance.closeSync();
    const file = join(folder, "store", "connections.db");
    const api = openLocal({ store: file, baseDirectory: folder });
    const connection = { technology: "DuckDB", databases: { sales: "sales.duckdb" } };
    const { bulkId } = await api.registerConnection({ connectionKey: "w", connection });
    await api.waitForJobs(bulkId);
    await api.close();
    const read = async () => {
      const again = openLocal({ store: file });
      const { connection: found } = await again.getConnection("w");
      await again.close();
      return found.technology;
    };
    return { file, read };
  }

  it("leaves the secrets readable with the new key only", async () => {
    const { file, read } = await store();
    const before = readFileSync(`${file}.key`, "utf8");
    expect(await rotateSecretKey(file, {})).toBe(1);
    const after = readFileSync(`${file}.key`, "utf8");
    expect(after.trim().split("\n")).toHaveLength(1);
    expect(after).not.toBe(before);
    expect(await read()).toBe("DuckDB");
    writeFileSync(`${file}.key`, before);
    await expect(read()).rejects.toThrow(/encrypted with another key/);
  });

  it("can be interrupted after each step, and done again", async () => {
    const { file, read } = await store();
    secretKeys(`${file}.key`, {}).add();
    expect(await read()).toBe("DuckDB");
    await rotateSecretKey(file, {});
    expect(await read()).toBe("DuckDB");
  });

  it("of the environment needs both keys", async () => {
    const { file } = await store();
    await expect(rotateSecretKey(file, { CONNECTIONS_SECRET_KEY: base64(1) })).rejects.toThrow(
      /CONNECTIONS_SECRET_KEY_PREVIOUS: is not set/,
    );
    const old = readFileSync(`${file}.key`, "utf8").trim();
    expect(await rotateSecretKey(file, { CONNECTIONS_SECRET_KEY: base64(1), CONNECTIONS_SECRET_KEY_PREVIOUS: old })).toBe(1);
    await expect(rotateSecretKey(join(file, "nowhere.db"), {})).rejects.toThrow(/does not exist/);
  });
});
