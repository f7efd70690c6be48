// The server benchmark: 64 connections call the HTTP API over a store of generated tables, and the same framework with a constant in
// place of each answer; then a longer load, which the server's memory must bear.

import autocannon from "autocannon";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { databaseName, schemaName, schemasPerDatabase, tableName } from "./generated-platform.mjs";
import { cacheFolder, here } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";
import { startServer } from "./server-process.mjs";
import { ratios, spread } from "./statistics.mjs";

const CONNECTIONS = 64;
const SECONDS = 5;
const WARM_UP_SECONDS = 2;
/** Long enough for the heap to reach its working size. */
const MEMORY_WARM_UP_SECONDS = 20;
const KEY = "a-benchmarks-administrator-key";
const TABLES_PER_SCHEMA = 100;
const JSON_TYPE = { "content-type": "application/json" };

export async function benchmarkServer({ tables, rounds, minutes, log }) {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, "server-"));
  const started = [];
  try {
    const store = path.join(folder, "connections.db");
    log(`server: a store of ${tables} generated tables`);
    await runProcess(process.execPath, [path.join(here, "engine-child.mjs"), "first", String(tables), store], { cwd: here });
    const ours = await start([store, String(tables)], { BENCH_API_KEY: KEY });
    const calls = callsOf(tables);
    const answers = {};
    for (const [name, call] of Object.entries(calls)) answers[name] = await answerOf(ours, call());
    const constant = await start([store, String(tables), "constant"], { BENCH_ANSWERS: JSON.stringify(answers) });

    const runs = Object.fromEntries(Object.keys(calls).map((name) => [name, { ours: [], constant: [] }]));
    for (let round = 1; round <= rounds; round++) {
      for (const [name, call] of Object.entries(calls)) {
        const same = () => ({ ...call(), path: `/${name}` });
        runs[name].constant.push(await load(constant, same, SECONDS));
        runs[name].ours.push(await load(ours, call, SECONDS));
        const [mine, theirs] = [runs[name].ours.at(-1), runs[name].constant.at(-1)];
        log(`  round ${round} of ${rounds}: ${name} ${mine.rate.toFixed(0)}/s, constant ${theirs.rate.toFixed(0)}/s`);
      }
    }
    await constant.stop();
    const memory = await memoryUnderLoad(ours, calls, minutes, log);
    return { tables, rounds, connections: CONNECTIONS, results: Object.entries(runs).map(summary), memory };
  } finally {
    for (const server of started) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }

  async function start(...args) {
    const server = await startServer(...args);
    started.push(server);
    return server;
  }
}

/** Each makes a request of another object than the one before. */
function callsOf(tables) {
  const schemas = schemasPerDatabase(tables);
  const random = (below) => Math.floor(Math.random() * below);
  const schema = () => `bench/${databaseName(random(10))}/${schemaName(random(schemas))}`;
  const table = () => `${schema()}/${tableName(random(TABLES_PER_SCHEMA))}`;
  const json = (value) => ({ headers: JSON_TYPE, body: JSON.stringify(value) });
  return {
    read: () => ({ method: "GET", path: `/data/object/${table()}` }),
    page: () => ({ method: "POST", path: `/data/object/search/${schema()}`, ...json({ size: TABLES_PER_SCHEMA }) }),
    settings: () => ({ method: "PUT", path: `/data/settings/${table()}`, ...json({ settings: { isActive: random(2) === 0 } }) }),
  };
}

async function answerOf({ address }, { path: target, headers, ...request }) {
  const response = await fetch(address + target, { ...request, headers: { ...headers, authorization: KEY } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${request.method} ${target} answered ${response.status}: ${text}`);
  return text;
}

/** @returns requests a second, and in milliseconds how long 99 of 100 took at most. One error, and it is no measurement. */
async function load(server, call, seconds) {
  await run(server, call, WARM_UP_SECONDS);
  const { requests, latency, duration } = await run(server, call, seconds);
  return { rate: requests.total / duration, p99: latency.p99 };
}

async function run({ address }, call, seconds) {
  const setupRequest = (request) => {
    const { headers, ...rest } = call();
    return { ...request, ...rest, headers: { ...headers, authorization: KEY } };
  };
  const result = await autocannon({ url: address, connections: CONNECTIONS, duration: seconds, requests: [{ setupRequest }] });
  const { errors, timeouts, non2xx } = result;
  if (errors + timeouts + non2xx > 0) {
    throw new Error(`${errors} errors, ${timeouts} timeouts and ${non2xx} refusals among ${result.requests.total} requests`);
  }
  return result;
}

/** All calls mixed. @returns resident bytes after the warm-up and at the end */
async function memoryUnderLoad(server, calls, minutes, log) {
  const kinds = Object.values(calls);
  let turn = 0;
  const mixed = () => kinds[turn++ % kinds.length]();
  await run(server, mixed, MEMORY_WARM_UP_SECONDS);
  const before = await server.memory();
  let requests = 0;
  for (let minute = 1; minute <= minutes; minute++) {
    requests += (await run(server, mixed, 60)).requests.total;
    log(`  load: minute ${minute} of ${minutes}, ${((await server.memory()) / 1e6).toFixed(0)} MB`);
  }
  return { minutes, requests, before, after: await server.memory() };
}

function summary([name, { ours, constant }]) {
  const of = (runs, what) => runs.map((one) => one[what]);
  return {
    name,
    rate: spread(of(ours, "rate")),
    p99: spread(of(ours, "p99")),
    constantRate: spread(of(constant, "rate")),
    constantP99: spread(of(constant, "p99")),
    // How many times as long as the constant's one request takes.
    ratio: ratios(of(constant, "rate"), of(ours, "rate")),
    p99Ratio: ratios(of(ours, "p99"), of(constant, "p99")),
  };
}
