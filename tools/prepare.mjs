// What every command of a fresh clone needs first: a recent Node, the packages, the built sources. Every step is skipped
// when its work is done already. Only Node's own modules are imported: nothing is installed yet.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const inRoot = (...names) => path.join(root, ...names);

export const manifest = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));

// tsc may write files even if it fails, or leave unchanged ones alone: neither's time tells of a whole build.
const buildStamp = inRoot(".pulumi-local", "built");

export const step = (line) => console.log(`> ${line}`);

/** An error whose message says all, with the exit code to end with. */
export class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a script's main function: a failure is printed (CONNECTIONS_DEBUG=1: with its stack) and ends the process with its code. */
export function runMain(main) {
  main().catch((error) => {
    console.error(process.env.CONNECTIONS_DEBUG ? error.stack : error.message);
    process.exitCode = error.exitCode ?? 1;
  });
}

export async function prepare() {
  checkNode();
  const { run } = await import("./pulumi-env.mjs");
  await installPackages({ run });
  await build({ run });
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
  const results = [manifest.main, manifest.bin.connections].map((file) => inRoot(file));
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

export async function npm(run, ...args) {
  // Started by npm, this is the same npm again, and needs no shell on Windows.
  const script = process.env.npm_execpath;
  const code = script?.endsWith("npm-cli.js")
    ? await run(process.execPath, [script, ...args])
    : await run("npm", args, process.env, process.platform === "win32");
  if (code !== 0) throw new Failure(`npm ${args.join(" ")} failed.`, code);
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
