import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startServer } from "./databricks/start-server.cjs";
import { DATABRICKS_SERVER, FAKESNOW_PYTHON } from "./environment";

/** Finds or installs the third-party servers; the tests learn of them from the environment. */
export default async function globalSetup(): Promise<void> {
  await offer("Snowflake", "Python with venv and pip", FAKESNOW_PYTHON, () => ensured("snowflake"));
  await offer("Databricks", "Python with venv and pip, Java 17, Maven and PostgreSQL", DATABRICKS_SERVER, async () => {
    const server = await startServer(await ensured("databricks"));
    return server.address;
  });
}

/** Puts what is found into the environment; without it, tests are skipped with a loud line, or fail where nobody reads it. */
async function offer(platform: string, needs: string, variable: string, find: () => Promise<string>): Promise<void> {
  try {
    process.env[variable] = await find();
  } catch (error) {
    const reason = ((error as { stderr?: string }).stderr ?? String(error)).trim().replaceAll("\n", " ");
    if (process.env["CI"]) throw new Error(`tests against a ${platform} server need ${needs}: ${reason}`);
    delete process.env[variable];
    console.error(`\n!!! TESTS AGAINST A ${platform.toUpperCase()} SERVER SKIPPED: ${reason} !!!\n`);
  }
}

async function ensured(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, folder, "ensure.mjs")]);
  return stdout.trim();
}
