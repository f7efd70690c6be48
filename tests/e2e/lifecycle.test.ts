import { existsSync, rmSync } from "node:fs";
import { duckdb } from "./duckdb";
import { story } from "./harness";
import type { ServedProcess } from "../support/serve-command";
import { Project } from "./project";
import { hashes, outside, registered, rows } from "./store";

const SALES = `
  CREATE TABLE orders (id INTEGER, amount INTEGER);
  CREATE TABLE customers (id INTEGER);
  CREATE SCHEMA staging; CREATE TABLE staging.raw (line VARCHAR); CREATE TABLE staging.old (line VARCHAR);
  CREATE SCHEMA fresh; CREATE TABLE fresh.first (id INTEGER);`;

/** The status of orders stands before the connection, and no resource says what it depends on. */
const PROGRAM = (connectionKey: string, more = "") => `
  new ObjectStatus("orders", { objectPath: ["${connectionKey}", "sales", "main", "orders"], isActive: true });
  const warehouse = new Connection("warehouse", {
    connectionKey: "${connectionKey}",
    connection: { technology: "DuckDB", databases: { sales: "./sales.duckdb" } },
    settings: { isActive: false, activateNewChildren: false },
  });
  new ActivationSetting("fresh", { objectPath: "${connectionKey}/sales/fresh", activateNewChildren: true });
  ${more}
  exports.objectPath = warehouse.objectPath;
  exports.state = warehouse.state;
  exports.counts = warehouse.counts;
  exports.lastSync = warehouse.lastSync;`;

const STAGING = (connectionKey: string) =>
  `const staging = new ObjectStatus("staging", { objectPath: "${connectionKey}/sales/staging", isActive: true });
   exports.staging = staging.state;`;

