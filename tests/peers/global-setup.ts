import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureBuilt } from "../support/build";
import { startServer } from "./databricks/start-server.cjs";
import { DATABRICKS_SERVER, FAKESNOW_PYTHON, SCHEMATHESIS_PYTHON } from "./environment";

/** Builds the package, and finds or installs the third-party servers and tools; the tests learn of them from the environment. */
export default async function globalSetup(): Promise<void> {
  await ensureBuilt();
  await offer("tests against a Snowflake server", "Python with venv and pip", FAKESNOW_PYTHON, () => ensured("snowflake"));
  await offer("tests of the HTTP API against its document", "Python with venv and pip", SCHEMATHESIS_PYTHON, () => ensured("schemathesis"));
  await offer(
    "tests against a Databricks server",
    "Python with venv and pip, Java 17, Maven and PostgreSQL",
    DATABRICKS_SERVER,
    async () => {
      const server = await startServer(await ensured("databricks"));
      return server.address;
    },
  );
}

/** Puts what is found into the environment; without it, tests are skipped with a loud line, or fail where nobody reads it. */
async function offer(tests: string, needs: string, variable: string, find: () => Promise<string>): Promise<void> {
  try {
    process.env[variable] = await find();
  } catch (error) {
    const reason = ((error as { stderr?: string }).stderr ?? String(error)).trim().replaceAll("\n", " ");
    if (process.env["CI"]) throw new Error(`${tests} need ${needs}: ${reason}`);
    delete process.env[variable];
    console.error(`\n!!! ${tests.toUpperCase()} SKIPPED: ${reason} !!!\n`);
  }
}

async function ensured(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, folder, "ensure.mjs")]);
  return stdout.trim();
}
