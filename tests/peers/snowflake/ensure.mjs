// Finds a Python with fakesnow in the user's cache folder, or puts one there. Prints the path of the interpreter:
// node ensure.mjs. Where there is no Python with venv and pip, or no package registry, it says so and ends with 1.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const requirements = path.join(here, "requirements.txt");
const windows = process.platform === "win32";

const MINUTE = 60_000;
const CHECK_LIMIT = MINUTE;
const INSTALL_LIMIT = 10 * MINUTE;

/** @returns {Promise<string>} the interpreter's path. */
export async function ensureFakesnow({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const root = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "pulumi-connections");
  // Another list of packages is another folder.
  const folder = path.join(root, `fakesnow-${createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return checked(folder);

  log("installing fakesnow for the tests against a Snowflake server, usually half a minute, once");
  await mkdir(root, { recursive: true });
  const partial = await mkdtemp(path.join(root, ".partial-"));
  try {
    await run(windows ? "python" : "python3", ["-m", "venv", partial], { timeout: INSTALL_LIMIT });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
    await run(interpreter(partial), pip, { timeout: INSTALL_LIMIT });
    await checked(partial);
    // Under its final name only when it is whole. Only the interpreter is used, which does not mind being moved.
    await rename(partial, folder).catch((error) => {
      // Another process was first.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return checked(folder);
}

function interpreter(folder) {
  return windows ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");
}

async function checked(folder) {
  try {
    await run(interpreter(folder), ["-c", "import duckdb, fakesnow, uvicorn"], { timeout: CHECK_LIMIT });
  } catch (error) {
    throw new Error(`${folder} has no working fakesnow; delete it and try again (${lastLine(error)})`, { cause: error });
  }
  return interpreter(folder);
}

function lastLine(error) {
  return (error.stderr || error.message).trim().split("\n").at(-1);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(await ensureFakesnow());
  } catch (error) {
    console.error(lastLine(error));
    process.exitCode = 1;
  }
}