describe.each(["in process", "over HTTP"])("%s", (place) => {
  story("a connection from its first preview to its end", () => {
    const project = new Project();
    let server: ServedProcess | undefined;
    const written = () => (server === undefined ? hashes(project.storeFolder) : rows(project.storeFile));
    const sales = project.path("sales.duckdb");

    beforeAll(async () => {
      await project.init();
      await duckdb(sales, SALES);
      project.program(PROGRAM("warehouse", STAGING("warehouse")));
      if (place === "over HTTP") server = await project.serve();
    });

    afterAll(() => server?.stop());

    it("previews the first registration and writes nothing", async () => {
      const preview = await project.preview();
      expect(preview).toMatchObject({ code: 0, errors: "", warnings: "" });
      expect(preview.changes).toEqual(["fresh: create", "orders: create", "staging: create", "warehouse: create"]);
      if (server === undefined) expect(existsSync(project.storeFolder)).toBe(false);
      expect(await registered(project)).toEqual({});
    });

    it("registers everything with one up", async () => {
      expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "" });
      expect(await project.stackOutputs()).toEqual({
        objectPath: ["warehouse"],
        state: "inactive",
        counts: { databases: 1, schemas: 3, tables: 5, dataSources: 0 },
        lastSync: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        staging: "active",
      });
      expect(await registered(project)).toEqual({
        warehouse: "inactive*",
        "warehouse/sales": "inactive",
        "warehouse/sales/fresh": "inactive",
        "warehouse/sales/fresh/first": "inactive",
        "warehouse/sales/main": "inactive",
        "warehouse/sales/main/customers": "inactive",
        "warehouse/sales/main/orders": "active*",
        "warehouse/sales/staging": "active*",
        "warehouse/sales/staging/old": "active",
        "warehouse/sales/staging/raw": "active",
      });
      expect((await project.outputs())["orders"]).toEqual({
        objectPath: ["warehouse", "sales", "main", "orders"],
        isActive: true,
        state: "active",
        objectType: "table",
      });
    });

    it("has nothing to do in a second up", async () => {
      const before = written();
      expect(await project.up("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
      expect(written()).toEqual(before);
    });

    describe("after changes from outside", () => {
      it("names each change in a plain preview, which fails a pipeline and writes nothing", async () => {
        await project.connections("settings", "warehouse", "--active", "true");
        await project.connections("settings", "warehouse/sales/main/orders", "--active", "inherit");
        await duckdb(
          sales,
          `CREATE TABLE fresh.second (id INTEGER);
         CREATE TABLE returns (id INTEGER);
         DROP TABLE staging.old;
         ALTER TABLE orders ADD COLUMN note VARCHAR;
         ALTER TABLE orders ALTER amount TYPE BIGINT;
         `,
        );
        const before = written();
        const preview = await project.preview();
        expect(preview).toMatchObject({ code: 0, errors: "", warnings: "" });
        expect(preview.changes).toEqual(["orders: update", "warehouse: update"]);
        expect(preview.drift["warehouse"]).toEqual([
          expect.stringMatching(/^settings\.isActive: recorded false, is true \(changed by local administrator at \S+Z\)$/) as string,
          "table warehouse/sales/fresh/second appeared: starts active",
          "table warehouse/sales/main/orders changed: column amount changed (type: INTEGER -> BIGINT); column note added",
          "table warehouse/sales/main/returns appeared: starts inactive",
          "table warehouse/sales/staging/old vanished",
        ]);
        expect(preview.drift["orders"]).toEqual([
          expect.stringMatching(/^isActive: recorded true, is not set \(inherited\) \(changed by local administrator at \S+Z\)$/) as string,
        ]);
        expect(preview.diffs["warehouse"]).toEqual(["drift"]);

        expect((await project.preview("--expect-no-changes")).code).not.toBe(0);
        expect(written()).toEqual(before);
      });

      it("tells them to who asks what differs from what the program declared", async () => {
        const drift = await outside(project, (api) => api.listDeclaredDrift(["warehouse"]));
        expect(drift.map(({ objectPath, setting, declared, actual }) => [objectPath.join("/"), setting, declared, actual])).toEqual([
          ["warehouse", "isActive", false, true],
          ["warehouse/sales/main/orders", "isActive", true, null],
        ]);
      });

      it("shows it property by property in preview --refresh --diff", async () => {
        const before = written();
        const preview = await project.preview("--refresh", "--diff");
        expect(preview).toMatchObject({ code: 0, errors: "", warnings: "" });
        const [refresh, update] = preview.stdout.split("pulumi:pulumi:Stack: (same)");
        expect(refresh).toMatch(/~ isActive +: false => true/);
        expect(refresh).toMatch(/~ state +: "inactive" => "active"/);
        expect(refresh).toMatch(/~ changed +: 0 => 1\s+~ missing +: 0 => 1\s+~ new +: 0 => 2\s+returned: 0/);
        expect(refresh).toMatch(/- isActive +: true/);
        expect(update).toMatch(/~ isActive: true => false/);
        expect(update).toMatch(/\+ pulumi-nodejs:dynamic\/connections:ObjectStatus: \(create\)/);
        expect(written()).toEqual(before);
      });

      it("repairs settings and takes in new objects with up", async () => {
        expect(await project.up()).toMatchObject({ code: 0, changes: ["orders: update", "warehouse: update"], warnings: "" });
        expect(await outside(project, (api) => api.listDeclaredDrift(["warehouse"]))).toEqual([]);
        expect(await registered(project)).toEqual({
          warehouse: "inactive*",
          "warehouse/sales": "inactive",
          "warehouse/sales/fresh": "inactive",
          "warehouse/sales/fresh/first": "inactive",
          "warehouse/sales/fresh/second": "active*",
          "warehouse/sales/main": "inactive",
          "warehouse/sales/main/customers": "inactive",
          "warehouse/sales/main/orders": "active*",
          "warehouse/sales/main/returns": "inactive",
          "warehouse/sales/staging": "active*",
          "warehouse/sales/staging/old": "missing",
          "warehouse/sales/staging/raw": "active",
        });
      });

      it.each([
        ["preview", (...args: string[]) => project.preview(...args), []],
        ["refresh --preview-only", (...args: string[]) => project.refresh("--preview-only", ...args), []],
        ["preview --refresh", (...args: string[]) => project.preview("--refresh", ...args), []],
      ])("has nothing to show any more in %s", async (_title, operation) => {
        const before = written();
        const run = await operation("--expect-no-changes");
        expect(run).toMatchObject({ code: 0, changes: [] });
        expect(written()).toEqual(before);
      });

      it("repairs what a refresh has written into the state", async () => {
        await project.connections("settings", "warehouse", "--active", "true");
        await project.connections("settings", "warehouse/sales/fresh", "--activate-new", "false");
        await duckdb(sales, "CREATE TABLE staging.old (line VARCHAR)");
        expect(await project.refresh()).toMatchObject({ code: 0, errors: "", changes: [] });
        expect((await project.outputs())["fresh"]).toMatchObject({ activateNewChildren: false });

        const preview = await project.preview();
        expect(preview.changes).toEqual(["fresh: update", "warehouse: update"]);
        expect(preview.drift["warehouse"]).toEqual(["table warehouse/sales/staging/old came back"]);
        expect(preview.diffs).toEqual({ fresh: ["activateNewChildren"], warehouse: ["drift", "settings"] });

        expect(await project.up()).toMatchObject({ code: 0, changes: ["fresh: update", "warehouse: update"] });
        expect(await registered(project)).toMatchObject({ warehouse: "inactive*", "warehouse/sales/staging/old": "active" });
        expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
      });
    });

    it("returns an object to what it inherits when its status is taken out of the program", async () => {
      project.program(PROGRAM("warehouse"));
      expect(await project.up()).toMatchObject({ code: 0, changes: ["staging: delete"] });
      expect(await registered(project)).toMatchObject({
        "warehouse/sales/staging": "inactive",
        "warehouse/sales/staging/raw": "inactive",
        "warehouse/sales/main/orders": "active*",
      });
    });

    it("replaces the connection under another key, and the statuses follow", async () => {
      project.program(PROGRAM("depot"));
      const up = await project.up();
      expect(up).toMatchObject({ code: 0, errors: "" });
      expect(up.changes.filter((change) => change.endsWith(": replace"))).toEqual([
        "fresh: replace",
        "orders: replace",
        "warehouse: replace",
      ]);
      const objects = await registered(project);
      expect(Object.keys(objects).filter((path) => !path.startsWith("depot"))).toEqual([]);
      expect(objects).toMatchObject({ depot: "inactive*", "depot/sales/main/orders": "active*", "depot/sales/main/customers": "inactive" });
      expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
    });

    it("names a connection that was deregistered outside, and registers it again", async () => {
      await outside(project, (api) => api.deleteObject(["depot"]));
      const preview = await project.preview();
      const gone = ["connection depot is not registered any more"];
      expect(preview).toMatchObject({ code: 0, errors: "", drift: { warehouse: gone, orders: gone, fresh: gone } });
      expect(await registered(project)).toEqual({});

      expect(await project.up()).toMatchObject({ code: 0, errors: "" });
      expect(await registered(project)).toMatchObject({ depot: "inactive*", "depot/sales/main/orders": "active*" });
      expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
    });

    it("leaves nothing behind after destroy", async () => {
      expect(await project.destroy()).toMatchObject({
        code: 0,
        errors: "",
        changes: ["fresh: delete", "orders: delete", "warehouse: delete"],
      });
      expect(await registered(project)).toEqual({});
      expect((await project.exported()).deployment.resources ?? []).toEqual([]);
    });
  });
});

