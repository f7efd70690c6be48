// The benchmark of a platform on a third-party server in place of an account: a first sync against reading the same rows, an unchanged
// one against listing the objects only. Statements are counted by the server.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { cacheFolder, here } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";
import { ratios, spread } from "./statistics.mjs";

export const COLUMNS_PER_TABLE = 10;
export const TABLES_PER_SCHEMA = 100;
/** What each work is compared with, and how much longer it may take. */
const COMPARED = { first: { with: "readAll", goal: 1.3 }, resync: { with: "list", goal: 1.3 } };
const WORKS = ["readAll", "first", "list", "resync"];

/**
 * @param child the script that does one work in a process of its own: node CHILD WORK TARGET STORE
 * @param start makes the server with its tables in a folder of its own; answers its `target`, `statements` (how many since it was last
 *   asked) and `stop`
 */
export async function benchmarkPlatform({ name, child, tables, rounds, log, start }) {
  const schemas = Math.ceil(tables / TABLES_PER_SCHEMA);
  const made = schemas * TABLES_PER_SCHEMA;
  log(`${name}: a server with ${made} tables`);
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, `${name}-`));
  const runs = Object.fromEntries(WORKS.map((work) => [work, []]));
  let running;
  try {
    running = await start({ folder, schemas, tables: made });
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
    const output = await runProcess(process.execPath, [path.join(here, child), work, running.target, store], { cwd: here });
    const result = JSON.parse(output.trim().split("\n").at(-1));
    checkSeen(work, result.seen);
    return { ...result, statements: await running.statements() };
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
