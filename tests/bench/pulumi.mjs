// The Pulumi benchmark: preview and up of our resources against as many dynamic resources that do nothing.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensurePulumi } from "../../tools/pulumi-cli/ensure.mjs";
import { makeCatalog } from "./catalog.mjs";
import { noopProgram, statusProgram } from "./pulumi-programs.mjs";
import { makeStack, seconds, steps, timed } from "./pulumi-stack.mjs";
import { ratios, spread } from "./statistics.mjs";

const GOAL = 1.3;

const programs = { ours: statusProgram, noop: noopProgram };

export async function benchmarkPulumi({ resources, rounds, log }) {
  const { binDir, version } = await ensurePulumi({ log });
  log(`pulumi: ${resources} resources, Pulumi CLI ${version}`);
  const folder = await mkdtemp(path.join(tmpdir(), "connections-bench-"));
  try {
    const catalog = path.join(folder, "catalog.duckdb");
    await makeCatalog(catalog, resources - 1, log);
    const times = steps.map(() => ({ ours: [], noop: [] }));
    for (let round = 0; round < rounds; round++) {
      const stacks = {};
      for (const name of Object.keys(programs)) {
        stacks[name] = await makeStack({
          folder: path.join(folder, `${name}-${round}`),
          name,
          program: programs[name],
          overrides: resources - 1,
          binDir,
          environment: { BENCH_CATALOG: catalog },
        });
      }
      for (const [index, { title, args }] of steps.entries()) {
        // Each goes first every other time: what one leaves behind (a busy disk) then hits both.
        const names = (round + index) % 2 === 0 ? ["ours", "noop"] : ["noop", "ours"];
        for (const name of names) times[index][name].push(await timed(() => stacks[name].pulumi(...args)));
        const [ours, noop] = [times[index].ours.at(-1), times[index].noop.at(-1)];
        log(`  round ${round + 1} of ${rounds}: ${title} ${seconds(ours)} s, no-op ${seconds(noop)} s`);
      }
      for (const { check } of Object.values(stacks)) await check(resources);
    }
    const results = steps.map(({ title }, index) => {
      const { ours, noop } = times[index];
      return { title, ratio: ratios(ours, noop), ours: spread(ours), noop: spread(noop) };
    });
    return { resources, rounds, goal: GOAL, results };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
