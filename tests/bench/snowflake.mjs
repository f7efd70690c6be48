import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { ensureFakesnow } from "../peers/snowflake/ensure.mjs";
import server from "../peers/snowflake/start-server.cjs";
import { root } from "./paths.mjs";
import { COLUMNS_PER_TABLE, TABLES_PER_SCHEMA, benchmarkPlatform } from "./platform.mjs";

const ACCOUNT = { users: { GOV_SYSTEM: { password: "correct-horse-battery-staple" } } };

export function benchmarkSnowflake({ tables, rounds, log }) {
  return benchmarkPlatform({ name: "snowflake", child: "snowflake-child.mjs", tables, rounds, log, start });

  async function start({ folder, schemas }) {
    const python = await ensureFakesnow({ log });
    const seed = path.join(root, "tests", "peers", "snowflake", "server", "seed.py");
    await promisify(execFile)(python, ["-B", seed, folder, "BENCH", schemas, TABLES_PER_SCHEMA, COLUMNS_PER_TABLE].map(String));
    const running = await server.startServer(python, { accounts: ACCOUNT, dbPath: folder });
    return { target: String(running.port), statements: async () => (await running.statements()).length, stop: running.stop };
  }
}
