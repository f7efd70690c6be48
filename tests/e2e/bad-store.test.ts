import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { duckdb } from "./duckdb";
import { root, story } from "./harness";
import { Project } from "./project";
import { hashes, registered } from "./store";

const PROGRAM = (...keys: string[]) =>
  keys
    .map(
      (key) =>
        `new Connection("${key}", { connectionKey: "${key}", connection: { technology: "DuckDB", databases: { sales: "./${key}.duckdb" } } });`,
    )
    .join("\n");

async function projectWith(...keys: string[]): Promise<Project> {
  const project = await new Project().init();
  for (const key of keys) await duckdb(project.path(`${key}.duckdb`), "CREATE TABLE orders (id INTEGER)");
  project.program(PROGRAM(...keys));
  return project;
}

story("a store that cannot be used", () => {
  it("is waited for while another process writes to it, and then named", async () => {
    const project = await projectWith("first", "second");
    project.program(PROGRAM("first"));
    expect(await project.up()).toMatchObject({ code: 0 });
    const before = await registered(project);
    project.program(PROGRAM("first", "second"));

    const other = new Database(project.storeFile);
    other.exec("BEGIN IMMEDIATE");
    const started = Date.now();
    const up = await project.up();
    expect(Date.now() - started).toBeGreaterThan(9_000);
    expect(up.code).not.toBe(0);
    expect(up.errors).toContain(`store ${project.storeFile}: in use by another process, which did not let go within 10 s`);
    // Reading goes on meanwhile.
    expect(await project.preview()).toMatchObject({ code: 0, errors: "", changes: ["second: create"] });
    other.exec("ROLLBACK");
    other.close();

    expect(await registered(project)).toEqual(before);
    expect(Object.keys(await project.outputs())).toEqual(["first"]);
    expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["second: create"] });
    expect(Object.keys(await registered(project))).toHaveLength(8);
  });

  it("is named when it is no store, and left as it is", async () => {
    const project = await projectWith("first");
    mkdirSync(project.path("other"));
    const file = project.path("other/notes.txt");
    writeFileSync(file, "these are notes, and no store ".repeat(100));
    await project.pulumi("config", "set", "connections:store", "./other/notes.txt");
    const before = hashes(project.path("other"));
    for (const run of [await project.up(), await project.operation("up", ["--yes"])]) {
      expect(run.code).not.toBe(0);
      expect(run.errors).toContain(`store ${file}: is not a readable store; name another file, or restore it from a backup`);
    }
    expect(hashes(project.path("other"))).toEqual(before);
    expect(await project.outputs()).toEqual({});
  });

  it("is named when it is a folder, or its folder is a file", async () => {
    const project = await projectWith("first");
    await project.pulumi("config", "set", "connections:store", ".");
    const folder = await project.up();
    expect(folder.errors).toContain(`store ${project.folder}: cannot be opened; check that the folder exists and may be written`);
    await project.pulumi("config", "set", "connections:store", "./Pulumi.yaml/store.db");
    const inFile = await project.up();
    expect(inFile.errors).toContain(
      `secret key file ${project.path("Pulumi.yaml/store.db.key")}: cannot be used; check that the folder exists and may be written`,
    );
    expect([folder.code, inFile.code]).not.toContain(0);
    expect(await project.outputs()).toEqual({});
  });

  it("says so when its key is gone or another one, and comes back with the key", async () => {
    const project = await projectWith("first");
    expect(await project.up()).toMatchObject({ code: 0 });
    const key = readFileSync(`${project.storeFile}.key`);
    rmSync(`${project.storeFile}.key`);
    const gone = await project.preview();
    expect(gone.warnings).toContain(
      `secret key file ${project.storeFile}.key is gone; restore it, or set CONNECTIONS_SECRET_KEY to the key that it held`,
    );
    project.environment["CONNECTIONS_SECRET_KEY"] = Buffer.alloc(32).toString("base64");
    const another = await project.preview();
    expect(another.warnings).toContain("the store's secrets were encrypted with another key");
    project.environment["CONNECTIONS_SECRET_KEY"] = key.toString("utf8").trim();
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, warnings: "", changes: [] });
  });
});

story("a package that is not whole", () => {
  it("is named, and what is registered can be taken down once it is", async () => {
    const project = await projectWith("first");
    expect(await project.up()).toMatchObject({ code: 0 });
    const installed = project.path("node_modules/pulumi-connections");
    const reinstall = () => cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });

    rmSync(installed);
    const uninstalled = await project.destroy();
    expect(uninstalled.code).not.toBe(0);
    expect(uninstalled.errors).toContain("Cannot find package 'pulumi-connections'");

    // A checkout that was not built, and one that was built in part.
    mkdirSync(installed);
    cpSync(join(root, "package.json"), join(installed, "package.json"));
    const notBuilt = await project.up();
    expect(notBuilt.code).not.toBe(0);
    expect(notBuilt.stdout + notBuilt.stderr).toContain(join(installed, "dist/provider/index.js"));
    reinstall();
    rmSync(join(installed, "dist/provider/hooks"), { recursive: true });
    const inPart = await project.up();
    expect(inPart.code).not.toBe(0);
    expect(inPart.errors).toContain(`Cannot find module '${join(installed, "dist/provider/hooks/index.js")}'`);

    reinstall();
    symlinkSync(join(root, "node_modules"), join(installed, "node_modules"), "dir");
    expect(await project.destroy()).toMatchObject({ code: 0, errors: "", changes: ["first: delete"] });
    expect(await registered(project)).toEqual({});
  });
});
