// The server of the page's tests, pictures and benchmark: node server-child.mjs STORE TABLES PORT. Listens on a store with a company's
// connection `acme` and, where TABLES is not 0, `lake` of so many tables; what is there already stays. Says where it listens and the keys
// of its users as one line of JSON. A line on standard input is something that happens on the platform; it is answered with a line.
// It ends with its input.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { largePlatform, storyPlatform } from "./story-platform.mjs";

const require = createRequire(import.meta.url);
const built = (name) => require(`../../dist/sdk/${name}.js`);
const { createEngine } = built("engine/engine");
const { createIdentity } = built("engine/identity/identity");
const { createSecretBox } = built("engine/secret-box");
const { secretKeys } = built("engine/secret-keys");
const { openSqliteStore } = built("store/sqlite/sqlite-store");
const { createServer } = built("server/server");
const { hasPage, PAGE_FOLDER } = built("server/page/page");

const ADMIN_KEY = "an-administrators-key-for-the-page";
const LEGACY_HOST = "retail.snowflakecomputing.com";
const FEEDS = { tags: { enabled: true }, lineage: { enabled: true }, audit: { enabled: true } };

const [, , file, tables, port] = process.argv;
const store = openSqliteStore(file);
const keys = secretKeys(`${file}.key`, process.env);
const secrets = createSecretBox((forSealing) => keys.load(forSealing));
const onError = (error) => console.error(error);
const identity = createIdentity({ store, loadKeys: () => keys.load(true), onError });
const { platform, changes } = storyPlatform("Snowflake");
const engine = createEngine({ store, platforms: [platform, largePlatform(Number(tables))], secrets, baseDirectory: "/" });

await identity.ensureAdministrator({ CONNECTIONS_ADMIN_API_KEY: ADMIN_KEY });
await ensureRegistered("acme", {
  connection: {
    technology: "Snowflake",
    hostname: "acme.snowflakecomputing.com",
    warehouse: "GOV_WH",
    role: "GOV",
    username: "GOV_SYSTEM",
  },
  nativeIntegration: { type: "Snowflake", autoBootstrap: false, config: FEEDS },
});
if (Number(tables) > 0) await ensureRegistered("lake", { connection: { technology: "Large" } });

if (!hasPage(PAGE_FOLDER)) throw new Error("the page was not built: npm run build");
const page = { folder: PAGE_FOLDER, secrets };
const app = createServer({ engine, identity, version: "0.0.0", checkReady: async () => undefined, page });
app.addHook("onClose", () => engine.close());
const address = await app.listen({ host: "127.0.0.1", port: Number(port) });
const readerKey = await keyOf("rita", ["CREATE_DATA_SOURCE"]);
const stewardKey = await keyOf("stella", ["GOVERNANCE"]);
await ensureGroup("sales team");
const ownerKey = await keyOf("olga", []);
await own("olga", ["acme", "SALES", "CORE"]);
console.log(JSON.stringify({ address, keys: { admin: ADMIN_KEY, reader: readerKey, steward: stewardKey, owner: ownerKey } }));

for await (const line of createInterface({ input: process.stdin })) {
  const work = { ...changes, past: writePast, legacy: registerOneByOne, drift, sync: () => ended(engine.crawl(["acme"])) }[line];
  if (work === undefined) throw new Error(`nothing is called ${line}`);
  await work();
  console.log(JSON.stringify({ done: line }));
}
app.server.closeAllConnections();
await app.close();

async function ensureRegistered(connectionKey, registration) {
  const { hits } = await engine.searchObjects([]);
  if (hits.some(({ objectPath }) => objectPath[0] === connectionKey)) return;
  await ended(engine.registerConnection({ connectionKey, ...registration }));
}

async function ended(started) {
  const { bulkId } = await started;
  const [job] = await engine.waitForJobs(bulkId);
  if (job.output?.error !== undefined) throw new Error(job.output.error);
}

/** The key of a user; a new one at each start. */
async function keyOf(name, permissions) {
  if (!(await identity.listUsers()).some((user) => user.name === name)) await identity.createUser({ name, permissions });
  return (await identity.createKey({ user: name })).key;
}

async function ensureGroup(name) {
  if (!(await identity.listGroups()).some((group) => group.name === name)) await identity.createGroup(name);
}

async function own(name, objectPath) {
  const { id } = (await identity.listUsers()).find((user) => user.name === name);
  await engine.updateSettings(objectPath, { dataOwners: [{ type: "user", id }] });
}

/** A Pulumi program declares two databases active, and somebody changes one of them. */
async function drift() {
  const program = engine.as({ name: "ci", permissions: ["GOVERNANCE"], principals: [], isProgram: true });
  await program.updateSettings(["acme", "FINANCE"], { isActive: true });
  await program.updateSettings(["acme", "HR"], { isActive: true });
  const steward = engine.as({ name: "stella", permissions: ["GOVERNANCE"], principals: [] });
  await steward.updateSettings(["acme", "HR"], { isActive: null });
}

/** An account of the time before connections: some data sources, one of them of a table that is gone, some with tags. */
async function registerOneByOne() {
  const address = { hostname: LEGACY_HOST, port: 443 };
  const login = { username: "svc", password: "an-old-password", warehouse: "WH", authenticationMethod: "userPassword" };
  const config = { host: LEGACY_HOST, port: 443, password: "an-old-password" };
  await engine.legacy.createIntegration({ type: "Snowflake", autoBootstrap: false, config });
  const handler = [
    ["FINANCE", "LEDGER", "ACCOUNTS"],
    ["FINANCE", "LEDGER", "POSTINGS"],
    ["SALES", "RAW", "CLICKS_2019"],
  ].map(([database, schema, table]) => ({
    metadata: { ...address, ...login, database, schema, table, dataSourceName: `retail ${schema} ${table}`.toLowerCase() },
  }));
  await engine.legacy.register("snowflake", {
    handler,
    dataSource: { blobHandlerType: "Snowflake", type: "queryable", recordFormat: "" },
    schemaEvolution: { disabled: true },
  });
  await engine.legacy.saveCollection({
    connectionKey: "retail-core",
    connection: { handler: "Snowflake", ...address, database: "SALES", schema: "CORE", ...login },
    nameTemplate: { dataSourceFormat: "retail <schema> <tablename>" },
    sources: ["CUSTOMERS", "ORDERS"].map((table) => ({ table, schema: "CORE" })),
    options: { tableTags: ["Sales"] },
  });
}

/** Syncs of the last four weeks, so that there is something over time. */
async function writePast() {
  const { createdAt } = await store.getConnection("acme");
  // The sync that registered it a moment ago would be the last of this past, and its largest.
  const [registered] = await store.listSyncRecords("acme");
  await store.recordSync({ connectionKey: "acme", createdAt }, registered, new Date(Date.parse(registered.at) + 1).toISOString());
  for (let day = 28; day >= 1; day--) {
    const grown = 28 - day;
    const record = {
      at: new Date(Date.now() - day * 24 * 3_600_000).toISOString(),
      databases: 3,
      schemas: 6,
      tables: 10 + Math.floor(grown / 4),
      dataSources: 1 + Math.floor(grown / 5),
      missing: grown % 9 < 3 ? 1 : 0,
      drift: (grown * 7) % 5,
      durationMilliseconds: 90 + grown * 5 + ((grown * 977) % 60),
    };
    await store.recordSync({ connectionKey: "acme", createdAt }, record, "");
  }
}
