import { readFileSync, rmSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { duckdb } from "./duckdb";
import { story, type Ended } from "./harness";
import { Project } from "./project";
import { filesOf, outside, registered } from "./store";

const KEY = "correct-horse-battery-staple";
const WRONG_KEY = "tr0ub4dor-and-three";
/** A file whose very place is a secret. */
const PLACE = "hidden-place-7319";
const SECRETS = [KEY, WRONG_KEY, PLACE];

const PLAIN_KEY = `encryptionKey: "${KEY}"`;
/** What Pulumi's state marks a secret with. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

const PROGRAM = (encryptionKey: string, file = `./${PLACE}/ledger.duckdb`) => `
  const warehouse = new Connection("warehouse", {
    connectionKey: "warehouse",
    connection: {
      technology: "DuckDB",
      databases: { vault: "./vault.duckdb", ledger: pulumi.secret("${file}") },
      ${encryptionKey},
    },
    settings: { isActive: false },
  });
  new ObjectStatus("ledger", { objectPath: ["warehouse", "ledger"], isActive: true });
  exports.counts = warehouse.counts;`;

story("the key and the place of encrypted files", () => {
  const project = new Project();
  /** Stack traces and all. */
  const debugging = (isOn: boolean) => void (project.environment["CONNECTIONS_DEBUG"] = isOn ? "1" : "");

  beforeAll(async () => {
    await project.init();
    mkdirSync(project.path(PLACE));
    for (const file of ["vault.duckdb", `${PLACE}/ledger.duckdb`, `${PLACE}/moved.duckdb`]) {
      await duckdb(project.path(file), "CREATE TABLE entries (id INTEGER)", KEY);
    }
  });

  afterEach(async () => {
    expect(leaks((await project.pulumi("stack", "export")).stdout)).toEqual([]);
    const files = [".state", ".connections"].flatMap((folder) => filesOf(project.path(folder)).map((name) => join(folder, name)));
    expect(files.filter((name) => leaks(readFileSync(project.path(name), "latin1")).length > 0)).toEqual([]);
  });

  it.each([
    ["an up that fails", false],
    ["an up that fails, with CONNECTIONS_DEBUG", true],
  ])("do not show in %s", async (_title, isDebugging) => {
    debugging(isDebugging);
    project.program(PROGRAM(`encryptionKey: "${WRONG_KEY}"`));
    const wrongKey = await project.up();
    expect(wrongKey.code).not.toBe(0);
    expect(wrongKey.errors).toContain(
      "connection.databases.ledger: [REDACTED] is encrypted with another key; correct connection.encryptionKey",
    );
    expect(leaks(wrongKey)).toEqual([]);

    project.program(PROGRAM(PLAIN_KEY, `./${PLACE}/nowhere.duckdb`));
    const missing = await project.up("--diff");
    expect(missing.code).not.toBe(0);
    expect(missing.errors).toContain("connection.databases.ledger: [REDACTED] does not exist; name a DuckDB file");
    expect(leaks(missing)).toEqual([]);
    expect(await registered(project)).toEqual({});
  });

  it("do not show in an up, though the program writes the key as plain text", async () => {
    debugging(false);
    project.program(PROGRAM(PLAIN_KEY));
    const up = await project.up("--diff");
    expect(up).toMatchObject({ code: 0, errors: "", warnings: "" });
    expect(leaks(up)).toEqual([]);
    expect(await registered(project)).toMatchObject({
      "warehouse/ledger/main/entries": "active",
      "warehouse/vault/main/entries": "inactive",
    });
    const { connection } = (await project.outputs())["warehouse"] as { connection: Record<string, unknown> };
    expect(connection["encryptionKey"]).toHaveProperty(SECRET_MARK);
  });

  it("are the same when the key comes out of the stack's configuration", async () => {
    expect(await project.pulumi("config", "set", "--secret", "key", KEY)).toMatchObject({ code: 0 });
    project.program(PROGRAM('encryptionKey: new pulumi.Config().requireSecret("key")'));
    const preview = await project.preview("--expect-no-changes", "--diff");
    expect(preview).toMatchObject({ code: 0, changes: [] });
    expect(leaks(preview)).toEqual([]);
  });

  it("do not show in previews and refreshes with drift", async () => {
    debugging(true);
    await project.connections("settings", "warehouse", "--active", "true");
    await duckdb(project.path("vault.duckdb"), "CREATE TABLE more (id INTEGER)", KEY);
    const preview = await project.preview("--diff");
    expect(preview.drift["warehouse"]).toEqual([
      expect.stringMatching(/^settings\.isActive: recorded false, is true \(changed by local administrator at \S+Z\)$/) as string,
      "table warehouse/vault/main/more appeared: starts inactive",
    ]);
    for (const run of [preview, await project.preview("--json"), await project.refresh("--diff")]) {
      expect(run).toMatchObject({ code: 0 });
      expect(leaks(run)).toEqual([]);
    }
  });

  it("do not show when the connection is changed outside", async () => {
    debugging(false);
    await outside(project, (api) => {
      const databases = { vault: "./vault.duckdb", ledger: `./${PLACE}/moved.duckdb` };
      return api.updateConnection("warehouse", { connection: { technology: "DuckDB", databases, encryptionKey: KEY } });
    });
    const preview = await project.preview("--diff");
    expect(preview.drift["warehouse"]).toContain(
      "connection.databases: is not as recorded (it holds a secret, so its values are not shown)",
    );
    for (const run of [preview, await project.preview("--refresh", "--diff"), await project.up("--diff")]) {
      expect(run).toMatchObject({ code: 0 });
      expect(leaks(run)).toEqual([]);
    }
  });

  it("do not show when a file moves, or vanishes", async () => {
    debugging(true);
    await duckdb(project.path(PLACE, "other.duckdb"), "CREATE TABLE entries (id INTEGER)", KEY);
    project.program(PROGRAM(PLAIN_KEY, `./${PLACE}/other.duckdb`));
    const moved = await project.up("--diff");
    expect(moved).toMatchObject({ code: 0, changes: ["warehouse: update"] });
    rmSync(project.path(PLACE, "other.duckdb"));
    const vanished = await project.preview("--diff");
    expect(vanished).toMatchObject({ code: 0, errors: "" });
    expect(vanished.warnings).toContain(
      "warehouse: not all of the platform could be read: connection.databases.ledger: [REDACTED] does not exist",
    );
    debugging(false);
    const refreshed = await project.refresh("--diff");
    expect([moved, vanished, refreshed].map(leaks)).toEqual([[], [], []]);
  });

  it("do not show when the whole connection is a secret", async () => {
    project.program(`
      const connection = { technology: "DuckDB", databases: { vault: "./vault.duckdb", ledger: "./${PLACE}/ledger.duckdb" }, ${PLAIN_KEY} };
      const warehouse = new Connection("warehouse", { connectionKey: "warehouse", connection: pulumi.secret(connection) });
      exports.counts = warehouse.counts;`);
    const up = await project.up("--diff");
    expect(up).toMatchObject({ code: 0, errors: "", changes: ["ledger: delete", "warehouse: update"] });
    await outside(project, (api) => api.updateSettings(["warehouse"], { isActive: true }));
    expect([up, await project.preview("--diff"), await project.destroy("--diff")].map(leaks)).toEqual([[], [], []]);
  });
});