story("a connection that is registered already", () => {
  const project = new Project();

  beforeAll(async () => {
    await project.init();
    await duckdb(project.path("sales.duckdb"), SALES);
    const connection = { technology: "DuckDB", databases: { sales: project.path("sales.duckdb") } };
    await project.connections(
      "register",
      "--json",
      JSON.stringify({ connectionKey: "warehouse", connection, settings: { isActive: true } }),
    );
    await project.connections("settings", "warehouse/sales/main/customers", "--active", "true");
  });

  it("is refused where the program asks for that, and left as it is", async () => {
    const before = hashes(project.storeFolder);
    project.program(PROGRAM("warehouse").replace("settings:", 'onExists: "fail", settings:'));
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.errors).toContain(
      'connectionKey: "warehouse" is registered already and onExists is "fail"; choose another key, or set onExists: "adopt"',
    );
    expect(await project.outputs()).toEqual({});
    expect(hashes(project.storeFolder)).toEqual(before);
  });

  it("is adopted otherwise", async () => {
    project.program(PROGRAM("warehouse"));
    const up = await project.up();
    expect(up).toMatchObject({ code: 0, errors: "", changes: ["fresh: create", "orders: create", "warehouse: create"] });
    expect(up.stdout).toContain("warehouse: registered already; adopting it");
    expect(await registered(project)).toMatchObject({
      warehouse: "inactive*",
      "warehouse/sales/main/customers": "active*",
      "warehouse/sales/main/orders": "active*",
    });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("leaves the state with a refresh after it was deregistered outside, and is registered again by the next up", async () => {
    await outside(project, (api) => api.deleteObject(["warehouse"]));
    expect(await project.refresh()).toMatchObject({ code: 0, errors: "" });
    expect(await project.outputs()).toEqual({});
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["fresh: create", "orders: create", "warehouse: create"] });
  });

  it("leaves the state with a destroy, also where the store is gone, which is not made again for that", async () => {
    rmSync(project.storeFolder, { recursive: true });
    expect(await project.destroy()).toMatchObject({ code: 0, errors: "" });
    expect((await project.exported()).deployment.resources ?? []).toEqual([]);
    expect(existsSync(project.storeFolder)).toBe(false);
  });
});
