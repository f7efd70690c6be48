import { existsSync, readdirSync } from "node:fs";
import { duckdb } from "./duckdb";
import { execute, root, story } from "./harness";
import { Project } from "./project";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { ActivationSetting, Connection, type ConnectionArgs, ObjectStatus } from "pulumi-connections";

const args: ConnectionArgs = {
  connectionKey: "warehouse",
  connection: { technology: "DuckDB", databases: { sales: "./sales.duckdb" } },
  settings: { isActive: false, dataOwners: [{ type: "group", id: 7 }] },
};
const warehouse = new Connection("warehouse", args);
const orders = new ObjectStatus("orders", { objectPath: [warehouse.connectionKey, "sales", "main", "orders"], isActive: true });
new ActivationSetting("main", { objectPath: "warehouse/sales/main", activateNewChildren: true }, { protect: false });

export const tables: pulumi.Output<number> = warehouse.counts.tables;
export const state: pulumi.Output<"active" | "inactive"> = orders.state;
`;

/** Compiled only: each line marked so must be an error, and no other. */
const TYPES = `
import { Connection, ObjectStatus } from "pulumi-connections";

const connection = { technology: "DuckDB" as const, databases: { sales: "./sales.duckdb" } };
// @ts-expect-error the key is missing
export const noKey = () => new Connection("a", { connection });
// @ts-expect-error no such technology
export const technology = () => new Connection("a", { connectionKey: "a", connection: { ...connection, technology: "Oracle" } });
// @ts-expect-error no such field
export const field = () => new Connection("a", { connectionKey: "a", connection, whatever: 1 });
// @ts-expect-error not a boolean
export const setting = () => new Connection("a", { connectionKey: "a", connection, settings: { isActive: "yes" } });
// @ts-expect-error not a path
export const path = () => new ObjectStatus("a", { objectPath: ["a", 5], isActive: true });
`;

/** Compiled only, as the next, and only where the package that it needs was installed too. */
const SNOWFLAKE = `
import { Connection } from "pulumi-connections";
import { SnowflakeSystemAccount } from "pulumi-connections/snowflake";

const account = new SnowflakeSystemAccount("gov", { hostname: "acme.snowflakecomputing.com", publicKey: "MII", databases: ["SALES"] });
new Connection("acme", { connectionKey: "acme", ...account.withKey({ content: "-----BEGIN" }) });
new Connection("b", { connectionKey: "b", connection: account.connection.apply((a) => ({
  ...a, privateKey: { keyName: "PRIV_KEY_FILE" as const, content: "-----BEGIN" },
})) });
// @ts-expect-error the databases are missing
export const noDatabases = () => new SnowflakeSystemAccount("gov", { hostname: "acme", publicKey: "MII" });
`;

const DATABRICKS = `
import { Connection } from "pulumi-connections";
import { DatabricksServicePrincipal } from "pulumi-connections/databricks";

