import { join } from "node:path";
import { createClient } from "../../sdk";
import { startServer, type ServedProcess } from "../support/serve-command";
import { duckdb } from "./duckdb";
import { execute, root, story } from "./harness";
import { Project } from "./project";

const TENANTS = ["europe", "asia"] as const;
type Tenant = (typeof TENANTS)[number];
const KEYS: Readonly<Record<Tenant, string>> = { europe: "key-of-europe-of-some-length", asia: "key-of-asia-of-some-length" };

/** The same connection key at both tenants: nothing but the provider tells them apart. */
const RESOURCES = `
  const config = new pulumi.Config();
  const endpoints = config.requireObject("endpoints");
  const orders = {};
  for (const [tenant, isActive] of [["europe", true], ["asia", false]]) {
    const provider = new ConnectionsProvider(tenant, { endpoint: endpoints[tenant], apiKey: config.requireSecret(tenant) });
    const connection = { technology: "DuckDB", databases: { sales: \`./\${tenant}.duckdb\` } };
    const warehouse = new Connection(\`\${tenant}-warehouse\`, { connectionKey: "warehouse", connection }, { provider });
    const parent = new pulumi.ComponentResource("example:index:Team", tenant, {}, { provider });
    const status = new ObjectStatus(\`\${tenant}-orders\`, { objectPath: "warehouse/sales/main/orders", isActive }, { parent });
    const { state } = getObjectOutput({ objectPath: status.objectPath }, { provider, dependsOn: [status] });
    const { objects } = getObjectsOutput({ objectPath: "warehouse", objectTypes: ["table"] }, { parent, dependsOn: warehouse });
    orders[tenant] = { state, tables: objects.apply((all) => all.map(({ objectPath }) => objectPath[3])) };
  }
  exports.orders = orders;`;

story("a program with two tenants", () => {
  const project = new Project();
  const servers: Partial<Record<Tenant, ServedProcess>> = {};
  const client = (tenant: Tenant) => createClient({ endpoint: servers[tenant]!.endpoint, apiKey: KEYS[tenant] });

  async function serve(tenant: Tenant): Promise<void> {
    const environment = {
      ...project.environment,
      CONNECTIONS_STORE: project.path(`${tenant}.db`),
      CONNECTIONS_ADMIN_API_KEY: KEYS[tenant],
    };
    for (const name of ["CONNECTIONS_ENDPOINT", "CONNECTIONS_API_KEY"]) Reflect.deleteProperty(environment, name);
    servers[tenant] = await startServer(project.folder, [], environment);
    await project.pulumi("config", "set", "--path", `endpoints.${tenant}`, servers[tenant].endpoint);
  }
  const stateAt = async (tenant: Tenant) => {
    const api = client(tenant);
    try {
      return (await api.listOverrides(["warehouse"])).map(({ objectPath, overrides }) => [objectPath.join("/"), overrides.isActive]);
    } finally {
      await api.close();
    }
  };

  beforeAll(async () => {
    await project.init();
    // Whoever asked here would get no answer: it counts for the tenant of the stack's configuration alone.
    Object.assign(project.environment, { CONNECTIONS_ENDPOINT: "http://127.0.0.1:1", CONNECTIONS_API_KEY: "of-nobody" });
    for (const tenant of TENANTS) {
      await duckdb(project.path(`${tenant}.duckdb`), `CREATE TABLE orders (id INTEGER); CREATE TABLE only_${tenant} (id INTEGER)`);
      await serve(tenant);
      await project.pulumi("config", "set", "--secret", tenant, KEYS[tenant]);
    }
    project.program(RESOURCES);
  });
  afterAll(async () => {
    for (const server of Object.values(servers)) await server.stop();
  });

  it("registers at each what is declared for it, after a preview that writes nothing", async () => {
    const changes = ["asia-orders: create", "asia-warehouse: create", "europe-orders: create", "europe-warehouse: create"];
    expect(await project.preview()).toMatchObject({ code: 0, errors: "", changes });
    for (const tenant of TENANTS) await expect(stateAt(tenant)).rejects.toThrow(/there is no connection "warehouse"/);
    expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "", changes });
    expect(await stateAt("europe")).toContainEqual(["warehouse/sales/main/orders", true]);
    expect(await stateAt("asia")).toContainEqual(["warehouse/sales/main/orders", false]);
    expect(await project.stackOutputs()).toEqual({
      orders: {
        europe: { state: "active", tables: ["only_europe", "orders"] },
        asia: { state: "inactive", tables: ["only_asia", "orders"] },
      },
    });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("has no key in its state, outputs or messages", async () => {
    const exported = await project.pulumi("stack", "export");
    const shown = await project.preview("--diff");
    for (const key of Object.values(KEYS)) expect(exported.stdout + shown.stdout + shown.stderr).not.toContain(key);
    expect(exported.stdout).toContain(servers.europe!.endpoint);
  });

  it("shows drift where it is, and mends it there", async () => {
    const api = client("asia");
    await api.updateSettings(["warehouse", "sales", "main", "orders"], { isActive: true });
    await api.close();
    const preview = await project.preview();
    expect(preview).toMatchObject({ code: 0, changes: ["asia-orders: update"] });
    expect(preview.drift["asia-orders"]).toEqual([expect.stringMatching(/^isActive: recorded false, is true \(changed by admin/)]);
    expect(await project.up()).toMatchObject({ code: 0, changes: ["asia-orders: update"] });
    expect(await stateAt("asia")).toContainEqual(["warehouse/sales/main/orders", false]);
  });

  it("follows a tenant to another address, and replaces nothing", async () => {
    await servers.europe!.stop();
    await serve("europe");
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: [] });
    expect(await project.refresh()).toMatchObject({ code: 0, errors: "" });
    expect(await stateAt("europe")).toContainEqual(["warehouse/sales/main/orders", true]);
  });

  it("says what a tenant lacks, and fails where its key is refused", async () => {
    const declare = (args: string) => {
      project.program(`new ConnectionsProvider("europe", ${args});`);
      return project.preview();
    };
    expect((await declare("{}")).errors).toContain('ConnectionsProvider "europe": give either an endpoint or a store');
    expect((await declare('{ endpoint: "http://127.0.0.1:1" }')).errors).toContain('ConnectionsProvider "europe": apiKey: is missing');
    expect((await declare('{ endpoint: "http://127.0.0.1:1", apiKey: pulumi.output("") }')).errors).toContain(
      'ConnectionsProvider "europe": apiKey: expected a text that is not empty',
    );
    project.program(`
      const provider = new ConnectionsProvider("europe", { endpoint: "${servers.europe!.endpoint}", apiKey: "wrong-key-of-some-length" });
      exports.state = getObjectOutput({ objectPath: "warehouse" }, { provider }).state;`);
    const refused = await project.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.errors).toMatch(/getObject: .*(key|credential)/i);
    expect(refused.errors + refused.stdout).not.toContain("wrong-key-of-some-length");
  });

  it("leaves nothing behind at either", async () => {
    project.program(RESOURCES);
    expect(await project.destroy()).toMatchObject({ code: 0, errors: "" });
    for (const tenant of TENANTS) await expect(stateAt(tenant)).rejects.toThrow(/there is no connection "warehouse"/);
  });
});

