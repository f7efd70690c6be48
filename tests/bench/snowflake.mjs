// The Snowflake benchmark: a first sync against reading the same rows, an unchanged one against listing the objects only, on
// a third-party server in place of an account. Statements are counted by the server.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { ensureFakesnow } from "../peers/snowflake/ensure.mjs";
import server from "../peers/snowflake/start-server.cjs";
import { cacheFolder, here, root } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";
import { ratios, spread } from "./statistics.mjs";

const COLUMNS_PER_TABLE = 10;
const TABLES_PER_SCHEMA = 100;
/** What each work is compared with, and how much longer it may take. */
const COMPARED = { first: { with: "readAll", goal: 1.3 }, resync: { with: "list", goal: 1.3 } };
const WORKS = ["readAll", "first", "list", "resync"];
const ACCOUNT = { users: { GOV_SYSTEM: { password: "correct-horse-battery-staple" } } };

export async function benchmarkSnowflake({ tables, rounds, log }) {
  const schemas = Math.ceil(tables / TABLES_PER_SCHEMA);
  const made = schemas * TABLES_PER_SCHEMA;
  log(`snowflake: fakesnow with ${made} tables`);
  const python = await ensureFakesnow({ log });
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, "snowflake-"));
  const seed = path.join(root, "tests", "peers", "snowflake", "server", "seed.py");
  const runs = Object.fromEntries(WORKS.map((work) => [work, []]));
  let running;
  try {
    await promisify(execFile)(python, ["-B", seed, folder, "BENCH", schemas, TABLES_PER_SCHEMA, COLUMNS_PER_TABLE].map(String));
    running = await server.startServer(python, { accounts: ACCOUNT, dbPath: folder });
    await measure("readAll", "");
    for (let round = 1; round <= rounds; round++) {
      for (const work of WORKS) {
        const result = await measure(work, path.join(folder, `store-${round}.db`));
        runs[work].push(result);
        log(`  round ${round} of ${rounds}: ${work} ${(result.whole / 1_000).toFixed(2)} s, ${result.statements} statements`);
      }
    }
  } finally {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return { tables: made, rounds, results: WORKS.map((work) => summary(work, runs)) };

  async function measure(work, store) {
    await running.statements();
    const output = await runProcess(process.execPath, [path.join(here, "snowflake-child.mjs"), work, String(running.port), store], {
      cwd: here,
    });
    const result = JSON.parse(output.trim().split("\n").at(-1));
    checkSeen(work, result.seen);
    return { ...result, statements: (await running.statements()).length };
  }

  /** A measurement that did not see every table is none. A sync counts the database and its schemas too. */
  function checkSeen(work, seen) {
    const least = { readAll: made * (COLUMNS_PER_TABLE + 1), list: made, first: made, resync: made }[work];
    const found = { readAll: seen.rows, list: seen.rows, first: seen.new, resync: seen.unchanged }[work];
    if (found < least || found > least + schemas + 10) throw new Error(`${work}: saw ${JSON.stringify(seen)}, expected ${least}`);
  }
}

function summary(work, runs) {
  const of = (name, one = work) => runs[one].map((run) => run[name]);
  const measured = { work, whole: spread(of("whole")), cpu: spread(of("cpu")), peakBytes: spread(of("peakBytes")) };
  const compared = COMPARED[work];
  return {
    ...measured,
    statements: Math.max(...of("statements")),
    ...(compared && { goal: compared.goal, ratio: ratios(of("whole"), of("whole", compared.with)) }),
  };
}
