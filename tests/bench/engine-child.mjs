// One measurement in a process of its own, so that its peak memory is that of the work: node engine-child.mjs WORK TABLES STORE.
// The last line of standard output is the result as JSON, times in milliseconds.

import { createRequire } from "node:module";
import { databaseName, drain, generatedPlatform, schemaName, schemasPerDatabase, tableName } from "./generated-platform.mjs";

const require = createRequire(import.meta.url);
const { createEngine } = require("../../dist/sdk/engine/engine.js");
const { createSecretBox } = require("../../dist/sdk/engine/secret-box.js");
const { openStore } = require("../../dist/sdk/store/open-store.js");

const CONNECTION = "bench";
/** Calls before those that are counted, and those. */
const WARM_UP = 200;
const CALLS = 1_000;

async function countsOf(api, bulkId) {
  const [job] = await api.waitForJobs(bulkId);
  if (job.state !== "completed") throw new Error(`the sync failed: ${job.output?.error}`);
  return job.output.plan.counts;
}

async function register(api) {
  const { bulkId } = await api.registerConnection({ connectionKey: CONNECTION, connection: { technology: "Generated" } });
  return countsOf(api, bulkId);
}

async function resync(api) {
  return countsOf(api, (await api.crawl([CONNECTION])).bulkId);
}

/** Milliseconds of one call: the median of many, one after the other, each of another object. */
async function callTime(call) {
  const times = [];
  for (let index = 0; index < WARM_UP + CALLS; index++) {
    const started = performance.now();
    await call(index);
    if (index >= WARM_UP) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[CALLS / 2];
}

async function calls(api, tables) {
  const schemas = schemasPerDatabase(tables);
  const schema = (index) => [CONNECTION, databaseName(index % 10), schemaName((index * 7919) % schemas)];
  const table = (index) => [...schema(index), tableName(index % 100)];
  return {
    settings: await callTime((index) => api.updateSettings([CONNECTION], { isActive: index % 2 === 0 })),
    overrides: (await api.listOverrides([CONNECTION])).length,
    read: await callTime((index) => api.getObject(table(index))),
    page: await callTime((index) => api.searchObjects(schema(index), { size: 100 })),
  };
}

const works = {
  empty: async () => 0,
  drain: async (_api, tables) => drain(generatedPlatform(tables)),
  first: register,
  unchanged: resync,
  changed: resync,
  calls,
};

const [, , work, tableCount, store] = process.argv;
const tables = Number(tableCount);
const started = performance.now();
const api = createEngine({
  store: openStore(store),
  platforms: [generatedPlatform(tables, work === "changed" ? 100 : 0)],
  secrets: createSecretBox(() => [Buffer.alloc(32, 7)]),
  baseDirectory: "/",
});
const seen = await works[work](api, tables);
await api.close();
const whole = performance.now() - started;
console.log(JSON.stringify({ whole, peakBytes: process.resourceUsage().maxRSS * 1_024, seen }));
