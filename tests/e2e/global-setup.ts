import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ensureBuilt } from "../support/build";
import { BIN_DIR } from "./environment";

const run = promisify(execFile);
const root = resolve(__dirname, "../..");

/** Builds the package where that is needed and finds a Pulumi CLI; the tests learn its folder from the environment. */
export default async function globalSetup(): Promise<void> {
  await ensureBuilt();
  try {
    const { stdout } = await run(process.execPath, [join(root, "tools/pulumi-cli/ensure.mjs")], { cwd: root });
    process.env[BIN_DIR] = stdout.trim();
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const reason = (stderr ?? String(error)).trim();
    if (process.env["CI"]) throw new Error(`end-to-end tests need a Pulumi CLI:\n${reason}`);
    delete process.env[BIN_DIR];
    console.error(`\n!!! END-TO-END TESTS SKIPPED: no Pulumi CLI: ${reason.replaceAll("\n", " ")} !!!\n`);
  }
}
