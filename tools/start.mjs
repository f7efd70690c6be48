// The one command for newcomers (npm start): from a fresh clone to a registered sample warehouse. Every step is
// skipped when its work is done already. Only Node's own modules are imported up here: nothing is installed yet.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const inRoot = (...names) => path.join(root, ...names);
const manifest = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
const cli = manifest.bin.connections;

// tsc may write files even if it fails, or leave unchanged ones alone: neither's time tells of a whole build.
const buildStamp = inRoot(".pulumi-local", "built");

const say = (line) => console.log(line);
const step = (line) => say(`> ${line}`);

class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

async function main() {
  checkNode();
  const environment = await import("./pulumi-env.mjs");
  await installPackages(environment);
  await build(environment);

  const { pulumi, version, source } = await environment.openPulumi({ log: step });
  step(`Pulumi CLI ${version} (${{ path: "yours, on PATH", cache: "in the cache folder" }[source] ?? "just installed"})`);

  const { makeSampleWarehouse, warehouseSummary } = await import("./sample-warehouse.mjs");
  const warehouse = await makeSampleWarehouse();
  step(`sample warehouse: ${warehouseSummary(warehouse)}`);

  step("pulumi up (state in .pulumi-local/, your own Pulumi backend is not used)");
  const code = (environment.stackExists() ? 0 : await environment.selectStack(pulumi)) || (await pulumi("up", "--yes"));
  if (code !== 0) throw new Failure(["pulumi up failed.", environment.adviceAfterFailure()].filter(Boolean).join(" "), code);

  step("what is registered now");
  await node(environment, cli, "objects", "warehouse", "--recursive", "--store", storeFile());
  say(next);
}

function checkNode() {
  const wanted = Number(/\d+/.exec(manifest.engines.node)[0]);
  if (Number.parseInt(process.versions.node, 10) >= wanted) return;
  throw new Failure(`This needs Node ${wanted} or later, and runs on ${process.versions.node}: https://nodejs.org/`);
}

async function installPackages({ run }) {
  // npm writes this file last: without it, an earlier installation was cut short.
  const marker = inRoot("node_modules", ".package-lock.json");
  if (changed(marker) >= changed(inRoot("package-lock.json"))) return step("packages are installed");
  step("npm ci");
  // The build needs the development packages even where npm is set to leave them out.
  await npm(run, "ci", "--include=dev", "--no-audit", "--no-fund");
}

async function build({ run }) {
  const results = [manifest.main, cli].map((file) => inRoot(file));
  const sources = ["sdk", "provider", "package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];
  const newest = Math.max(...sources.map((name) => newestIn(inRoot(name))));
  if (results.every(existsSync) && changed(buildStamp) >= newest) return step("dist/ is up to date");
  step("npm run build");
  const started = new Date();
  await npm(run, "run", "--silent", "build");
  mkdirSync(path.dirname(buildStamp), { recursive: true });
  writeFileSync(buildStamp, "");
  utimesSync(buildStamp, started, started);
}

async function npm(run, ...args) {
  // Started by npm, this is the same npm again, and needs no shell on Windows.
  const script = process.env.npm_execpath;
  const code = script?.endsWith("npm-cli.js")
    ? await run(process.execPath, [script, ...args])
    : await run("npm", args, process.env, process.platform === "win32");
  if (code !== 0) throw new Failure(`npm ${args.join(" ")} failed.`, code);
}

async function node({ run }, ...args) {
  const code = await run(process.execPath, args);
  if (code !== 0) throw new Failure(`node ${args.join(" ")} failed.`, code);
}

function storeFile() {
  return path.join("examples", "quickstart-duckdb", ".connections", "connections.db");
}

/** When a file was changed; a missing one is older than everything. */
function changed(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The newest change in a folder, the folder's own included: it tells of deleted files. */
function newestIn(file) {
  const inside = statSync(file, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(file, { recursive: true }) : [];
  return Math.max(changed(file), ...inside.map((name) => changed(path.join(file, name))));
}

const next = `
What to try next
  1. Change the warehouse behind Pulumi's back, one table more and one less:
       npm run warehouse -- "CREATE TABLE labour.payroll AS SELECT month, nonfarm FROM labour.employment; DROP TABLE budget.forecasts"
  2. See the drift:              npm run preview
  3. Bring the registration up to date:  npm start
  4. Take it all down again:     npm run destroy
Delete examples/quickstart-duckdb/warehouse/ to get the original warehouse back.`;

main().catch((error) => {
  console.error(error.message);
  process.exitCode = error.exitCode ?? 1;
});
