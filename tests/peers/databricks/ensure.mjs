// Finds what the Databricks server of the tests is made of: a Python with Spark and a JDBC driver in the user's cache folder (or puts
// them there), Java, and PostgreSQL. Prints it as JSON: node ensure.mjs. Where something is missing, it says what and ends with 1.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { postgresPrograms } from "../../support/postgres/postgres.mjs";
import { cacheRoot, ensurePython, lastLine, printWhenStarted } from "../ensure-python.mjs";

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));

const JDBC = { group: "org.postgresql", name: "postgresql", version: "42.7.4" };
const DOWNLOAD_LIMIT = 5 * 60_000;

/** @returns {Promise<{ sparkHome: string, jdbcJar: string, postgres: string }>} `postgres`: the folder of its programs. */
export async function ensureSpark({ log } = {}) {
  const postgres = postgresPrograms();
  await needed("java", ["-version"], "Java 17 or later");
  const python = await ensurePython({
    name: "pyspark",
    requirements: path.join(here, "requirements.txt"),
    modules: "pyspark",
    purpose: "the tests against a Databricks server",
    log,
  });
  const { stdout } = await run(python, ["-c", "import pyspark, os; print(os.path.dirname(pyspark.__file__))"]);
  return { sparkHome: stdout.trim(), jdbcJar: await jdbcDriver(), postgres };
}

async function jdbcDriver() {
  const folder = path.join(cacheRoot, "jars");
  const jar = path.join(folder, `${JDBC.name}-${JDBC.version}.jar`);
  if (existsSync(jar)) return jar;
  await mkdir(folder, { recursive: true });
  const artifact = `${JDBC.group}:${JDBC.name}:${JDBC.version}`;
  const goal = ["-q", "-B", "dependency:copy", `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
  await needed("mvn", goal, `Maven, which copies ${artifact}`, DOWNLOAD_LIMIT);
  return jar;
}

async function needed(program, args, what, timeout = 60_000) {
  try {
    // Maven reads the project of the folder that it runs in.
    await run(program, args, { timeout, cwd: here });
  } catch (error) {
    throw new Error(`${what} is needed (${lastLine(error)})`, { cause: error });
  }
}

await printWhenStarted(import.meta.url, async () => JSON.stringify(await ensureSpark()));
