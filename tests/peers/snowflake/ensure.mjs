// A Python with fakesnow. Prints the path of the interpreter: node ensure.mjs

import { fileURLToPath } from "node:url";
import { ensurePython, printWhenStarted } from "../ensure-python.mjs";

/** @returns {Promise<string>} the interpreter's path. */
export function ensureFakesnow({ log } = {}) {
  return ensurePython({
    name: "fakesnow",
    requirements: fileURLToPath(new URL("requirements.txt", import.meta.url)),
    modules: "duckdb, fakesnow, uvicorn",
    purpose: "the tests against a Snowflake server",
    log,
  });
}

await printWhenStarted(import.meta.url, ensureFakesnow);
