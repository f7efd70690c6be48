import { join } from "node:path";
import { duckdb } from "./duckdb";
import { story, temporaryFolder } from "./harness";
import { Project } from "./project";
import { registered } from "./store";

/** One connection, named after the stack. */
const PROGRAM = `
  const key = pulumi.getStack();
  const connection = { technology: "DuckDB", databases: { sales: \`./\${key}.duckdb\` } };
  new Connection("warehouse", { connectionKey: key, connection });
  new ObjectStatus("orders", { objectPath: [key, "sales", "main", "orders"], isActive: true });
  new ActivationSetting("main", { objectPath: [key, "sales", "main"], activateNewChildren: true });`;

story("stacks that share one store", () => {
  const store = join(temporaryFolder(), "shared", "store.db");
  const shop = new Project({ stack: "east" });
  const office = new Project({ name: "office", stack: "north", store });
  const stacks: [string, Project][] = [
    ["east", shop],
    ["west", shop],
    ["north", office],
  ];
  const allAtOnce = (operation: "up" | "preview" | "destroy", ...args: string[]) =>
    Promise.all(stacks.map(([stack, project]) => project[operation]("--stack", stack, ...args)));

  beforeAll(async () => {
    for (const [stack, project] of stacks) {
      expect(await project.pulumi("stack", "init", stack)).toMatchObject({ code: 0 });
      // The other project is told by CONNECTIONS_STORE.
      if (project === shop) await project.pulumi("config", "set", "connections:store", store, "--stack", stack);
      await duckdb(project.path(`${stack}.duckdb`), "CREATE TABLE orders (id INTEGER); CREATE TABLE customers (id INTEGER)");
      project.program(PROGRAM);
    }
  });

  it("register side by side, also where none has made the store yet", async () => {
    const changes = ["main: create", "orders: create", "warehouse: create"];
    for (const run of await allAtOnce("up")) expect(run).toMatchObject({ code: 0, errors: "", warnings: "", changes });
    const objects = await registered(office);
    for (const [stack] of stacks) {
      expect(objects).toMatchObject({ [`${stack}/sales/main/orders`]: "active*", [`${stack}/sales/main/customers`]: "inactive" });
    }
    expect(Object.keys(objects)).toHaveLength(stacks.length * 5);
    for (const run of await allAtOnce("preview", "--expect-no-changes")) expect(run).toMatchObject({ code: 0, changes: [] });
  });

  it("update side by side", async () => {
    for (const [stack, project] of stacks) await duckdb(project.path(`${stack}.duckdb`), "CREATE TABLE returns (id INTEGER)");
    for (const run of await allAtOnce("up")) expect(run).toMatchObject({ code: 0, errors: "", changes: ["warehouse: update"] });
    const objects = await registered(office);
    for (const [stack] of stacks) expect(objects).toMatchObject({ [`${stack}/sales/main/returns`]: "active*" });
  });

  it("deregister side by side", async () => {
    for (const run of await allAtOnce("destroy")) expect(run).toMatchObject({ code: 0, errors: "" });
    expect(await registered(office)).toEqual({});
  });
});

story("commands that make one store at the same moment", () => {
  it.each([1, 2, 3, 4, 5])("all find it whole (%i)", async () => {
    const project = new Project();
    const keys = ["a", "b", "c", "d"];
    for (const key of keys) await duckdb(project.path(`${key}.duckdb`), "CREATE TABLE orders (id INTEGER)");
    await Promise.all(
      keys.map((connectionKey) => {
        const connection = { technology: "DuckDB", databases: { sales: `./${connectionKey}.duckdb` } };
        return project.connections("register", "--json", JSON.stringify({ connectionKey, connection }));
      }),
    );
    expect(Object.keys(await registered(project))).toHaveLength(keys.length * 4);
  });
});
