import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { ServedProcess } from "../support/serve-command";
import { duckdb } from "./duckdb";
import { execute, root, story } from "./harness";
import { Project } from "./project";
import { outside } from "./store";

const SALES = ["warehouse", "sales"];
const ORDERS = [...SALES, "main", "orders"];

const PROGRAM = `
  new ObjectOwners("owners", {
    dataOwners: {
      "warehouse/sales": [{ type: "group", name: "finance" }, { type: "user", name: "anna" }],
      "warehouse/sales/main/orders": [{ type: "user", name: "bert" }],
    },
    infrastructureAdmins: { "warehouse/sales": [{ type: "user", name: "anna" }] },
  });
  new Connection("warehouse", {
    connectionKey: "warehouse",
    connection: { technology: "DuckDB", databases: { sales: "./sales.duckdb" } },
  });`;

story("owners beneath the top, by name, over HTTP", () => {
  const project = new Project();
  let server: ServedProcess | undefined;
  const overrides = () => outside(project, (api) => api.listOverrides(SALES));
  const drift = async () => {
    project.write("state.json", (await project.pulumi("stack", "export")).stdout);
    const command = [join(root, "dist/sdk/cli/main.js"), "--store", project.storeFile, "drift", "--state", "state.json", "--exit-code"];
    return execute(process.execPath, command, project.folder, project.environment);
  };

  beforeAll(async () => {
    await project.init();
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE orders (id INTEGER); CREATE TABLE returns (id INTEGER)");
    server = await project.serve();
    for (const name of ["anna", "bert"]) await project.connections("user", "create", name);
    project.program(PROGRAM);
  });
  afterAll(() => server?.stop());

  it("warns of a name that nobody has, which the up refuses and sets no owner", async () => {
    const missing = 'warehouse/sales: dataOwners: there is no group "finance"; create it, correct the name, or give its id';
    expect(await project.preview()).toMatchObject({ code: 0, warnings: expect.stringContaining(missing) as string });
    const refused = await project.up();
    expect(refused.code).not.toBe(0);
    expect(refused.errors).toContain(missing);
    expect(await overrides()).toEqual([]);
  });

  it("sets them once everybody is known, and has nothing more to do", async () => {
    await project.connections("group", "create", "finance");
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["owners: create"] });
    const anna = { type: "user", id: expect.any(Number) as number };
    expect(await overrides()).toMatchObject([
      { objectPath: SALES, overrides: { dataOwners: [{ type: "group", id: 1 }, anna], infrastructureAdmins: [anna] } },
      { objectPath: ORDERS, overrides: { dataOwners: [{ type: "user" }] } },
    ]);
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [], warnings: "" });
    expect(await project.refresh("--preview-only", "--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await drift()).toMatchObject({ code: 0, stdout: "no drift in 1 connection\n" });
  });

  it("names what somebody changed since, path by path and by name, and puts it back", async () => {
    const before = await overrides();
    const [first] = before;
    await outside(project, async (api) => {
      await api.updateSettings(SALES, { dataOwners: [...first!.overrides.dataOwners!].reverse() });
      await api.updateSettings(ORDERS, { dataOwners: [{ type: "group", id: 1 }] });
    });
    const line = "warehouse/sales/main/orders: dataOwners: recorded user bert, is group finance (changed by local administrator at";
    const preview = await project.preview("--diff");
    expect(preview).toMatchObject({ code: 0, changes: ["owners: update"] });
    expect(preview.stdout).toContain(line);
    // The order alone, as of the first path, is none.
    expect(preview.stdout).not.toContain("warehouse/sales: dataOwners");
    const told = await drift();
    expect(told.code).toBe(8);
    expect(told.stdout).toContain(line);
    expect(told.stdout).toContain("1 object has drifted in 1 connection");
    expect(await outside(project, (api) => api.listDeclaredDrift(["warehouse"]))).toMatchObject([
      { objectPath: ORDERS, setting: "dataOwners", actual: [{ type: "group", id: 1 }] },
    ]);

    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["owners: update"] });
    expect((await overrides())[1]).toEqual(before[1]);
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
    expect(await outside(project, (api) => api.listDeclaredDrift(["warehouse"]))).toEqual([]);
  });

  it("are written by an import, which is adopted without a change", async () => {
    await project.connections("import", "warehouse", "--out", "imported");
    const other = new Project({ name: "imported", store: project.storeFile });
    await other.init();
    copyFileSync(project.path("imported/index.ts"), other.path("index.ts"));
    copyFileSync(project.path("imported/tsconfig.json"), other.path("tsconfig.json"));
    other.write("Pulumi.yaml", "name: imported\nruntime: nodejs\n");
    const before = await overrides();
    expect(await other.up()).toMatchObject({ code: 0, errors: "", changes: ["warehouse: create", "warehouse: create"] });
    expect(await overrides()).toEqual(before);
    expect(await other.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [], warnings: "" });
  });

  it("inherit again when the resource is taken out", async () => {
    project.program(PROGRAM.slice(PROGRAM.indexOf("new Connection")));
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["owners: delete"] });
    expect(await overrides()).toEqual([]);
  });
});
