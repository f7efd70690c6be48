import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { createClient } from "../../sdk";
import { startServer, type ServedProcess } from "../support/serve-command";
import { temporaryFolder } from "../support/temporary";
import { duckdb } from "../e2e/duckdb";

const main = join(__dirname, "..", "..", "dist", "sdk", "cli", "main.js");
const ADMIN_KEY = "an-administrators-key-of-some-length";

const running: ServedProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** The built server in a folder of its own. */
async function served({ folder = temporaryFolder(), env = { CONNECTIONS_ADMIN_API_KEY: ADMIN_KEY }, flags = [] as string[] } = {}) {
  const server = await startServer(folder, flags, { ...process.env, ...env });
  running.push(server);
  const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8" });
  return { ...server, folder, run };
}

it("serves a store: registers, syncs and sets through the client, and the command line sees it", async () => {
  const { folder, endpoint, run, stop } = await served();
  await duckdb(join(folder, "sales.duckdb"), "CREATE TABLE orders (id INTEGER)");
  const client = createClient({ endpoint, apiKey: ADMIN_KEY });
  const { bulkId } = await client.registerConnection({
    connectionKey: "shop",
    connection: { technology: "DuckDB", databases: { sales: "sales.duckdb" } },
  });
  expect(await client.waitForJobs(bulkId)).toMatchObject([{ state: "completed", requestedBy: "admin" }]);
  await client.updateSettings(["shop", "sales"], { isActive: true });
  expect(await client.listDataSources([])).toMatchObject({ hits: [{ name: "shop.sales.main.orders" }] });
  expect(await client.getConnection("shop")).toMatchObject({ creator: { name: "admin" } });
  expect(run("data-sources", "shop").stdout).toBe("shop.sales.main.orders\n");
  await client.close();
  expect(await stop()).toBe(0);
});

it("lets callers in by key or token, and nobody else", async () => {
  const { endpoint, run, output, folder } = await served({ flags: ["--log-level", "debug"] });
  run("user", "create", "reader", "--permission", "GOVERNANCE");
  const key = run("key", "create", "reader").stdout.trim();
  const status = async (authorization: string) => (await fetch(`${endpoint}/jobs/search`, { headers: { authorization } })).status;
  expect([await status(key), await status(`Bearer ${key}`), await status("wrong"), await status("")]).toEqual([200, 200, 401, 401]);

  const exchange = (init: RequestInit) => fetch(`${endpoint}/bim/apikey/authenticate`, { method: "POST", ...init });
  const json = { "content-type": "application/json" };
  for (const init of [{ headers: { authorization: key } }, { headers: json, body: JSON.stringify({ apikey: key }) }]) {
    const { token } = (await (await exchange(init)).json()) as { token: string };
    expect(await status(`Bearer ${token}`)).toBe(200);
  }
  expect((await exchange({ headers: json, body: JSON.stringify({ apikey: "wrong" }) })).status).toBe(401);

  const [{ id }] = JSON.parse(`[${run("key", "list", "--json").stdout.trim().split("\n").at(-1)}]`) as [{ id: number }];
  run("key", "revoke", String(id));
  for (let tries = 0; (await status(key)) !== 401; tries++) {
    expect(tries).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const secret of [key, ADMIN_KEY]) {
    expect(output()).not.toContain(secret);
    for (const file of ["connections.db", "connections.db-wal"]) {
      const path = join(folder, ".connections", file);
      if (existsSync(path)) expect(readFileSync(path).includes(secret)).toBe(false);
    }
  }
});

it("shows the first administrator's key once, and goes on with it", async () => {
  const { folder, output, stop } = await served({ env: { CONNECTIONS_ADMIN_API_KEY: "" } });
  const [, key = ""] = /shown only now: (\S+)/.exec(output()) ?? [];
  expect(await stop()).toBe(0);
  const again = await served({ folder, env: { CONNECTIONS_ADMIN_API_KEY: "" } });
  expect(again.output()).not.toContain("shown only now");
  const client = createClient({ endpoint: again.endpoint, apiKey: key });
  expect(await client.searchObjects([])).toMatchObject({ count: 0 });
  await client.close();
});

