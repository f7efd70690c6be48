import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { openLocal } from "../../sdk";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import { WRONG_PASSWORD, account, type MemoryPlatform } from "../support/memory-platform";
import { testEngine } from "../support/engine";
import { serve } from "../support/server";
import { temporaryFolder } from "../support/temporary";
import { connectionsApiContract } from "./connections-api";

/** The administrator of the platform, who has granted nothing on `orders` yet. */
function administrator({ lacking }: MemoryPlatform) {
  lacking.add("sales.main.orders");
  return async (statements: readonly string[]) => {
    for (const sql of statements) lacking.delete(sql.replace("GRANT SEE ON ", ""));
  };
}

connectionsApiContract("in process, on a platform in memory", async () => {
  const { api, platform } = testEngine(account({ sales: { main: ["orders", "returns"] } }));
  const connection = { technology: "Memory", account: "one", password: "hunter2-hunter2" };
  return {
    api,
    connection,
    otherConnection: { ...connection, account: "two" },
    refusedConnection: { ...connection, password: WRONG_PASSWORD },
    administer: administrator(platform),
  };
});

connectionsApiContract("over HTTP, on a platform in memory", async () => {
  const { api, platform } = testEngine(account({ sales: { main: ["orders", "returns"] } }));
  const { client } = await serve(api);
  const connection = { technology: "Memory", account: "one", password: "hunter2-hunter2" };
  return {
    api: client,
    connection,
    otherConnection: { ...connection, account: "two" },
    refusedConnection: { ...connection, password: WRONG_PASSWORD },
    administer: administrator(platform),
  };
});

const opened: ConnectionsApi[] = [];
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

connectionsApiContract("in process, on DuckDB", async () => {
  const folder = temporaryFolder();
  for (const file of ["one.duckdb", "two.duckdb"]) {
    const instance = await DuckDBInstance.create(join(folder, file));
    const connection = await instance.connect();
    await connection.run("CREATE TABLE orders (id INTEGER); CREATE TABLE returns (id INTEGER)");
    connection.closeSync();
    instance.closeSync();
  }
  const api = openLocal({ store: join(folder, "store", "connections.db"), baseDirectory: folder });
  opened.push(api);
  return {
    api,
    connection: { technology: "DuckDB", databases: { sales: "one.duckdb" } },
    otherConnection: { technology: "DuckDB", databases: { sales: "two.duckdb" } },
    refusedConnection: { technology: "DuckDB", databases: { sales: "three.duckdb" } },
  };
});
