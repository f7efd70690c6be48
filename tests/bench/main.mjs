// npm run bench: how long a sync and a Pulumi command take, as ratios to doing the same work without this package.

import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./paths.mjs";
import { benchmarkConvert } from "./convert.mjs";
import { benchmarkDatabricks } from "./databricks.mjs";
import { benchmarkEngine } from "./engine.mjs";
import { benchmarkPage } from "./page.mjs";
import { benchmarkPostgres } from "./postgres.mjs";
import { benchmarkPulumi } from "./pulumi.mjs";
import { printConvert, printEngine, printPage, printPlatform, printPostgres, printPulumi, printServer, printSync } from "./report.mjs";
import { benchmarkServer } from "./server.mjs";
import { benchmarkSnowflake } from "./snowflake.mjs";
import { benchmarkSync } from "./sync.mjs";

const USAGE = `Usage: npm run bench -- [options]
  --only KIND          one of the benchmarks: engine, server, postgres, page, sync, snowflake, databricks, convert or pulumi
  --sizes N,N          tables of the generated platform (default 10000,100000,1000000)
  --server-tables N    tables of the store that the server serves (default 1000000)
  --postgres-tables N  tables of the store in PostgreSQL (default 1000000)
  --page-tables N      tables of the store that the page shows (default 1000000)
  --minutes N          of load, over which the server's memory is watched (default 1)
  --tables N           tables of the database that is synced (default 100000, in 100 schemas, 10 columns each)
  --snowflake-tables N tables of the Snowflake account that is synced (default 20000)
  --databricks-tables N tables of the Databricks metastore that is synced (default 20000)
  --files N            registrations that are converted (default 10000)
  --resources N        resources of the Pulumi programs (default 300)
  --rounds N           measurements of each kind (default 3)
  --profile FOLDER     CPU profiles of the sync's processes, one for each measurement
  --json               the results as JSON on standard output`;

const KINDS = ["engine", "server", "postgres", "page", "sync", "snowflake", "databricks", "convert", "pulumi"];

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      sizes: { type: "string", default: "10000,100000,1000000" },
      "server-tables": { type: "string", default: "1000000" },
      "postgres-tables": { type: "string", default: "1000000" },
      "page-tables": { type: "string", default: "1000000" },
      minutes: { type: "string", default: "1" },
      tables: { type: "string", default: "100000" },
      "snowflake-tables": { type: "string", default: "20000" },
      "databricks-tables": { type: "string", default: "20000" },
      files: { type: "string", default: "10000" },
      resources: { type: "string", default: "300" },
      rounds: { type: "string", default: "3" },
      profile: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.only !== undefined && !KINDS.includes(values.only)) throw new Error(USAGE);
  const rounds = count("rounds", values.rounds, 1);
  const sizes = values.sizes.split(",").map((size) => count("sizes", size, 1_000));
  const serverTables = count("server-tables", values["server-tables"], 1_000);
  const postgresTables = count("postgres-tables", values["postgres-tables"], 1_000);
  const pageTables = count("page-tables", values["page-tables"], 100_000);
  const minutes = count("minutes", values.minutes, 1);
  const tables = count("tables", values.tables, 1);
  const snowflakeTables = count("snowflake-tables", values["snowflake-tables"], 1);
  const databricksTables = count("databricks-tables", values["databricks-tables"], 1);
  const files = count("files", values.files, 10);
  const resources = count("resources", values.resources, 2);
  checkBuild();

  // Progress goes to standard error, so that the results can be piped.
  const log = (line) => console.error(line);
  const results = { node: process.versions.node, rounds };
  const isWanted = (kind) => values.only === undefined || values.only === kind;
  if (isWanted("engine")) results.engine = await benchmarkEngine({ sizes, rounds, log });
  if (isWanted("server")) results.server = await benchmarkServer({ tables: serverTables, rounds, minutes, log });
  if (isWanted("postgres")) results.postgres = await benchmarkPostgres({ tables: postgresTables, rounds, log });
  if (isWanted("page")) results.page = await benchmarkPage({ tables: pageTables, rounds, log });
  if (isWanted("sync")) results.sync = await benchmarkSync({ tables, rounds, profile: values.profile, log });
  if (isWanted("snowflake")) results.snowflake = await benchmarkSnowflake({ tables: snowflakeTables, rounds, log });
  if (isWanted("databricks")) results.databricks = await benchmarkDatabricks({ tables: databricksTables, rounds, log });
  if (isWanted("convert")) results.convert = benchmarkConvert({ files, rounds, log });
  if (isWanted("pulumi")) results.pulumi = await benchmarkPulumi({ resources, rounds, log });

  if (values.json) return console.log(JSON.stringify(results, undefined, 2));
  if (results.engine) printEngine(results.engine);
  if (results.server) printServer(results.server);
  if (results.postgres) printPostgres(results.postgres);
  if (results.page) printPage(results.page);
  if (results.sync) printSync(results.sync);
  if (results.snowflake) printPlatform("Snowflake", "fakesnow", results.snowflake);
  if (results.databricks) printPlatform("Databricks", "Spark's Thrift server", results.databricks);
  if (results.convert) printConvert(results.convert);
  if (results.pulumi) printPulumi(results.pulumi);
}

function count(name, text, minimum) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < minimum) throw new Error(`--${name}: expected a whole number from ${minimum} on, got "${text}"`);
  return value;
}

/** Numbers of an old build would be taken for those of the sources. */
function checkBuild() {
  const entry = path.join(root, "dist", "sdk", "index.js");
  if (!existsSync(entry)) throw new Error("There is no dist/: run npm run build first.");
  const isSource = (name) => name.endsWith(".ts") && !name.endsWith(".test.ts");
  const sources = ["sdk", "provider"].map((folder) => newestFile(path.join(root, folder), isSource));
  const built = newestFile(path.join(root, "dist"), (name) => name.endsWith(".js"));
  if (Math.max(...sources) > built)
    console.error("dist/ is older than the sources: this measures the old build. To renew it: npm run build");
}

function newestFile(folder, isWanted) {
  const names = readdirSync(folder, { recursive: true }).filter(isWanted);
  return Math.max(...names.map((name) => statSync(path.join(folder, name)).mtimeMs));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
