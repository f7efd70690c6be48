// Puts Python packages into a virtual environment in the user's cache folder, once for each list of packages.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const windows = process.platform === "win32";

const MINUTE = 60_000;
const CHECK_LIMIT = MINUTE;
const INSTALL_LIMIT = 10 * MINUTE;

/** Where downloaded servers are kept from one run to the next. */
export const cacheRoot = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "pulumi-connections");

/**
 * @param {{ name: string, requirements: string, imports: string, notice: string, log?: (line: string) => void }} what
 *   `requirements`: the file of exact versions; `imports`: the modules that a whole environment can load
 * @returns {Promise<string>} the interpreter's path.
 */
export async function ensurePython({ name, requirements, imports, notice, log = (line) => process.stderr.write(`${line}\n`) }) {
  // Another list of packages is another folder.
  const folder = path.join(cacheRoot, `${name}-${createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return checked(folder);

  log(notice);
  await mkdir(cacheRoot, { recursive: true });
  const partial = await mkdtemp(path.join(cacheRoot, ".partial-"));
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

  async function checked(environment) {
    try {
      await run(interpreter(environment), ["-c", `import ${imports}`], { timeout: CHECK_LIMIT });
    } catch (error) {
      throw new Error(`${environment} has no working ${name}; delete it and try again (${lastLine(error)})`, { cause: error });
    }
    return interpreter(environment);
  }
}

function interpreter(folder) {
  return windows ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");
}

export function lastLine(error) {
  return (error.stderr || error.message).trim().split("\n").at(-1);
}