const principal = new DatabricksServicePrincipal("gov", { hostname: "acme.cloud.databricks.com", catalogs: ["sales"], audit: true });
const { connection, nativeIntegration } = principal;
new Connection("a", { connectionKey: "a", connection, nativeIntegration });
new Connection("b", { connectionKey: "b", connection: { ...connection, port: 8443 } });
new Connection("c", {
  connectionKey: "c",
  connection: { technology: "Databricks", hostname: "acme", httpPath: principal.httpPath, authenticationType: "token", token: "dapi" },
});
// @ts-expect-error the catalogs are missing
export const noCatalogs = () => new DatabricksServicePrincipal("gov", { hostname: "acme" });
`;

const ENTRIES = [
  { entry: "snowflake", needs: "@pulumi/snowflake", version: "1.3.0", program: SNOWFLAKE },
  { entry: "databricks", needs: "@pulumi/databricks", version: "1.110.0", program: DATABRICKS },
];

const COMMON = { strict: true, outDir: "bin", sourceMap: true, noImplicitReturns: true, forceConsistentCasingInFileNames: true };
const COMPILERS = {
  /** What `pulumi new typescript` writes. */
  commonjs: { ...COMMON, target: "es2020", module: "commonjs", moduleResolution: "node" },
  nodenext: { ...COMMON, target: "es2022", module: "nodenext", moduleResolution: "nodenext", skipLibCheck: false },
};

story("the packed package in a TypeScript project", () => {
  const project = new Project({ link: false });

  beforeAll(async () => {
    await project.init();
    project.write("package.json", JSON.stringify({ name: "shop", private: true, main: "index.ts" }));
    await npm(root, "pack", "--pack-destination", project.folder);
    const tarball = readdirSync(project.folder).find((name) => name.endsWith(".tgz"))!;
    const packages = [`./${tarball}`, "@pulumi/pulumi@3.245.0", "typescript@5.9.3", "@types/node@20.19.43"];
    await npm(project.folder, "install", "--prefer-offline", "--no-audit", "--no-fund", ...packages);
    project.write("index.ts", PROGRAM);
    project.write("types.ts", TYPES);
  });

  it.each(Object.entries(COMPILERS))("compiles and runs with module %s", async (_module, compilerOptions) => {
    project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts", "types.ts"] }));
    const tsc = [project.path("node_modules/typescript/bin/tsc"), "--noEmit"];
    expect(await execute(process.execPath, tsc, project.folder, project.environment)).toMatchObject({ code: 0, stdout: "" });

    await duckdb(project.path("sales.duckdb"), "CREATE OR REPLACE TABLE orders (id INTEGER); DROP TABLE IF EXISTS returns");
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["main: create", "orders: create", "warehouse: create"] });
    expect(await project.stackOutputs()).toEqual({ tables: 1, state: "active" });

    await duckdb(project.path("sales.duckdb"), "CREATE TABLE returns (id INTEGER)");
    const preview = await project.preview();
    expect(preview).toMatchObject({ code: 0, errors: "", changes: ["warehouse: update"] });
    expect(preview.drift["warehouse"]).toEqual(["table warehouse/sales/main/returns appeared: starts active"]);

    const objects = await execute("npx", ["connections", "objects", "warehouse/sales/main"], project.folder, project.environment);
    expect(objects.code).toBe(0);
    expect(objects.stdout).toMatch(/^main +schema +inactive.*\n {2}orders +table +active/);

    expect(await project.destroy()).toMatchObject({ code: 0, errors: "" });
  });

  it.each(ENTRIES)("does not bring $needs along", ({ needs }) => {
    expect(existsSync(project.path(`node_modules/${needs}`))).toBe(false);
  });

  describe.each(ENTRIES)("with $needs beside it", ({ entry, needs, version, program }) => {
    beforeAll(async () => {
      await npm(project.folder, "install", "--prefer-offline", "--no-audit", "--no-fund", `${needs}@${version}`);
      project.write(`${entry}.ts`, program);
    });

    it.each(Object.entries(COMPILERS))("compiles its entry with module %s", async (_module, compilerOptions) => {
      project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: [`${entry}.ts`] }));
      const tsc = [project.path("node_modules/typescript/bin/tsc"), "--noEmit"];
      expect(await execute(process.execPath, tsc, project.folder, project.environment)).toMatchObject({ code: 0, stdout: "" });
    });
  });
});

story("a program that is an ES module", () => {
  it("runs", async () => {
    const project = await new Project().init();
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE orders (id INTEGER)");
    project.write("package.json", JSON.stringify({ name: "shop", private: true, type: "module" }));
    project.write("index.js", PROGRAM.replace(/: (ConnectionArgs|pulumi\.Output<.*?>) =/g, " =").replace("type ConnectionArgs, ", ""));
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["main: create", "orders: create", "warehouse: create"] });
    expect(await project.stackOutputs()).toEqual({ tables: 1, state: "active" });
    expect(await project.destroy()).toMatchObject({ code: 0, errors: "" });
  });
});

async function npm(folder: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await execute("npm", args, folder, process.env);
  if (code !== 0) throw new Error(stderr);
}
