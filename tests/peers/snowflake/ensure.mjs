// Finds a Python with fakesnow in the user's cache folder, or puts one there. Prints the path of the interpreter:
// node ensure.mjs. Where there is no Python with venv and pip, or no package registry, it says so and ends with 1.

import { realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePython, lastLine } from "../python-environment.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

/** @returns {Promise<string>} the interpreter's path. */
export function ensureFakesnow({ log } = {}) {
  return ensurePython({
    name: "fakesnow",
    requirements: path.join(here, "requirements.txt"),
    imports: "duckdb, fakesnow, uvicorn",
    notice: "installing fakesnow for the tests against a Snowflake server, usually half a minute, once",
    log,
  });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(await ensureFakesnow());
  } catch (error) {
    console.error(lastLine(error));
    process.exitCode = 1;
  }
}