story("a connection that is a secret and no connection", () => {
  it("is refused without being shown", async () => {
    const project = await new Project().init();
    project.program(
      `new Connection("warehouse", { connectionKey: "warehouse", connection: pulumi.secret('{ "encryptionKey": "${KEY}" }') });`,
    );
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.errors).toContain("expected an object, got a string");
    expect(leaks(up)).toEqual([]);
  });
});

story("a name that is a secret", () => {
  it.each([
    ["connectionKey", `new Connection("warehouse", { connectionKey: pulumi.secret("${PLACE}"), connection });`, 'Connection "warehouse"'],
    [
      "objectPath",
      `new ObjectStatus("orders", { objectPath: pulumi.secret(["${PLACE}", "sales"]), isActive: true });`,
      'ObjectStatus "orders"',
    ],
    [
      "objectPath",
      `new ActivationSetting("orders", { objectPath: ["shop", pulumi.secret("${PLACE}")], activateNewChildren: true });`,
      'ActivationSetting "orders"',
    ],
  ])("is refused: %s", async (field, statement, resource) => {
    const project = await new Project().init();
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE orders (id INTEGER)");
    project.program(`
      const connection = { technology: "DuckDB", databases: { sales: "./sales.duckdb" } };
      ${statement}`);
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.errors).toContain(
      `${resource}: ${field}: is a secret, but it becomes the resource's id, which is stored in plain text; give a plain value`,
    );
    expect(leaks(up)).toEqual([]);
    expect(await registered(project)).toEqual({});
    expect(leaks((await project.pulumi("stack", "export")).stdout)).toEqual([]);
  });
});

function leaks(text: string | Ended): string[] {
  const all = typeof text === "string" ? text : text.stdout + text.stderr;
  return SECRETS.filter((secret) => all.includes(secret));
}
