import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { temporaryFolder } from "../../../tests/support/temporary";
import type { PlatformSession } from "../../model/platform";
import { openDuckdb } from "./session";

/** More than the driver hands over at once. */
const TABLES = 5_000;

let session: PlatformSession;

beforeAll(async () => {
  const file = join(temporaryFolder(), "sales.duckdb");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const tables = Array.from({ length: TABLES }, (_, index) => `CREATE TABLE t${index} (id INTEGER)`);
  await connection.run(`BEGIN; ${tables.join(";")}; COMMIT`);
  connection.closeSync();
  instance.closeSync();
  session = await openDuckdb({ technology: "DuckDB", databases: { sales: file } });
});
afterAll(() => session.close());

it("lists every object while the columns of some are read", async () => {
  let listed = 0;
  for await (const batch of session.streamObjects({ database: "sales" }, { columns: false })) {
    listed += batch.length;
    const columns = await session.readColumns("sales", [{ schema: "main", table: "t1" }]);
    expect(columns).toEqual([{ schema: "main", table: "t1", columns: expect.stringMatching(/"id"/) as string }]);
  }
  expect(listed).toBe(TABLES + 1);
});

it("stops a statement when it is told to, and can be used again", async () => {
  const stop = new AbortController();
  const stream = session.streamObjects({ database: "sales" }, { columns: true, signal: stop.signal })[Symbol.asyncIterator]();
  const first = stream.next();
  stop.abort();
  await expect(first).rejects.toMatchObject({ name: "AbortError" });
  expect(await session.readColumns("sales", [{ schema: "main", table: "t1" }])).toHaveLength(1);
});
