// Registers data sources one by one, where the store has none, and upgrades their host; until it is killed, or all is done.

const { writeSync } = require("node:fs");
const { madeEngine, SCHEMA } = require("./made-platform.cjs");

const [, , storeFile] = process.argv;
const TABLES = 40;
const DATABASES = ["a", "b"];
const HOST = "acme.example.com";
const names = Array.from({ length: TABLES }, (_, index) => `t${String(index).padStart(2, "0")}`);

async function* streamObjects() {
  yield [SCHEMA];
  for (const table of names) {
    // Gives the kill a chance in the middle of a crawl.
    if (Math.random() < 0.1) await new Promise(setImmediate);
    yield [{ schema: "main", table, objectType: "table", comment: null, fingerprint: "f", columns: "[]" }];
  }
}

function payload(database, monitored) {
  return {
    handler: names
      .filter((_, index) => index % 2 === 0)
      .map((table) => ({ metadata: { hostname: HOST, database, schema: "main", table, dataSourceName: `${database} ${table}` } })),
    dataSource: { blobHandlerType: "Snowflake" },
    schemaEvolution: { disabled: !monitored },
  };
}

async function main() {
  const api = madeEngine(storeFile, DATABASES, streamObjects, "Snowflake");
  const say = (line) => writeSync(1, `${line}\n`);
  if ((await api.listUpgrades()).length === 0) {
    await api.legacy.createIntegration({ type: "Snowflake", config: { host: HOST } });
    const ids = [];
    for (const database of DATABASES)
      ids.push(...(await api.legacy.register("snowflake", payload(database, database === "b"))).map(({ id }) => id));
    say(`registered ${ids.join()}`);
  }
  const connection = { technology: "Snowflake", hostname: HOST };
  const { bulkId } = await api.startUpgrade({ connectionKey: "w", connection });
  say("started");
  const [job] = await api.waitForJobs(bulkId);
  if (job.state !== "completed") throw new Error(JSON.stringify(job.output));
  say("upgraded");
  await api.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
