import { duckdb } from "./duckdb";
import { story } from "./harness";
import { Project } from "./project";
import { registered } from "./store";

const PROGRAM = (status: string, key = "warehouse") => `
  const connection = { technology: "DuckDB", databases: { sales: "./sales.duckdb" } };
  new Connection("${key}", { connectionKey: "${key}", connection });
  ${status}`;
const STATUS = (table: string) => `new ObjectStatus("status", { objectPath: ["warehouse", "sales", "main", "${table}"], isActive: true });`;

story("a status of an object that is not there", () => {
  const project = new Project();

  beforeAll(async () => {
    await project.init();
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE orders (id INTEGER)");
    project.program(PROGRAM(STATUS("ordrs")));
  });

  it("fails the up, which keeps the connection that was made", async () => {
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.errors).toContain(
      'warehouse/sales/main/ordrs: there is no table "ordrs" in warehouse/sales/main (names are case-sensitive); correct the name',
    );
    expect(Object.keys(await project.outputs())).toEqual(["warehouse"]);
    expect(await registered(project)).toMatchObject({ warehouse: "inactive", "warehouse/sales/main/orders": "inactive" });
  });

  it("is a warning in the preview, which names the element", async () => {
    const preview = await project.preview();
    expect(preview).toMatchObject({ code: 0, errors: "", changes: ["status: create"] });
    expect(preview.warnings).toContain('there is no table "ordrs" in warehouse/sales/main');
    expect(preview.warnings).toContain("(`up` looks for it on the platform and fails if it is not there)");
  });

  it("is found by the up when it has come up on the platform since the last sync", async () => {
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE ordrs (id INTEGER)");
    expect(await project.up()).toMatchObject({ code: 0, errors: "" });
    expect(await registered(project)).toMatchObject({ "warehouse/sales/main/ordrs": "active*" });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("goes with the table, and stays until somebody takes it out of the program", async () => {
    await duckdb(project.path("sales.duckdb"), "DROP TABLE ordrs");
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["warehouse: update"] });
    expect(await registered(project)).toMatchObject({ "warehouse/sales/main/ordrs": "missing*" });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
    project.program(PROGRAM(""));
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["status: delete"] });
    expect(await registered(project)).toMatchObject({ "warehouse/sales/main/ordrs": "missing" });
  });

  it("is refused where another connection has the file, and that other one is left alone", async () => {
    const before = await registered(project);
    project.program(
      PROGRAM("") + PROGRAM("", "copy").replace("const connection", "var second").replace("connection }", "connection: second }"),
    );
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.errors).toContain(
      'sales.duckdb is registered already by connection "warehouse"; there is one connection for each platform account',
    );
    expect(await registered(project)).toEqual(before);
    expect(Object.keys(await project.outputs())).toEqual(["warehouse"]);
  });
});
