// Finds a Python with a list of packages in the user's cache folder, or puts one there. Where there is no Python with venv and
// pip, or no package registry, it says so.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Where downloaded servers are kept from one run to the next. */
export const cacheRoot = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "pulumi-connections");

const run = promisify(execFile);
const windows = process.platform === "win32";

const MINUTE = 60_000;
const CHECK_LIMIT = MINUTE;
const INSTALL_LIMIT = 10 * MINUTE;

/**
 * @param {{ name: string, requirements: string, modules: string, purpose: string, log?: (line: string) => void }} wanted
 *   `requirements`: the file that pins the packages; `modules`: what must be importable, as `import` takes it
 * @returns {Promise<string>} the interpreter's path.
 */
export async function ensurePython({ name, requirements, modules, purpose, log = (line) => process.stderr.write(`${line}\n`) }) {
  // Another list of packages is another folder.
  const folder = path.join(cacheRoot, `${name}-${createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return checked(folder, name, modules);

  log(`installing ${name} for ${purpose}, usually a minute, once`);
  await mkdir(cacheRoot, { recursive: true });
  const partial = await mkdtemp(path.join(cacheRoot, ".partial-"));
  try {
    await run(windows ? "python" : "python3", ["-m", "venv", partial], { timeout: INSTALL_LIMIT });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
    await run(interpreter(partial), pip, { timeout: INSTALL_LIMIT });
    await checked(partial, name, modules);
    // Under its final name only when it is whole. Only the interpreter is used, which does not mind being moved.
    await rename(partial, folder).catch((error) => {
      // Another process was first.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return checked(folder, name, modules);
}

/** Where the module itself was started: prints the path of the interpreter, or why there is none, and then ends with 1. */
export async function printWhenStarted(moduleUrl, ensure) {
  if (!process.argv[1] || realpathSync(process.argv[1]) !== fileURLToPath(moduleUrl)) return;
  try {
    console.log(await ensure());
  } catch (error) {
    console.error(lastLine(error));
    process.exitCode = 1;
  }
}

function interpreter(folder) {
  return windows ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");
}

async function checked(folder, name, modules) {
  try {
    await run(interpreter(folder), ["-c", `import ${modules}`], { timeout: CHECK_LIMIT });
  } catch (error) {
    throw new Error(`${folder} has no working ${name}; delete it and try again (${lastLine(error)})`, { cause: error });
  }
  return interpreter(folder);
}

export function lastLine(error) {
  return (error.stderr || error.message).trim().split("\n").at(-1);
}
