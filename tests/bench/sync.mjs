// The sync benchmark: a first sync, one that finds nothing new and a dry run, against reading the same rows.

import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { catalogFile, COLUMNS_PER_TABLE } from "./catalog.mjs";
import { cacheFolder, here } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";
import { ratios, spread } from "./statistics.mjs";

const GOALS = { first: 1.5, resync: 1.2, dryRun: 1.2 };
const WORKS = ["baseline", ...Object.keys(GOALS)];

/** What is made of a measurement; times in milliseconds. `workTime` is all but opening and closing the file. */
const MEASURES = {
  whole: (run) => run.whole,
  opening: (run) => run.opening,
  closing: (run) => run.closing,
  workTime: (run) => run.whole - run.opening - run.closing,
  cpu: (run) => run.cpu,
  peakBytes: (run) => run.peakBytes,
};

export async function benchmarkSync({ tables, rounds, profile, log }) {
  log(`sync: a DuckDB file of ${tables} tables`);
  const file = await catalogFile(tables, log);
  const runs = Object.fromEntries(WORKS.map((work) => [work, []]));

  // Not counted: it brings the file into the system's cache, for whichever comes first.
  await measure("baseline", { file, tables });
  for (let round = 1; round <= rounds; round++) {
    const folder = await mkdtemp(path.join(cacheFolder, "store-"));
    try {
      for (const work of WORKS) {
        const result = await measure(work, { file, tables, store: path.join(folder, "connections.db"), profile });
        runs[work].push(result);
        log(`  round ${round} of ${rounds}: ${work} ${seconds(result.whole)} s, of it work ${seconds(MEASURES.workTime(result))} s`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return summary(runs, { tables, rounds });
}

async function measure(work, { file, tables, store = "", profile }) {
  const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${path.resolve(profile, work)}`];
  const output = await runProcess(process.execPath, [...flags, path.join(here, "sync-child.mjs"), work, file, store], { cwd: here });
  const result = JSON.parse(output.trim().split("\n").at(-1));
  checkSeen(work, result.seen, tables);
  return result;
}

/** A measurement that did not see every table is none. */
function checkSeen(work, seen, tables) {
  const expected = work === "baseline" ? tables * COLUMNS_PER_TABLE : tables;
  const found = { baseline: seen.rows, first: seen.new, resync: seen.unchanged, dryRun: seen.unchanged }[work];
  // A sync counts the database and its schemas too.
  if (found < expected || found > expected + 1_000) throw new Error(`${work}: saw ${JSON.stringify(seen)}, expected ${expected}`);
}

function summary(runs, size) {
  const of = (work, measure) => runs[work].map(measure);
  const results = WORKS.map((work) => {
    const spreads = Object.fromEntries(Object.entries(MEASURES).map(([name, measure]) => [name, spread(of(work, measure))]));
    if (work === "baseline") return { work, ...spreads };
    const ratio = (name) => ratios(of(work, MEASURES[name]), of("baseline", MEASURES[name]));
    return {
      work,
      ...spreads,
      goal: GOALS[work],
      ratio: { whole: ratio("whole"), workTime: ratio("workTime"), peakBytes: ratio("peakBytes") },
    };
  });
  return { ...size, results };
}

function seconds(milliseconds) {
  return (milliseconds / 1_000).toFixed(2);
}