it("keeps the 24-hour schedule", async () => {
  const first = await served();
  await duckdb(join(first.folder, "sales.duckdb"), "CREATE TABLE orders (id INTEGER)");
  const registration = JSON.stringify({
    connectionKey: "shop",
    connection: { technology: "DuckDB", databases: { sales: "sales.duckdb" } },
  });
  expect(first.run("register", "--json", registration).status).toBe(0);
  await first.stop();
  const store = new Database(join(first.folder, ".connections", "connections.db"));
  store.exec("UPDATE connection SET created_at = '2026-01-01T00:00:00.000Z'");
  store.close();

  const { endpoint } = await served({ folder: first.folder });
  const client = createClient({ endpoint, apiKey: ADMIN_KEY });
  const scheduled = async () => (await client.searchJobs()).jobs.find(({ requestedBy }) => requestedBy === "schedule");
  while ((await scheduled())?.state !== "completed") await new Promise((resolve) => setTimeout(resolve, 50));
  await client.close();
});

it("measures requests by route, for callers only", async () => {
  const { endpoint } = await served();
  const get = async (path: string, authorization = ADMIN_KEY) => {
    const response = await fetch(`${endpoint}${path}`, { headers: { authorization } });
    return { status: response.status, text: await response.text() };
  };
  await get("/data/object/secret-name");
  expect((await get("/metrics", "")).status).toBe(401);
  const { text } = await get("/metrics");
  expect(text).toContain('connections_http_request_duration_seconds_count{method="GET",route="/data/object/{objectPath}",status="404"} 1');
  expect(text).not.toContain("secret-name");
});

it("refuses an address that guesses keys for a while, and no other", async () => {
  const { endpoint } = await served({ flags: ["--trust-proxy", "127.0.0.1"] });
  const from = (address: string, authorization: string) =>
    fetch(`${endpoint}/jobs/search`, { headers: { authorization, "x-forwarded-for": address } });
  for (let guess = 0; guess < 10; guess++) expect((await from("192.0.2.1", `guess-${guess}`)).status).toBe(401);
  const refused = await from("192.0.2.1", ADMIN_KEY);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await from("192.0.2.2", ADMIN_KEY)).status).toBe(200);
});

it("believes nobody whom a request is from who was not named", async () => {
  const { endpoint } = await served();
  const guess = (address: string) => fetch(`${endpoint}/jobs/search`, { headers: { authorization: "guess", "x-forwarded-for": address } });
  const statuses: number[] = [];
  for (let host = 1; host <= 11; host++) statuses.push((await guess(`192.0.2.${host}`)).status);
  expect(statuses.at(-1)).toBe(429);
});

it("speaks https with its certificate", async () => {
  const file = (name: string) => join(__dirname, "..", "fixtures", "localhost-certificate", name);
  const { endpoint } = await served({ flags: ["--tls-cert", file("server.pem"), "--tls-key", file("server.key")] });
  expect(endpoint).toMatch(/^https:/);
  const client = createClient({ endpoint, apiKey: ADMIN_KEY, certificateAuthority: readFileSync(file("authority.pem"), "utf8") });
  expect(await client.searchObjects([])).toMatchObject({ count: 0 });
  await client.close();
  await expect(fetch(`${endpoint.replace("https", "http")}/health`)).rejects.toThrow();
});

it.each([
  [["--trust-proxy", "10.0.0.0/8,proxy"], /expected addresses or networks/],
  [["--host", "192.0.2.1"], /--host: 192\.0\.2\.1 is no address of this machine/],
  [["--tls-cert", "cert.pem"], /--tls-cert and --tls-key go together/],
  [["--tls-cert", "cert.pem", "--tls-key", "key.pem"], /--tls-cert: cert\.pem does not exist/],
  [["--port", "70000"], /expected a port from 0 to 65535/],
])("refuses %j", (flags, message) => {
  const { status, stderr } = spawnSync(process.execPath, [main, "serve", ...flags], { cwd: temporaryFolder(), encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});
