// The Pulumi benchmark: preview and up of our resources against as many dynamic resources that do nothing.

import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensurePulumi } from "../../tools/pulumi-cli/ensure.mjs";
import { pulumiEnvironment } from "../../tools/pulumi-env.mjs";
import { makeCatalog } from "./catalog.mjs";
import { makeProject, programs } from "./pulumi-project.mjs";
import { runProcess } from "./run-process.mjs";
import { ratios, spread } from "./statistics.mjs";

const GOAL = 1.3;
const STACK = "bench";

// `up` without the preview that it shows first: that is measured by itself.
const up = ["up", "--yes", "--skip-preview"];
const steps = [
  { title: "preview (first)", args: ["preview"] },
  { title: "up (first)", args: up },
  { title: "preview (no change)", args: ["preview", "--expect-no-changes"] },
  { title: "up (no change)", args: [...up, "--expect-no-changes"] },
];

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
        stacks[name] = await makeStack({ folder: path.join(folder, `${name}-${round}`), name, resources, catalog, binDir });
      }
      for (const [index, { title, args }] of steps.entries()) {
        // Each goes first every other time: what one leaves behind (a busy disk) then hits both.
        const names = (round + index) % 2 === 0 ? ["ours", "noop"] : ["noop", "ours"];
        for (const name of names) times[index][name].push(await timed(() => stacks[name].pulumi(...args)));
        const [ours, noop] = [times[index].ours.at(-1), times[index].noop.at(-1)];
        log(`  round ${round + 1} of ${rounds}: ${title} ${seconds(ours)} s, no-op ${seconds(noop)} s`);
      }
      for (const { check } of Object.values(stacks)) await check();
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

/** A project with a state and a Pulumi home of its own. */
async function makeStack({ folder, name, resources, catalog, binDir }) {
  const project = path.join(folder, "project");
  const state = path.join(folder, "state");
  await mkdir(state, { recursive: true });
  await makeProject(project, name, resources);
  const env = {
    ...pulumiEnvironment(binDir),
    PULUMI_BACKEND_URL: `file://${state.replaceAll(path.sep, "/")}`,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_STACK: STACK,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    BENCH_CATALOG: catalog,
  };
  // The caller's own settings must not move the store out of the project.
  delete env.CONNECTIONS_STORE;
  const command = path.join(binDir, process.platform === "win32" ? "pulumi.exe" : "pulumi");
  const pulumi = (...args) => runProcess(command, [...args, "--non-interactive"], { cwd: project, env });
  await pulumi("stack", "init", STACK);

  async function check() {
    const text = await readFile(path.join(state, ".pulumi", "stacks", `bench-${name}`, `${STACK}.json`), "utf8");
    const custom = JSON.parse(text).checkpoint.latest.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:"));
    if (custom.length !== resources) throw new Error(`${name}: the state holds ${custom.length} resources, expected ${resources}`);
  }
  return { pulumi, check };
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function seconds(milliseconds) {
  return (milliseconds / 1_000).toFixed(1);
}
