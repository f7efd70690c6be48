import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureBuilt } from "../support/build";
import { FAKESNOW_PYTHON } from "./environment";

/** Builds the package, and finds or installs the third-party servers; the tests learn of them from the environment. */
export default async function globalSetup(): Promise<void> {
  await ensureBuilt();
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, "snowflake", "ensure.mjs")]);
    process.env[FAKESNOW_PYTHON] = stdout.trim();
  } catch (error) {
    const reason = ((error as { stderr?: string }).stderr ?? String(error)).trim().split("\n").at(-1)!;
    if (process.env["CI"]) throw new Error(`tests against a Snowflake server need Python with venv and pip: ${reason}`);
    delete process.env[FAKESNOW_PYTHON];
    console.error(`\n!!! TESTS AGAINST A SNOWFLAKE SERVER SKIPPED: no fakesnow: ${reason} !!!\n`);
  }
}
