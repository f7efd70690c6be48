// The benchmark of many overrides: preview and up of them as single resources and as a set, registered at a server, against as many
// dynamic resources that do nothing, and the requests that each command sends.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { ensurePulumi } from "../../tools/pulumi-cli/ensure.mjs";
import { makeCatalog } from "./catalog.mjs";
import { root } from "./paths.mjs";
import { noopProgram, statusProgram, statusesProgram } from "./pulumi-programs.mjs";
import { makeStack, seconds, steps, timed } from "./pulumi-stack.mjs";
import { runProcess } from "./run-process.mjs";
import { ratios, spread } from "./statistics.mjs";

const GOAL = 1.3;
/** Requests of a preview. */
const GOAL_REQUESTS = 20;
const KEY = "the-benchmarks-administrator-key";
const MAIN = path.join(root, "dist", "sdk", "cli", "main.js");

const programs = { single: statusProgram, set: statusesProgram, noop: noopProgram };

export async function benchmarkOverrides({ sizes, rounds, log }) {
  const { binDir, version } = await ensurePulumi({ log });
  const results = [];
  for (const overrides of sizes) {
    log(`overrides: ${overrides} of them, Pulumi CLI ${version}`);
    results.push({ overrides, steps: await measure({ overrides, rounds, binDir, log }) });
  }
  return { rounds, goal: GOAL, goalRequests: GOAL_REQUESTS, results };
}

async function measure({ overrides, rounds, binDir, log }) {
  const folder = await mkdtemp(path.join(tmpdir(), "connections-bench-"));
  try {
    const catalog = path.join(folder, "catalog.duckdb");
    await makeCatalog(catalog, overrides, log);
    const measured = steps.map(() => Object.fromEntries(Object.keys(programs).map((name) => [name, { times: [], requests: [] }])));
    for (let round = 0; round < rounds; round++) {
      await measureRound({ folder: path.join(folder, `round-${round}`), round, overrides, catalog, binDir, measured, log });
    }
    return steps.map(({ title }, index) => {
      const { noop, ...ours } = measured[index];
      const kinds = Object.entries(ours).map(([kind, { times, requests }]) => ({
        kind,
        ratio: ratios(times, noop.times),
        time: spread(times),
        requests: spread(requests),
      }));
      return { title, kinds, noop: spread(noop.times) };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureRound({ folder, round, overrides, catalog, binDir, measured, log }) {
  const stacks = {};
  try {
    for (const [name, program] of Object.entries(programs)) {
      const server = name === "noop" ? undefined : await startServer(path.join(folder, `${name}-store.db`), catalog);
      const environment = {
        BENCH_CATALOG: catalog,
        // Saving the state after each step takes Pulumi longer, the more resources there are; it would hide everything else.
        PULUMI_EXPERIMENTAL: "true",
        PULUMI_SKIP_CHECKPOINTS: "true",
        ...(server && { CONNECTIONS_ENDPOINT: server.address, CONNECTIONS_API_KEY: KEY }),
      };
      stacks[name] = { server };
      Object.assign(stacks[name], await makeStack({ folder: path.join(folder, name), name, program, overrides, binDir, environment }));
    }
    for (const [index, { title, args }] of steps.entries()) {
      // Each goes first in turn: what one leaves behind (a busy disk) then hits all.
      const names = Object.keys(programs);
      const first = (round + index) % names.length;
      for (const name of [...names.slice(first), ...names.slice(0, first)]) {
        const { server, pulumi } = stacks[name];
        const before = (await server?.requests()) ?? 0;
        measured[index][name].times.push(await timed(() => pulumi(...args)));
        measured[index][name].requests.push(((await server?.requests()) ?? 0) - before);
      }
      const shown = names.sort().map((name) => {
        const { times, requests } = measured[index][name];
        return `${name} ${seconds(times.at(-1))} s${name === "noop" ? "" : ` and ${requests.at(-1)} requests`}`;
      });
      log(`  round ${round + 1}: ${title}: ${shown.join(", ")}`);
    }
    await stacks.single.check(overrides + 1);
    await stacks.set.check(2);
    await stacks.noop.check(overrides + 1);
  } finally {
    for (const { server } of Object.values(stacks)) await server?.stop();
  }
}

/** The built command's server, in whose store the connection is registered, with the tables in it and no override beneath the top. */
async function startServer(store, catalog) {
  const env = { ...process.env, CONNECTIONS_STORE: store, CONNECTIONS_ADMIN_API_KEY: KEY };
  delete env.CONNECTIONS_ENDPOINT;
  const registration = {
    connectionKey: "bench",
    connection: { technology: "DuckDB", databases: { catalog } },
    settings: { isActive: false, activateNewChildren: false },
  };
  await runProcess(process.execPath, [MAIN, "register", "--json", JSON.stringify(registration)], { env });
  const child = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--log-level", "silent"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  let address;
  for await (const line of createInterface({ input: child.stdout })) {
    address = /serving .* on (https?:\/\/\S+)/.exec(line)?.[1];
    if (address !== undefined) break;
  }
  if (address === undefined) throw new Error("the server of the benchmark ended early; what it said is above");
  return {
    address,
    /** How many requests it has answered, those for its metrics left out. */
    async requests() {
      const answer = await fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${KEY}` } });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${address}/metrics: ${answer.status} ${text}`);
      const counts = [...text.matchAll(/^connections_http_request_duration_seconds_count\{(.*)\} (\d+)$/gm)];
      return counts.filter(([, labels]) => !labels.includes('route="/metrics"')).reduce((sum, [, , count]) => sum + Number(count), 0);
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
