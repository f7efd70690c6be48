import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "libsql";
import { duckdb } from "./duckdb";
import { story, temporaryFolder } from "./harness";
import { Project } from "./project";
import { registered } from "./store";

/** So many that the first sync is still reading them when it is found. */
const TABLES = 20_000;

interface JobState {
  readonly state: string;
}

story("a first up that is killed in the middle", () => {
  let file: string;

  beforeAll(async () => {
    file = join(temporaryFolder(), "large.duckdb");
    const tables = Array.from({ length: TABLES }, (_, index) => `CREATE TABLE t${index} (id INTEGER)`);
    await duckdb(file, `BEGIN; ${tables.join(";")}; COMMIT`);
  });

  it.each([
    ["every process of it", (cli: number) => [cli, ...descendantsOf(cli)], "none"],
    // The provider ends itself when it notices; by then its one transaction may have been written.
    ["the CLI alone, and the provider works on", (cli: number) => [cli], "none or all"],
  ])("%s: the next up finishes the work", async (_title, victimsOf, written) => {
    const project = await new Project().init();
    project.program(`
      new Connection("warehouse", {
        connectionKey: "warehouse",
        connection: { technology: "DuckDB", databases: { large: ${JSON.stringify(file)} } },
      });
      new ObjectStatus("last", { objectPath: ["warehouse", "large", "main", "t${TABLES - 1}"], isActive: true });
    `);
    const cli = project.start("up", "--yes", "--skip-preview");
    const ended = new Promise<NodeJS.Signals | null>((done) => cli.on("exit", (_code, signal) => done(signal)));
    while (!jobs(project).includes("active")) await delay(20);
    for (const pid of victimsOf(cli.pid!)) process.kill(pid, "SIGKILL");
    expect(await ended).toBe("SIGKILL");
    if (written === "none") expect(jobs(project)).toEqual(["active"]);
    expect(await project.outputs()).toEqual({});
    const left = await registered(project);
    expect(left).toMatchObject({ warehouse: "inactive" });
    expect(written === "none" ? [1] : [1, TABLES + 3]).toContain(Object.keys(left).length);

    // The stack is locked by the process that is gone.
    expect((await project.up()).code).not.toBe(0);
    expect((await project.pulumi("cancel", "--yes")).code).toBe(0);
    const up = await project.up();
    expect(up).toMatchObject({ code: 0, errors: "", changes: ["last: create", "warehouse: create"] });

    const objects = Object.entries(await registered(project));
    expect(objects).toHaveLength(TABLES + 3);
    expect(objects.filter(([, state]) => state !== "inactive")).toEqual([[`warehouse/large/main/t${TABLES - 1}`, "active*"]]);
    expect(jobs(project).filter((state) => state !== "completed" && state !== "failed")).toEqual([]);
    expect(jobs(project).at(-1)).toBe("completed");
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });
});

/** The states of the store's jobs, oldest first. */
function jobs(project: Project): string[] {
  if (!existsSync(project.storeFile)) return [];
  const database = new Database(project.storeFile);
  try {
    const rows = database.prepare("SELECT state FROM job ORDER BY created_at").all() as JobState[];
    return rows.map(({ state }) => state);
  } catch {
    // The store is just being made.
    return [];
  } finally {
    database.close();
  }
}

/** Plugins are in process groups of their own, so the group alone would leave them. */
function descendantsOf(pid: number): number[] {
  const lines = execFileSync("ps", ["-Ao", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const processes = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const children = (parent: number): number[] =>
    processes.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...children(child)]);
  return children(pid);
}
