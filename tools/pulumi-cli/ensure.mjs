// Finds a working Pulumi CLI, or puts one in the user's cache folder. Only Node's own modules are
// imported, so that this also runs (and can explain itself) before `npm ci`.

import { spawn } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const windows = process.platform === "win32";
const exe = windows ? ".exe" : "";
const script = windows ? ".cmd" : "";

const CLI = `pulumi${exe}`;
const LANGUAGE_HOST = `pulumi-language-nodejs${exe}`;
// Starts the process in which dynamic providers run; a script, shipped in the npm package @pulumi/pulumi.
const DYNAMIC_HOST = `pulumi-resource-pulumi-nodejs${script}`;
// Starts policy packs; a script, shipped with releases of the CLI and in the Go module of its SDK.
const POLICY_HOST = `pulumi-analyzer-policy${script}`;
const SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const VERSION_LIMIT = 30 * SECOND;
const RELEASE_LIMIT = 5 * MINUTE;
const GO_LIMIT = 30 * MINUTE;
const STALE_AFTER = 24 * 60 * MINUTE;

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<{ binDir: string, version: string, source: "path" | "cache" | "release" | "go" }>}
 */
export async function ensurePulumi({ log = (line) => process.stderr.write(line + "\n") } = {}) {
  const tried = [];
  const sources = [
    ["a Pulumi CLI on PATH", "path", fromPath],
    ["one installed earlier", "cache", fromCache],
    ["the official release", "release", fromRelease],
    ["building it from Go modules", "go", fromGo],
  ];
  for (const [title, source, find] of sources) {
    try {
      return { ...(await find(log)), source };
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      tried.push(`  - ${title}: ${error.message}`);
      if (source === "release") log(`no release: ${error.message}`);
    }
  }
  throw new Error(
    [
      "No working Pulumi CLI. Tried:",
      ...tried,
      "Install Pulumi (https://www.pulumi.com/docs/install/) or Go 1.24 or later (https://go.dev/dl/), and try again.",
    ].join("\n"),
  );
}

class Interrupted extends Error {
  exitCode = 130;
}

// ---------------------------------------------------------------------------------------------- sources

async function fromPath() {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const binDir = folders.find((folder) => existsSync(path.join(folder, CLI)));
  if (!binDir) throw new Error("not found");
  const version = await cliVersion(binDir);
  if (![binDir, ...folders].some((folder) => existsSync(path.join(folder, LANGUAGE_HOST)))) {
    throw new Error(`${path.join(binDir, CLI)} has no ${LANGUAGE_HOST} beside it or on PATH`);
  }
  return { binDir, version };
}

async function fromCache(log) {
  const versions = [sdkVersion, goVersion].map((read) => read().catch(() => undefined));
  const found = (await Promise.all(versions)).filter(Boolean).map(cachedFolder).filter(existsSync);
  if (found.length === 0) throw new Error(`nothing in ${cacheRoot()}`);
  const reasons = [];
  for (const folder of found) {
    try {
      const found = await installed(folder);
      // One that was built before this script looked after policy packs.
      if (!existsSync(path.join(found.binDir, POLICY_HOST))) {
        await addPolicyHost(found.binDir).catch((error) => log(`this Pulumi CLI cannot run policy packs: ${error.message}`));
      }
      return found;
    } catch (error) {
      reasons.push(error.message);
    }
  }
  throw new Error(reasons.join("; "));
}

async function fromRelease(log) {
  if (process.env.CONNECTIONS_PULUMI_INSTALL === "go") throw new Error("skipped (CONNECTIONS_PULUMI_INSTALL=go)");
  const version = await sdkVersion();
  log(`getting the Pulumi CLI ${version} (CONNECTIONS_PULUMI_INSTALL=go builds it from source instead)`);
  return install(version, async (folder) => {
    // In a process of its own: the installer cannot be cancelled, a process can be. It installs the SDK's version.
    const code = `
      import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
      await PulumiCommand.install({ root: process.env.ROOT }).catch((error) => {
        process.stderr.write(error.message.trim() + "\\n");
        process.exitCode = 1;
      });`;
    await run(process.execPath, ["--input-type=module", "--eval", code], {
      cwd: here,
      env: { ...process.env, ROOT: folder },
      limit: RELEASE_LIMIT,
      progress: (seconds) => log(`downloading the Pulumi CLI, ${seconds} s so far`),
    });
  });
}

async function fromGo(log) {
  await run("go", ["version"], { limit: VERSION_LIMIT }).catch((error) => {
    throw error.code === "ENOENT" ? new Error("Go is not installed") : error;
  });
  const version = await goVersion();
  const dynamicHost = path.join(path.dirname(sdkManifest()), DYNAMIC_HOST);
  log(`building the Pulumi CLI ${version} from Go modules, usually 3 to 6 minutes, once`);
  return install(version, async (folder) => {
    const binDir = path.join(folder, "bin");
    // A CLI without the version in it answers nothing to `pulumi version`, and Pulumi's own library refuses it.
    const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
    await run("go", ["install", "-trimpath", "-ldflags", `-s -w ${stamp}`, "tool"], {
      cwd: here,
      // A go.work file in a folder above would hide this module.
      env: { ...process.env, GOBIN: binDir, GOWORK: "off" },
      limit: GO_LIMIT,
      progress: (seconds) => log(`building the Pulumi CLI from Go modules, ${seconds} s so far, usually 3 to 6 minutes, once`),
    });
    await copyFile(dynamicHost, path.join(binDir, DYNAMIC_HOST));
    await chmod(path.join(binDir, DYNAMIC_HOST), 0o755);
    await addPolicyHost(binDir);
  });
}

