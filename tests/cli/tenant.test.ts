import { spawn } from "node:child_process";
import { join } from "node:path";
import { createClient } from "../../sdk/client/client";
import { duckdb } from "../e2e/duckdb";
import { startServer } from "../support/serve-command";
import { temporaryFolder } from "../support/temporary";

const ROOT = join(__dirname, "..", "..");
const KEY = "an-administrators-key-of-some-length";

it("our own server passes the suite for tenants, which leaves what others registered alone", async () => {
  const folder = temporaryFolder();
  const tables = "CREATE TABLE orders (id INTEGER); CREATE TABLE returns (id INTEGER)";
  for (const file of ["sales.duckdb", "stock.duckdb", "others.duckdb"]) await duckdb(join(folder, file), tables);
  const server = await startServer(folder, [], { ...process.env, CONNECTIONS_ADMIN_API_KEY: KEY });
  const client = createClient({ endpoint: server.endpoint, apiKey: KEY });
  try {
    const connection = { technology: "DuckDB", databases: { others: "others.duckdb" } };
    await client.waitForJobs((await client.registerConnection({ connectionKey: "others", connection })).bulkId);
    const before = [
      await client.getConnection("others"),
      await client.countObjects(["others"]),
      (await client.searchJobs({ objectPath: ["others"] })).jobs,
    ];

    const { code, said } = await jest({
      CONNECTIONS_ENDPOINT: server.endpoint,
      CONNECTIONS_API_KEY: KEY,
      CONNECTIONS_TENANT_CONNECTION: JSON.stringify({
        connection: { technology: "DuckDB", databases: { sales: "sales.duckdb", stock: "stock.duckdb" } },
      }),
    });
    expect([code, code === 0 ? "" : said]).toEqual([0, ""]);
    expect(said).toMatch(/Tests: +\d\d passed/);
    expect(said).not.toMatch(/skipped/);
    expect((await client.searchObjects([])).hits.map(({ objectPath }) => objectPath)).toEqual([["others"]]);
    expect([
      await client.getConnection("others"),
      await client.countObjects(["others"]),
      (await client.searchJobs({ objectPath: ["others"] })).jobs,
    ]).toEqual(before);
  } finally {
    await client.close();
    await server.stop();
  }
});

/** The suite as a user runs it. */
async function jest(environment: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const args = [join(ROOT, "node_modules", "jest", "bin", "jest.js"), "--selectProjects", "tenant"];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...environment } });
  let said = "";
  for (const output of [child.stdout, child.stderr]) output.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, said };
}
