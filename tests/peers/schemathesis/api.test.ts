import { spawn } from "node:child_process";
import { join } from "node:path";
import { createClient } from "../../../sdk/client/client";
import type { Route } from "../../../sdk/server/route";
import { legacyRoutes } from "../../../sdk/server/routes/legacy";
import { upgradeRoutes } from "../../../sdk/server/routes/upgrade";
import { routes } from "../../../sdk/server/server";
import { duckdb } from "../../e2e/duckdb";
import { startServer, type ServedProcess } from "../../support/serve-command";
import { temporaryFolder } from "../../support/temporary";
import { SCHEMATHESIS_PYTHON } from "../environment";

const python = process.env[SCHEMATHESIS_PYTHON];
const describeTool = python === undefined ? describe.skip : describe;

/** More examples for a longer run, another seed for another run. */
const EXAMPLES = process.env["SCHEMATHESIS_EXAMPLES"] ?? "6";
const SEED = process.env["SCHEMATHESIS_SEED"] ?? "1";

const KEY = "an-administrators-key-of-some-length";
/** Proxies that nobody keeps: what would leave the machine fails at once. */
const NO_NETWORK = { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "127.0.0.1" };

/** What is allowed in some states of a connection only. */
const STATEFUL = "^(patch|post)_api_connections";

describeTool("the HTTP API against its own OpenAPI document", () => {
  let server: ServedProcess;
  let bulkId: string;
  let jobId: string;
  let folder: string;

  beforeAll(async () => {
    folder = temporaryFolder();
    await duckdb(
      join(folder, "sales.duckdb"),
      "CREATE TABLE orders (id INTEGER, name VARCHAR); CREATE VIEW recent AS SELECT * FROM orders",
    );
    const environment = { ...process.env, ...NO_NETWORK, CONNECTIONS_ADMIN_API_KEY: KEY };
    server = await startServer(folder, ["--log-level", "error"], environment);
    // Only an active connection can be patched, only an inactive one deleted by /api/connections.
    await ensureRegistered(true);
  });
  afterAll(() => server?.stop());

  /** What was deleted is there again. */
  async function ensureRegistered(isActive: boolean): Promise<void> {
    const client = createClient({ endpoint: server.endpoint, apiKey: KEY });
    const { hits } = await client.searchObjects([]);
    if (!hits.some(({ objectPath }) => objectPath[0] === "shop")) {
      const connection = { technology: "DuckDB", databases: { sales: "sales.duckdb" } };
      ({ bulkId } = await client.registerConnection({ connectionKey: "shop", connection }));
      jobId = (await client.waitForJobs(bulkId))[0]!.id;
    }
    await client.updateSettings(["shop"], { isActive });
    await client.close();
  }

  // What deletes comes last, so that there is something to call until then.
  it("holds for everything that reads and writes", async () => {
    expect(await schemathesis("--exclude-method", "DELETE", "--exclude-operation-id-regex", STATEFUL)).toBe("no failures");
  });

  it.each([
    ["patch", "", true],
    ["post", "_activate", false],
    ["post", "_deactivate", true],
  ])("holds for %s /api/connections/{connectionKey}%s", async (method, operation, isActive) => {
    await ensureRegistered(isActive);
    expect(await schemathesis("--include-operation-id-regex", `^${method}_api_connections_connectionKey${operation}$`)).toBe("no failures");
  });

  it.each(["data_object", "data_connection", "api_connections"])("holds for DELETE of %s", async (kind) => {
    await ensureRegistered(false);
    expect(await schemathesis("--include-operation-id-regex", `^delete_${kind}_`)).toBe("no failures");
  });

  it("was tried beyond refusals: each route has answered with success", async () => {
    const metrics = await (await fetch(`${server.endpoint}/metrics`, { headers: { authorization: KEY } })).text();
    const succeeded = ({ method, path, status }: Route) =>
      metrics.includes(`duration_seconds_count{method="${method}",route="${path}",status="${status ?? 200}"}`);
    // Only a platform with grants can be diagnosed or cleaned up, and only one of the time before connections has accounts to upgrade; those are
    // tried by tests of their own.
    const before: readonly Route[] = [...legacyRoutes, ...upgradeRoutes];
    const tried = routes.filter((route) => !/^\/data\/diagnosis|scripts\/delete$/.test(route.path) && !before.includes(route));
    expect(tried.filter((route) => !succeeded(route)).map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    expect(server.child.exitCode).toBeNull();
  });

  /** @returns what it says where it finds something: the failures, each with the request that shows it. */
  async function schemathesis(...selection: string[]): Promise<string> {
    const args = ["-B", "-m", "schemathesis.cli", "--config-file", join(__dirname, "schemathesis.toml")];
    args.push("run", `${server.endpoint}/openapi.json`, "--header", `Authorization: ${KEY}`);
    args.push("--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--seed", SEED, "--request-timeout", "20");
    args.push("--continue-on-failure", "--no-color", ...selection);
    const environment = {
      ...process.env,
      PYTHONPATH: __dirname,
      SCHEMATHESIS_HOOKS: "hooks",
      CONNECTIONS_TEST_BULK_ID: bulkId,
      CONNECTIONS_TEST_JOB_ID: jobId,
    };
    const child = spawn(python!, args, { cwd: folder, env: environment });
    let said = "";
    for (const output of [child.stdout, child.stderr]) output.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    return code === 0 ? "no failures" : said;
  }
});
