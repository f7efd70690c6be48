// One measurement in a process of its own: node snowflake-child.mjs WORK PORT STORE. The last line of standard output is the
// result as JSON, times in milliseconds.

import { openLocal } from "pulumi-connections/sdk";

const CONNECTION = "bench";
const USER = { username: "GOV_SYSTEM", password: "correct-horse-battery-staple" };
const PLACE = { warehouse: "GOV_WH", role: "GOV_ROLE" };

const TABLES = `
  SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, IS_DYNAMIC, IS_ICEBERG, IS_TEMPORARY, TABLE_OWNER, COMMENT AS "COMMENT", CREATED, LAST_DDL,
    LAST_ALTERED
  FROM BENCH.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA' ORDER BY TABLE_SCHEMA, TABLE_NAME`;
const COLUMNS = `
  SELECT TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, CHARACTER_OCTET_LENGTH,
    NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, IS_NULLABLE, COMMENT AS "COMMENT"
  FROM BENCH.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA'
  ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`;
const OBJECTS = ["SHOW DATABASES", "SHOW SCHEMAS IN DATABASE BENCH", TABLES];

/** The rows of which a sync makes its objects, as a program without this package would read them. */
async function readRows(port, statements) {
  process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION = "true";
  const { default: snowflake } = await import("snowflake-sdk");
  snowflake.configure({ logLevel: "OFF" });
  const connection = snowflake.createConnection({ account: "acme", accessUrl: `http://127.0.0.1:${port}`, ...USER, ...PLACE });
  await new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  let rows = 0;
  for (const sqlText of statements) {
    await new Promise((resolve, reject) =>
      connection.execute({
        sqlText,
        streamResult: true,
        complete: (error, statement) =>
          error
            ? reject(error)
            : statement
                .streamRows()
                .on("data", () => rows++)
                .on("error", reject)
                .on("end", resolve),
      }),
    );
  }
  await new Promise((resolve) => connection.destroy(resolve));
  return { rows };
}

async function withEngine(store, work) {
  const api = openLocal({ store });
  try {
    const { bulkId } = await work(api);
    const [job] = await api.waitForJobs(bulkId);
    if (job.state !== "completed") throw new Error(`the sync failed: ${job.output?.error}`);
    return job.output.plan.counts;
  } finally {
    await api.close();
  }
}

const works = {
  readAll: (port) => readRows(port, [...OBJECTS, COLUMNS]),
  list: (port) => readRows(port, OBJECTS),
  first: (port, store) =>
    withEngine(store, (api) => {
      const address = { technology: "Snowflake", hostname: "127.0.0.1", protocol: "http", account: "acme", port: Number(port) };
      const connection = { ...address, ...PLACE, authenticationType: "userPassword", ...USER };
      return api.registerConnection({ connectionKey: CONNECTION, connection });
    }),
  resync: (_port, store) => withEngine(store, (api) => api.crawl([CONNECTION])),
};

const [, , work, port, store] = process.argv;
const started = performance.now();
const seen = await works[work](port, store);
const whole = performance.now() - started;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ whole, cpu: (userCPUTime + systemCPUTime) / 1_000, peakBytes: maxRSS * 1_024, seen }));