story("functions in a program", () => {
  const project = new Project();
  const tables = Array.from({ length: 30 }, (_, index) => `t${String(index).padStart(2, "0")}`);

  beforeAll(async () => {
    await project.init();
    await duckdb(project.path("sales.duckdb"), tables.map((name) => `CREATE TABLE ${name} (id INTEGER);`).join("\n"));
    const connection = { technology: "DuckDB", databases: { sales: project.path("sales.duckdb") } };
    await project.connections("register", "--json", JSON.stringify({ connectionKey: "warehouse", connection }));
    await project.connections("settings", "warehouse/sales/main/t01", "--active", "true");
  });

  it("read objects, page by page, and drift, while the program runs", async () => {
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE late (id INTEGER)");
    project.write("governance.yaml", "connections:\n  warehouse:\n    rules:\n      - sales.main.t02: active\n");
    project.program(`
      module.exports = async () => {
        const one = await getObject({ objectPath: ["warehouse", "sales", "main", "t01"], columns: true });
        const first = await getObjects({ objectPath: "warehouse/sales/main", objectTypes: ["table"], size: 20 });
        const rest = await getObjects({ objectPath: "warehouse/sales/main", objectTypes: ["table"], after: first.next });
        const active = await getObjects({ state: "active" });
        const drift = await getDrift({ file: "governance.yaml" });
        const unknown = await getObject({ objectPath: "warehouse/nope" }).catch((error) => error.message);
        const names = ({ objects }) => objects.map(({ objectPath }) => objectPath.at(-1));
        return {
          one: { state: one.state, columns: one.columns.map(({ name }) => name) },
          pages: [names(first), names(rest)],
          last: rest.next === null,
          active: names(active),
          drift: drift.items.map(({ objectPath, what }) => objectPath + ": " + what),
          unknown,
        };
      };`);
    expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "" });
    expect(await project.stackOutputs()).toEqual({
      one: { state: "active", columns: ["id"] },
      pages: [tables.slice(0, 20), tables.slice(20)],
      last: true,
      active: ["t01"],
      drift: [
        "warehouse/sales/main/t01: isActive: recorded not set (inherited), is true",
        "warehouse/sales/main/t02: isActive: recorded true, is not set (inherited)",
        "warehouse/sales/main/late: table appeared: starts inactive",
      ],
      unknown: expect.stringMatching(/there is no database "nope" in warehouse/) as string,
    });
  });

  it("are not loaded by a program that only declares resources", async () => {
    const program = `
      require("pulumi-connections");
      console.log(JSON.stringify(Object.keys(require.cache)));`;
    const { stdout } = await execute(process.execPath, ["-e", program], project.folder, project.environment);
    const loaded = JSON.parse(stdout) as string[];
    const heavy = /node_modules[/\\](zod|axios|kysely|libsql|fastify|snowflake-sdk|@databricks|@duckdb)[/\\]/;
    expect(loaded.filter((file) => heavy.test(file))).toEqual([]);
    expect(loaded.filter((file) => file.startsWith(join(root, "dist", "provider", "functions")))).toEqual([
      join(root, "dist", "provider", "functions.js"),
    ]);
  });
});
