import { writeFile } from "node:fs/promises";
import path from "node:path";
import { startBridge } from "../peers/databricks/bridge.cjs";
import { ensureSpark } from "../peers/databricks/ensure.mjs";
import server from "../peers/databricks/start-server.cjs";
import { COLUMNS_PER_TABLE, benchmarkPlatform } from "./platform.mjs";
import { runProcess } from "./run-process.mjs";

export function benchmarkDatabricks({ tables, rounds, log }) {
  return benchmarkPlatform({ name: "databricks", child: "databricks-child.mjs", tables, rounds, log, start });

  async function start({ folder, tables: made }) {
    const { address } = await server.startServer(JSON.stringify(await ensureSpark({ log })));
    log("  Spark's Thrift server starts, usually half a minute");
    const { parts, giveBack } = await server.takeServer(address);
    const { port, user, programs } = parts.postgres;
    const sql = `SELECT metastore.put_many('bench', ${made}, ${COLUMNS_PER_TABLE})`;
    await runProcess(
      path.join(programs, "psql"),
      ["-X", "-q", "-h", "127.0.0.1", "-p", port, "-U", user, "-d", "catalog_system", "-c", sql].map(String),
    );
    const bridge = await startBridge(parts);
    const target = path.join(folder, "connection.json");
    const connection = { technology: "Databricks", hostname: "127.0.0.1", port: bridge.port, httpPath: bridge.httpPath };
    const credentials = { certificateAuthority: parts.authority, authenticationType: "token", token: "dapi-good" };
    await writeFile(target, JSON.stringify({ ...connection, ...credentials }));
    return {
      target,
      async statements() {
        const sent = bridge.sent.splice(0);
        return sent.filter(({ method }) => method === "ExecuteStatement").length;
      },
      async stop() {
        await bridge.stop();
        giveBack();
        await server.stopServer();
      },
    };
  }
}
