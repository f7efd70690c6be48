import { existsSync } from "node:fs";
import { duckdb } from "./duckdb";
import { story } from "./harness";
import { Project } from "./project";
import { registered } from "./store";

/** A value that another resource makes: unknown while that one is previewed as new or changed. */
const LATER = `
  const outs = (inputs) => ({ ...inputs, value: inputs.seed });
  class Later extends pulumi.dynamic.Resource {
    constructor(name, seed) {
      const provider = {
        diff: async (id, olds, news) => ({ changes: JSON.stringify(olds.seed) !== JSON.stringify(news.seed) }),
        create: async (inputs) => ({ id: name, outs: outs(inputs) }),
        update: async (id, olds, news) => ({ outs: outs(news) }),
      };
      super(provider, name, { seed, value: undefined });
    }
  }
  const later = (name, seed) => new Later("later-" + name, seed).value;`;

const PROGRAM = (key: string, isActive: boolean) => `${LATER}
  const key = later("key", "${key}");
  const warehouse = new Connection("warehouse", {
    connectionKey: key,
    connection: { technology: later("technology", "DuckDB"), databases: { sales: later("file", "./sales.duckdb") } },
    settings: {
      isActive: later("isActive", ${isActive}),
      activateNewChildren: later("new", false),
      dataOwners: [{ type: later("type", "user"), id: later("id", 7) }],
    },
    onExists: later("onExists", "fail"),
  });
  new Connection("whole", {
    connectionKey: "whole",
    connection: later("connection", { technology: "DuckDB", databases: { stock: "./stock.duckdb" } }),
    settings: later("settings", { isActive: false }),
  });
  new ObjectStatus("element", { objectPath: ["whole", "stock", later("element", "main")], isActive: later("status", true) });
  new ObjectStatus("text", { objectPath: later("text", "whole/stock/other"), isActive: true });
  new ObjectStatus("array", { objectPath: later("array", ["whole", "stock", "other", "items"]), isActive: false });
  new ObjectStatus("key", { objectPath: [key, "sales", "main"], isActive: ${!isActive} });
  new ActivationSetting("setting", { objectPath: pulumi.interpolate\`\${key}/sales\`, activateNewChildren: later("activate", true) });
  exports.objectPath = warehouse.objectPath;`;

const RESOURCES = ["array", "element", "key", "setting", "text", "warehouse", "whole"];

story("values that only another resource knows", () => {
  const project = new Project();

  beforeAll(async () => {
    await project.init();
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE orders (id INTEGER)");
    await duckdb(
      project.path("stock.duckdb"),
      "CREATE TABLE pallets (id INTEGER); CREATE SCHEMA other; CREATE TABLE other.items (id INTEGER)",
    );
    project.program(PROGRAM("warehouse", false));
  });

  it("may stand anywhere in a first preview, and are taken by the up", async () => {
    const changes = RESOURCES.map((name) => `${name}: create`);
    expect(await project.preview()).toMatchObject({ code: 0, errors: "", warnings: "", changes });
    expect(existsSync(project.storeFolder)).toBe(false);

    expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "", changes });
    expect(await registered(project)).toEqual({
      warehouse: "inactive*",
      "warehouse/sales": "inactive",
      "warehouse/sales/main": "active*",
      "warehouse/sales/main/orders": "active",
      whole: "inactive*",
      "whole/stock": "inactive",
      "whole/stock/main": "active*",
      "whole/stock/main/pallets": "active",
      "whole/stock/other": "active*",
      "whole/stock/other/items": "inactive*",
    });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("may change", async () => {
    project.program(PROGRAM("warehouse", true));
    const changes = ["key: update", "warehouse: update"];
    expect(await project.preview()).toMatchObject({ code: 0, errors: "", warnings: "", changes });
    expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "", changes });
    expect(await registered(project)).toMatchObject({ warehouse: "active*", "warehouse/sales/main": "inactive*" });
  });

  it("may change the key, which replaces what is named by it", async () => {
    project.program(PROGRAM("depot", true));
    const isReplaced = (change: string) => change.endsWith(": replace");
    const preview = await project.preview();
    expect(preview).toMatchObject({ code: 0, errors: "", warnings: "" });
    expect(preview.changes.filter(isReplaced)).toEqual(["key: replace", "setting: replace", "warehouse: replace"]);
    expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "" });
    const objects = await registered(project);
    expect(objects).toMatchObject({ depot: "active*", "depot/sales/main": "inactive*" });
    expect(objects).not.toHaveProperty("warehouse");
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });
});

story("names that are outputs with known values", () => {
  it("let statuses find their connection in a first up", async () => {
    const project = await new Project().init();
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE orders (id INTEGER)");
    project.program(`
      const key = pulumi.interpolate\`ware-\${pulumi.getStack()}\`;
      new ObjectStatus("text", { objectPath: pulumi.interpolate\`\${key}/sales\`, isActive: true });
      new ObjectStatus("array", { objectPath: [key, "sales", "main"], isActive: true });
      new ObjectStatus("plain", { objectPath: "ware-dev/sales/main/orders", isActive: true });
      new Connection("warehouse", { connectionKey: key, connection: { technology: "DuckDB", databases: { sales: "./sales.duckdb" } } });`);
    expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "" });
    expect(await project.destroy()).toMatchObject({ code: 0, errors: "" });
    expect(await registered(project)).toEqual({});
  });
});
