import { duckdb } from "./duckdb";
import { story } from "./harness";
import { Project } from "./project";
import { hashes, registered } from "./store";

const SALES = `
  CREATE TABLE fct_orders (id INTEGER); CREATE TABLE fct_returns (id INTEGER); CREATE TABLE dim_shops (id INTEGER);
  CREATE TABLE notes (id INTEGER);
  CREATE SCHEMA staging; CREATE TABLE staging.fct_raw (line VARCHAR); CREATE TABLE staging.other (line VARCHAR);`;

const FILE = (rules: string) => `
connections:
  warehouse:
    connection:
      technology: DuckDB
      databases: { sales: ./sales.duckdb }
    settings: { isActive: false, activateNewChildren: false }
    rules:
${rules}`;

const RULES = `      - sales.*.fct_*: active
      - sales.staging: inactive`;

/** Of the paths that lines of a preview name, those with a mark. */
const marked = (stdout: string, mark: string) =>
  [...stdout.matchAll(new RegExp(`^\\s*\\${mark}\\s+"?(warehouse/[^":\\s]+)"?\\s*:`, "gm"))].map(([, path]) => path);

story("a connection governed by a file", () => {
  const project = new Project();
  const sales = project.path("sales.duckdb");
  const written = () => hashes(project.storeFolder);

  beforeAll(async () => {
    await project.init();
    await duckdb(sales, SALES);
    project.write("governance.yaml", FILE(RULES));
    project.program(`
      const governance = new Governance("main", { file: "governance.yaml" });
      exports.count = governance.rules.warehouse.count;`);
  });

  it("is registered and governed with one up, after a preview that writes nothing", async () => {
    expect(await project.preview()).toMatchObject({
      code: 0,
      errors: "",
      changes: ["main-warehouse-rules: create", "main-warehouse: create"],
    });
    expect(await registered(project)).toEqual({});
    expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "" });
    expect(await registered(project)).toMatchObject({
      "warehouse/sales/main/fct_orders": "active*",
      "warehouse/sales/main/fct_returns": "active*",
      "warehouse/sales/main/dim_shops": "inactive",
      "warehouse/sales/staging/fct_raw": "inactive",
    });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [], warnings: "" });
  });

  it("shows in a preview exactly the objects that edited rules change", async () => {
    project.write("governance.yaml", FILE(`${RULES}\n      - sales.main.fct_returns: inactive\n      - sales.staging.other: active`));
    const before = written();
    const preview = await project.preview("--diff");
    expect(preview).toMatchObject({ code: 0, errors: "", changes: ["main-warehouse-rules: update"] });
    expect(marked(preview.stdout, "+")).toEqual(["warehouse/sales/staging/other"]);
    expect(marked(preview.stdout, "-")).toEqual(["warehouse/sales/main/fct_returns"]);
    expect(written()).toEqual(before);
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["main-warehouse-rules: update"] });
    expect(await registered(project)).toMatchObject({
      "warehouse/sales/main/fct_returns": "inactive",
      "warehouse/sales/staging/other": "active*",
      "warehouse/sales/staging/fct_raw": "inactive",
    });
  });

  it("names an object that was activated by hand, and who did it, and takes it back", async () => {
    await project.connections("settings", "warehouse/sales/main/notes", "--active", "true");
    const preview = await project.preview();
    expect(preview.changes).toEqual(["main-warehouse-rules: update"]);
    expect(preview.drift["main-warehouse-rules"]).toEqual([
      expect.stringMatching(
        /^warehouse\/sales\/main\/notes: isActive: recorded not set \(inherited\), is true \(changed by local administrator at \S+Z\)$/,
      ),
    ]);
    expect(await project.up()).toMatchObject({ code: 0, changes: ["main-warehouse-rules: update"] });
    expect(await registered(project)).toMatchObject({ "warehouse/sales/main/notes": "inactive" });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("stays readable and right when the platform adds a thousand tables", async () => {
    const tables = Array.from(
      { length: 500 },
      (_, index) => `CREATE TABLE fct_n${index} (id INTEGER); CREATE TABLE x_n${index} (id INTEGER);`,
    );
    await duckdb(sales, tables.join("\n"));
    const preview = await project.preview();
    expect(preview).toMatchObject({ code: 0, errors: "" });
    expect(preview.stdout.split("\n").length).toBeLessThan(60);
    const notes = Object.values(preview.drift).flat() as string[];
    expect(notes).toHaveLength(21);
    expect(notes.at(-1)).toMatch(/^1000 changes on the platform in all .*`connections sync warehouse --dry-run` lists them$/);
    expect(await project.up()).toMatchObject({ code: 0, errors: "" });
    const objects = await registered(project);
    const active = Object.keys(objects).filter((path) => /fct_n\d+$/.test(path) && objects[path]!.startsWith("active"));
    expect(active).toHaveLength(500);
    expect(Object.keys(objects).filter((path) => /x_n\d+$/.test(path) && objects[path] !== "inactive")).toEqual([]);
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("refuses a file with a mistake, naming its line", async () => {
    project.write("governance.yaml", FILE(RULES).replace("rules:", "rule:"));
    const preview = await project.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors).toContain("governance.yaml:8: connections.warehouse.rule: unknown field; remove it or correct its name");
    project.write("governance.yaml", FILE(`      - a.b.c.d: active`));
    expect((await project.preview()).errors).toContain("has 4 names; a pattern names database, schema and table");
    project.write("governance.yaml", FILE(RULES));
  });

  it("refuses two resources that claim one object", async () => {
    project.program(`
      new Governance("main", { file: "governance.yaml" });
      new ObjectStatus("orders", { objectPath: "warehouse/sales/main/fct_orders", isActive: true });`);
    expect((await project.preview()).errors).toContain(
      'isActive of warehouse/sales/main/fct_orders is decided by the rules of Governance "main"; declare it there, as a rule',
    );
    project.program(`
      new Governance("main", { file: "governance.yaml" });
      new Governance("more", { connections: { warehouse: { rules: [] } } });`);
    expect((await project.preview()).errors).toContain('connection warehouse is governed by Governance "main" already');
  });

  it("leaves nothing behind", async () => {
    expect(await project.destroy()).toMatchObject({ code: 0, errors: "" });
    expect(await registered(project)).toEqual({});
  });
});
