// The engine benchmark: syncs of a generated platform at three sizes, and single calls on what they leave.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { cacheFolder, here } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";
import { median, spread } from "./statistics.mjs";

const SYNCS = ["drain", "first", "unchanged", "changed"];
/** Growth: of the time for one table, with ten times as many tables. */
const GOALS = { growth: 1.15, peakMegabytes: 150, settings: 5, read: 0.2, page: 2 };

export async function benchmarkEngine({ sizes, rounds, log }) {
  await mkdir(cacheFolder, { recursive: true });
  const bySize = [];
  for (const tables of sizes) {
    log(`engine: ${tables} generated tables`);
    const runs = [];
    for (let round = 1; round <= rounds; round++)
      runs.push(await oneRound(tables, (line) => log(`  round ${round} of ${rounds}: ${line}`)));
    bySize.push({ tables, ...summary(tables, runs) });
  }
  return { sizes, rounds, goals: GOALS, results: bySize, growth: growth(bySize) };
}

async function oneRound(tables, log) {
  const folder = await mkdtemp(path.join(cacheFolder, "engine-"));
  try {
    const run = {};
    for (const work of ["empty", ...SYNCS, "calls"]) {
      const args = [path.join(here, "engine-child.mjs"), work, String(tables), path.join(folder, "connections.db")];
      const output = await runProcess(process.execPath, args, { cwd: here });
      run[work] = JSON.parse(output.trim().split("\n").at(-1));
      log(`${work} ${Math.round(run[work].whole)} ms`);
    }
    checkSeen(tables, run);
    return run;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** However many tables a settings change concerns, it is one row. A measurement that did not see every table is none. */
function checkSeen(tables, { drain, first, unchanged, changed, calls }) {
  const objects = drain.seen + 10;
  if (first.seen.new !== objects || unchanged.seen.unchanged !== objects || changed.seen.changed !== tables / 100) {
    throw new Error(`not all of ${tables} tables were seen: ${JSON.stringify({ first, unchanged, changed })}`);
  }
  if (calls.seen.overrides !== 1) throw new Error(`settings of one object left ${calls.seen.overrides} rows`);
}

function summary(tables, runs) {
  const over = (work) => spread(runs.map((run) => run[work].peakBytes - run.empty.peakBytes));
  const call = (name) => spread(runs.map((run) => run.calls.seen[name]));
  const syncs = SYNCS.map((work) => ({
    work,
    microsecondsPerTable: spread(runs.map((run) => (run[work].whole * 1_000) / tables)),
    ratioToDrain: median(runs.map((run) => run[work].whole / run.drain.whole)),
    peakBytesOverEmpty: over(work),
  }));
  return { syncs, calls: { settings: call("settings"), read: call("read"), page: call("page") } };
}

/** By the fastest rounds, which other work on the machine has disturbed least. */
function growth(bySize) {
  return bySize.slice(1).flatMap(({ tables, syncs }, index) =>
    syncs
      .filter(({ work }) => work !== "drain")
      .map(({ work, microsecondsPerTable }) => {
        const smaller = bySize[index].syncs.find((sync) => sync.work === work);
        return { work, from: bySize[index].tables, to: tables, ratio: microsecondsPerTable.min / smaller.microsecondsPerTable.min };
      }),
  );
}