async function addPolicyHost(binDir) {
  // It is downloaded with the CLI's other modules, of the same version as they.
  const folder = await run("go", ["list", "-m", "-f", "{{.Dir}}", SDK_MODULE], {
    cwd: here,
    env: { ...process.env, GOWORK: "off" },
    limit: VERSION_LIMIT,
  });
  await copyFile(path.join(folder.trim(), "nodejs", "dist", POLICY_HOST), path.join(binDir, POLICY_HOST));
  await chmod(path.join(binDir, POLICY_HOST), 0o755);
}

// ---------------------------------------------------------------------------------------- cache folder

function cacheRoot() {
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "pulumi-connections");
}

function cachedFolder(version) {
  return path.join(cacheRoot(), `pulumi-${version}`);
}

/** Fills a folder under another name and renames it, so that a folder with the final name is always whole. */
async function install(version, fill) {
  const target = cachedFolder(version);
  await mkdir(cacheRoot(), { recursive: true });
  await removeStale();
  const partial = await mkdtemp(path.join(cacheRoot(), ".partial-"));
  try {
    await fill(partial);
    await installed(partial);
    await putInPlace(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return installed(target);
}

async function putInPlace(partial, target) {
  try {
    return await rename(partial, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
  // Another process was first: use what it made, unless that is a broken folder from earlier.
  if (await installed(target).catch(() => undefined)) return;
  const aside = await mkdtemp(path.join(cacheRoot(), ".partial-"));
  await rename(target, path.join(aside, "broken"));
  await rename(partial, target);
  await rm(aside, { recursive: true, force: true });
}

/** Leftovers of processes that were killed while installing. */
async function removeStale() {
  for (const name of await readdir(cacheRoot())) {
    const folder = path.join(cacheRoot(), name);
    if (!name.startsWith(".partial-")) continue;
    const age = Date.now() - (await stat(folder).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > STALE_AFTER) await rm(folder, { recursive: true, force: true });
  }
}

async function installed(folder) {
  const binDir = path.join(folder, "bin");
  const missing = [CLI, LANGUAGE_HOST, DYNAMIC_HOST].filter((name) => !existsSync(path.join(binDir, name)));
  if (missing.length > 0) throw new Error(`${missing.join(" and ")} missing in ${binDir}`);
  return { binDir, version: await cliVersion(binDir) };
}

// -------------------------------------------------------------------------------------------- versions

async function cliVersion(binDir) {
  const command = path.join(binDir, CLI);
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const version = (await run(command, ["version"], { env, limit: VERSION_LIMIT })).trim().replace(/^v/, "");
  if (!/^3\./.test(version)) throw new Error(`${command} says version "${version}", need 3.x`);
  return version;
}

function sdkManifest() {
  try {
    return createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
  } catch {
    throw new Error("the npm package @pulumi/pulumi is not installed (run npm ci)");
  }
}

async function sdkVersion() {
  return JSON.parse(await readFile(sdkManifest(), "utf8")).version;
}

async function goVersion() {
  const module = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(await readFile(path.join(here, "go.mod"), "utf8"));
  if (!module) throw new Error("tools/pulumi-cli/go.mod does not name the Pulumi CLI");
  return module[1];
}

// ------------------------------------------------------------------------------------------- processes

/** Runs a command to its end and answers its output; a time limit or Ctrl-C ends its children as well. */
function run(command, args, { cwd, env, limit, progress }) {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / SECOND);
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: !windows });
    let stdout = "";
    let stderr = "";
    let stopped;
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));

    const stop = (reason) => {
      stopped ??= reason;
      try {
        // The negative id is the process group: an installer's own download, a compiler's workers.
        process.kill(windows ? child.pid : -child.pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const interrupt = () => stop(new Interrupted("interrupted: no Pulumi CLI was installed"));
    const timer = setTimeout(() => stop(new Error(`not done after ${seconds()} s, gave up`)), limit);
    const ticker = progress && setInterval(() => progress(seconds()), 10 * SECOND);
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt);

    const settle = (error) => {
      clearTimeout(timer);
      clearInterval(ticker);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      if (error) reject(error);
      else resolve(stdout);
    };
    child.on("error", settle);
    child.on("close", (code, signal) => {
      if (code === 0) return settle();
      const lastLines = stderr.trim().split("\n").slice(-3).join(" / ");
      settle(stopped ?? new Error(lastLines || `${path.basename(command)} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log((await ensurePulumi()).binDir);
  } catch (error) {
    console.error(error.message);
    process.exitCode = error.exitCode ?? 1;
  }
}
