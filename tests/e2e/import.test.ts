import { readFileSync, writeFileSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { duckdb } from "./duckdb";
import { execute, root, story } from "./harness";
import { Project } from "./project";
import { outside } from "./store";

const TABLES = 5_000;
const KEY = "not really secret";

story("a live connection with thousands of overrides", () => {
  const project = new Project();
  const names = Array.from({ length: TABLES }, (_, index) => `t${index}`);
  const command = (...args: string[]) =>
    execute(
      process.execPath,
      [join(root, "dist/sdk/cli/main.js"), "--store", project.storeFile, ...args],
      project.folder,
      project.environment,
    );
  const overrides = () => outside(project, (api) => api.listOverrides(["warehouse"]));

  beforeAll(async () => {
    await project.init();
    await duckdb(project.path("sales.duckdb"), names.map((name) => `CREATE TABLE ${name} (id INTEGER);`).join("\n"), KEY);
    const connection = { technology: "DuckDB", databases: { sales: project.path("sales.duckdb") }, encryptionKey: KEY };
    await project.connections(
      "register",
      "--json",
      JSON.stringify({ connectionKey: "warehouse", connection, settings: { isActive: false } }),
    );
    const updates = names.map((name, index) => ({
      objectPath: ["warehouse", "sales", "main", name],
      settings: { isActive: index % 3 > 0 },
    }));
    expect(await outside(project, (api) => api.updateManySettings(updates))).toEqual({ updated: TABLES, failures: [] });
    await project.connections("settings", "warehouse/sales/main", "--activate-new", "true");
  });

  it("is written as a program that holds no secret, and is adopted by its first up, which changes nothing", async () => {
    const written = await command("import", "warehouse", "--out", "imported");
    expect(written).toMatchObject({ code: 0, stderr: "" });
    expect(written.stdout).toContain("pulumi config set --secret warehouse-encryptionKey");
    const text = ["index.ts", "overrides.json", "package.json", "Pulumi.yaml"].map((name) =>
      readFileSync(project.path("imported", name), "utf8"),
    );
    expect(text.join("\n")).not.toContain(KEY);
    expect(await command("import", "warehouse", "--out", "imported")).toMatchObject({ code: 4 });

    for (const name of ["index.ts", "overrides.json", "tsconfig.json"]) copyFileSync(project.path("imported", name), project.path(name));
    writeFileSync(project.path("Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    await project.pulumi("config", "set", "--secret", "warehouse-encryptionKey", KEY);
    const before = await overrides();
    expect(before).toHaveLength(TABLES + 2);
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["warehouse: create", "warehouse: create"] });
    expect(await overrides()).toEqual(before);
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [], warnings: "" });
  });

  it("has its drift told against the state, for people, pipelines and code hosts", async () => {
    const { stdout: state } = await project.pulumi("stack", "export");
    project.write("state.json", state);
    const drift = (...args: string[]) => command("drift", "--state", "state.json", "--exit-code", ...args);
    expect(await drift()).toMatchObject({ code: 0, stdout: "no drift in 1 connection\n" });

    await project.connections("settings", "warehouse/sales/main/t0", "--active", "true");
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE late (id INTEGER)", KEY);
    const { code, stdout } = await drift();
    expect(code).toBe(8);
    const line = /^warehouse\/sales\/main\/t0: isActive: recorded false, is true \(changed by local administrator at \S+Z\)$/m;
    expect(stdout).toMatch(line);
    expect(stdout).toContain("warehouse/sales/main/late: table appeared: starts active");
    expect(stdout).toContain("2 objects have drifted in 1 connection");

    const report = JSON.parse((await drift("--json")).stdout) as {
      total: number;
      items: { objectPath: string; change?: { by: string } }[];
    };
    expect(report).toMatchObject({
      total: 2,
      items: [{ objectPath: "warehouse/sales/main/t0", recorded: false, observed: true, change: { by: "local administrator" } }, {}],
    });
    expect((await drift("--markdown")).stdout).toContain(
      "| warehouse/sales/main/t0 | isActive: recorded false, is true | local administrator |",
    );
    const sarif = JSON.parse((await drift("--sarif")).stdout) as { version: string; runs: { results: { ruleId: string }[] }[] };
    expect(sarif.version).toBe("2.1.0");
    expect(sarif.runs[0]!.results.map(({ ruleId }) => ruleId)).toEqual(["setting", "platform"]);
  });

  it("has the rule that decides an object explained, and its drift told against rules", async () => {
    project.write("governance.yaml", "connections:\n  warehouse:\n    rules:\n      - sales: active\n      - sales.main.t1*: inactive\n");
    const explained = await command("explain", "warehouse/sales/main/t12", "--file", "governance.yaml");
    expect(explained).toMatchObject({ code: 0, stderr: "" });
    expect(explained.stdout.split("\n")).toEqual([
      "warehouse/sales/main/t12",
      "  active: no: decided by governance.yaml:5 (sales.main.t1*: inactive)",
      "    before it, overruled: governance.yaml:4 (sales: active)",
      "  now: inactive",
      "",
    ]);
    const drift = await command("drift", "--file", "governance.yaml", "--exit-code");
    expect(drift.code).toBe(8);
    expect(drift.stdout).toContain("warehouse/sales: isActive: recorded true, is not set (inherited)");

    project.write("governance.yaml", "connections:\n  warehouse:\n    rules:\n      - a.b.c.d: active\n      - x: on\n");
    const refused = await command("explain", "warehouse", "--file", "governance.yaml");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("governance.yaml:4: connections.warehouse.rules.0: pattern");
    expect(refused.stderr).toContain("governance.yaml:5: connections.warehouse.rules.1.x");
  });
});
