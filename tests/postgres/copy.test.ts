import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Client } from "pg";
import { openLocalWithIdentity } from "../../sdk/engine/open-local";
import { copyLocal } from "../../sdk/engine/copy-local";
import { integrate, registerV1 } from "../support/legacy";
import { newDatabase, testPostgres } from "../support/store";
import { temporaryFolder } from "../support/temporary";

const key = randomBytes(32).toString("base64");
const environment = { CONNECTIONS_SECRET_KEY: key };

/** A store in a file, with a connection of its tables, a user with a key, and an id that was used and is free again. */
async function embedded(tables: number) {
  const folder = temporaryFolder();
  const instance = await DuckDBInstance.create(join(folder, "sales.duckdb"));
  const duckdb = await instance.connect();
  for (let index = 0; index < tables; index++) await duckdb.run(`CREATE TABLE "t${index} \t\\ ü" (id INTEGER)`);
  duckdb.closeSync();
  instance.closeSync();
  const file = join(folder, "store", "connections.db");
  const { engine, identity } = openLocalWithIdentity({ store: file, baseDirectory: folder });
  const connection = { technology: "DuckDB", databases: { sales: "sales.duckdb" } };
  const { bulkId } = await engine.registerConnection({ connectionKey: "w", connection, settings: { isActive: true } });
  await engine.waitForJobs(bulkId);
  await integrate(engine.legacy);
  await registerV1(engine.legacy, ["SALES.PUBLIC.ORDERS"]);
  await identity.createUser({ name: "gone", permissions: [], groups: [] });
  const { id: lastId } = await identity.createUser({ name: "anna", permissions: [], groups: [] });
  await identity.deleteUser("anna");
  await engine.close();
  const bytes = () => readdirSync(join(file, "..")).map((name) => readFileSync(join(file, "..", name)).toString("base64"));
  return { file, bytes, lastId };
}

describe("copying a store into PostgreSQL", () => {
  beforeEach(() => void (process.env["CONNECTIONS_SECRET_KEY"] = key));
  afterEach(() => void delete process.env["CONNECTIONS_SECRET_KEY"]);

  it("brings everything, with secrets under the new key and ids that go on, and leaves the file as it was", async () => {
    delete process.env["CONNECTIONS_SECRET_KEY"];
    const { file, bytes, lastId } = await embedded(5);
    process.env["CONNECTIONS_SECRET_KEY"] = key;
    const before = bytes();
    const to = newDatabase(testPostgres()!);
    const lines: string[] = [];
    await copyLocal({ from: file, to, onTable: (table, rows) => void lines.push(`${table} ${rows}`) }, environment);
    expect(lines).toContain("object 8");
    expect(bytes()).toEqual(before);

    const { engine, identity } = openLocalWithIdentity({ store: to });
    expect(await engine.getConnection("w")).toMatchObject({ connection: { technology: "DuckDB" } });
    expect(await engine.countObjects(["w"])).toMatchObject({ tables: 5, dataSources: 5 });
    const [source] = (await engine.listDataSources([], {})).hits;
    expect(source).toMatchObject({ legacy: { table: "ORDERS" }, objectPath: [] });
    const [next] = await registerV1(engine.legacy, ["SALES.PUBLIC.RETURNS"]);
    expect(next).toBeGreaterThan(source!.id);
    expect((await identity.createUser({ name: "bea", permissions: [], groups: [] })).id).toBeGreaterThan(lastId);
    const { bulkId } = await engine.crawl(["w"]);
    expect(await engine.waitForJobs(bulkId)).toMatchObject([
      { state: "completed", output: { plan: { counts: { new: 0, missing: 0, unchanged: 7 } } } },
    ]);
    await engine.close();
    await expect(copyLocal({ from: file, to }, environment)).rejects.toThrow(/holds a store already/);
  });

  it("that was cut off goes on, and one that arrived differently is told", async () => {
    delete process.env["CONNECTIONS_SECRET_KEY"];
    const { file } = await embedded(3);
    const to = newDatabase(testPostgres()!);
    const cut = () => {
      throw new Error("cut off");
    };
    await expect(copyLocal({ from: file, to, onTable: cut }, environment)).rejects.toThrow(/cut off/);
    const client = new Client(to.replace(/\?.*/, ""));
    await client.connect();
    await copyLocal({ from: file, to, onTable: (table) => (table === "object" ? cut() : undefined) }, environment).catch(() => undefined);
    await client.query("UPDATE object SET comment = 'changed'");
    await expect(copyLocal({ from: file, to }, environment)).rejects.toThrow(/object: 6 rows .* not the same ones/);
    await client.query("DELETE FROM object");
    await client.end();
    expect((await copyLocal({ from: file, to }, environment)).rows).toBeGreaterThan(10);
  });
});
