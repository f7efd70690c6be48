// One measurement in a process of its own, so that its peak memory is that of the work: node sync-child.mjs WORK FILE STORE.
// The last line of standard output is the result as JSON, times in milliseconds.

import { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { openLocal } from "pulumi-connections/sdk";

const CONNECTION = "bench";

/** The rows of which a sync makes its objects, straight from the driver. Every value is looked at. */
async function readRows(file) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS attached (READ_ONLY)`);
  const result = await connection.stream(
    `SELECT schema_name, table_name, column_name, column_index, data_type, is_nullable, comment
     FROM duckdb_columns() WHERE database_name = 'attached' AND NOT internal
     ORDER BY schema_name, table_name, column_index`,
  );
  let rows = 0;
  let characters = 0;
  for await (const batch of result.yieldRows()) {
    for (const row of batch) for (const value of row) characters += typeof value === "string" ? value.length : Number(value);
    rows += batch.length;
  }
  connection.closeSync();
  instance.closeSync();
  return { rows, characters };
}

async function firstSync(api, file) {
  const connection = { technology: "DuckDB", databases: { catalog: file } };
  const { bulkId } = await api.registerConnection({ connectionKey: CONNECTION, connection });
  return countsOf(await api.waitForJobs(bulkId));
}

async function resync(api) {
  const { bulkId } = await api.crawl([CONNECTION]);
  return countsOf(await api.waitForJobs(bulkId));
}

async function dryRun(api) {
  return (await api.planSync([CONNECTION])).counts;
}

function countsOf([job]) {
  if (job.state !== "completed") throw new Error(`the sync failed: ${job.output?.error}`);
  return job.output.plan.counts;
}

async function withEngine(store, work) {
  const api = openLocal({ store });
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

const works = {
  baseline: (file) => readRows(file),
  first: (file, store) => withEngine(store, (api) => firstSync(api, file)),
  resync: (_file, store) => withEngine(store, resync),
  dryRun: (_file, store) => withEngine(store, dryRun),
};

/** Opening (ATTACH) and closing a big file take longer than all the rest: timed where both sides pass, in the driver. */
function timeFile() {
  const times = { opening: 0, closing: 0 };
  const { run } = DuckDBConnection.prototype;
  const { closeSync } = DuckDBInstance.prototype;
  DuckDBConnection.prototype.run = async function (sql, ...rest) {
    const started = performance.now();
    const result = await run.call(this, sql, ...rest);
    if (sql.startsWith("ATTACH")) times.opening += performance.now() - started;
    return result;
  };
  DuckDBInstance.prototype.closeSync = function () {
    const started = performance.now();
    closeSync.call(this);
    times.closing += performance.now() - started;
  };
  return times;
}

const [, , work, file, store] = process.argv;
const times = timeFile();
const started = performance.now();
const seen = await works[work](file, store);
const whole = performance.now() - started;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cpu = (userCPUTime + systemCPUTime) / 1_000;
console.log(JSON.stringify({ whole, ...times, cpu, peakBytes: maxRSS * 1_024, seen }));
