// The one command for newcomers (npm start): from a fresh clone to a registered sample warehouse.

import path from "node:path";
import { Failure, manifest, prepare, runMain, step } from "./prepare.mjs";

async function main() {
  await prepare();
  const environment = await import("./pulumi-env.mjs");
  const { pulumi, version, source } = await environment.openPulumi({ log: step });
  step(`Pulumi CLI ${version} (${{ path: "yours, on PATH", cache: "in the cache folder" }[source] ?? "just installed"})`);

  const { makeSampleWarehouse, warehouseSummary } = await import("./sample-warehouse.mjs");
  const warehouse = await makeSampleWarehouse();
  step(`sample warehouse: ${warehouseSummary(warehouse)}`);

  step("pulumi up (state in .pulumi-local/, your own Pulumi backend is not used)");
  const code = (environment.stackExists() ? 0 : await environment.selectStack(pulumi)) || (await pulumi("up", "--yes"));
  if (code !== 0) throw new Failure(["pulumi up failed.", environment.adviceAfterFailure()].filter(Boolean).join(" "), code);

  step("what is registered now");
  await node(environment, manifest.bin.connections, "objects", "warehouse", "--recursive", "--store", storeFile());
  console.log(next);
}

async function node({ run }, ...args) {
  const code = await run(process.execPath, args);
  if (code !== 0) throw new Failure(`node ${args.join(" ")} failed.`, code);
}

function storeFile() {
  return path.join("examples", "quickstart-duckdb", ".connections", "connections.db");
}

const next = `
What to try next
  1. Change the warehouse behind Pulumi's back, one table more and one less:
       npm run warehouse -- "CREATE TABLE labour.payroll AS SELECT month, nonfarm FROM labour.employment; DROP TABLE budget.forecasts"
  2. See the drift:              npm run preview
  3. Bring the registration up to date:  npm start
  4. Take it all down again:     npm run destroy
Delete examples/quickstart-duckdb/warehouse/ to get the original warehouse back.`;

runMain(main);
