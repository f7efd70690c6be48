import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureBuilt } from "../support/build";
import { FAKESNOW_PYTHON, SCHEMATHESIS_PYTHON } from "./environment";

/** Builds the package, and finds or installs the third-party servers and tools; the tests learn of them from the environment. */
export default async function globalSetup(): Promise<void> {
  await ensureBuilt();
  await findPython("snowflake", FAKESNOW_PYTHON, "fakesnow", "tests against a Snowflake server");
  await findPython("schemathesis", SCHEMATHESIS_PYTHON, "schemathesis", "tests of the HTTP API against its document");
}

async function findPython(folder: string, variable: string, name: string, tests: string): Promise<void> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, folder, "ensure.mjs")]);
    process.env[variable] = stdout.trim();
  } catch (error) {
    const reason = ((error as { stderr?: string }).stderr ?? String(error)).trim().split("\n").at(-1)!;
    if (process.env["CI"]) throw new Error(`${tests} need Python with venv and pip: ${reason}`);
    delete process.env[variable];
    console.error(`\n!!! ${tests.toUpperCase()} SKIPPED: no ${name}: ${reason} !!!\n`);
  }
}
