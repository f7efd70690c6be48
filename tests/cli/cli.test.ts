import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import Database from "libsql";
import { commandLine, main } from "../support/command-line";
import { temporaryFolder } from "../support/temporary";

/** The built command line in a folder of its own with a DuckDB file `sales.duckdb`. */
async function shop() {
  const folder = temporaryFolder();
  const sql = async (statements: string, file = "sales.duckdb") => {
    const instance = await DuckDBInstance.create(join(folder, file));
    const connection = await instance.connect();
    await connection.run(statements);
    connection.closeSync();
    instance.closeSync();
  };
  await sql(`CREATE TABLE orders (id INTEGER, total DOUBLE); CREATE VIEW totals AS SELECT total FROM orders; CREATE SCHEMA "odd/na.me";
    CREATE TABLE "odd/na.me"."T é 😀 ""x""" (id INTEGER)`);
  const run = commandLine(folder);
  const registration = JSON.stringify({
    connectionKey: "shop",
    connection: { technology: "DuckDB", databases: { sales: "./sales.duckdb" } },
  });
  return { folder, sql, run, registration };
}

it("registers, lists, syncs and sets, and prints what scripts can read", async () => {
  const { folder, sql, run, registration } = await shop();
  expect(run("objects")).toMatchObject({ code: 0, out: "", err: expect.stringContaining("no connection is registered in") as string });
  expect(existsSync(join(folder, ".connections"))).toBe(false);

  writeFileSync(join(folder, "shop.json"), registration);
  expect(run("register", "--file", "shop.json")).toMatchObject({
    code: 0,
    out: "registered shop\nshop: 6 new, 0 changed, 0 missing, 0 returned, 0 unchanged\n",
  });
  const objects = run("objects", "shop", "--recursive", "--json")
    .out.trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { objectPath: string[]; objectType: string; state: string });
  expect(objects.map(({ objectPath, objectType }) => [objectPath.slice(1).join("|"), objectType])).toEqual([
    ["", "connection"],
    ["sales", "database"],
    ["sales|main", "schema"],
    ["sales|main|orders", "table"],
    ["sales|main|totals", "view"],
    ["sales|odd/na.me", "schema"],
    ['sales|odd/na.me|T é 😀 "x"', "table"],
  ]);

  const odd = `shop/sales/${encodeURIComponent("odd/na.me")}/${encodeURIComponent('T é 😀 "x"')}`;
  expect(JSON.parse(run("settings", odd, "--active", "true").out)).toMatchObject({ state: "active", overrides: { isActive: true } });
  expect(run("objects", "shop", "--recursive").out).toMatch(/T é 😀 "x" +table +active +\(set here\)/);
  expect(run("data-sources").out).toBe('shop.sales.odd/na.me.T é 😀 "x"\n');
  expect(JSON.parse(run("settings", odd, "--active", "inherit").out)).toMatchObject({ state: "inactive", overrides: {} });

  await sql("CREATE TABLE fresh (id INTEGER); ALTER TABLE orders ADD COLUMN note VARCHAR; DROP VIEW totals");
  expect(run("sync", "shop", "--dry-run").out.split("\n")).toEqual([
    "+ new table shop/sales/main/fresh: starts inactive",
    "~ changed table shop/sales/main/orders: column note added",
    "- missing view shop/sales/main/totals",
    "shop: 1 would be new, 1 would be changed, 1 would be missing, 0 would be returned, 4 unchanged",
    "",
  ]);
  const plan = JSON.parse(run("sync", "shop", "--json").out) as { counts: object };
  expect(plan.counts).toEqual({ new: 1, returned: 0, changed: 1, missing: 1, unchanged: 4 });
  expect(run("objects", "shop/sales/main").out).toMatch(/totals +view +inactive +\(missing since \d{4}-/);
});

it("exits with a code that tells what was wrong, and one line that says what to do", async () => {
  const { sql, run, registration } = await shop();
  expect(run("register", "--json", registration).code).toBe(0);
  const cases: [string[], number, RegExp][] = [
    [["frobnicate"], 2, /unknown command 'frobnicate'/],
    [["register"], 2, /give the registration by --json or --file/],
    [["register", "--file", "nowhere.json"], 2, /--file: nowhere.json cannot be read/],
    [["register", "--json", '{"password": "hunter2'], 2, /^connections: --json: is not valid JSON; correct it\n$/],
    [["register", "--json", "{}"], 2, /connectionKey: expected a string, got nothing \(and 1 more: connection\)/],
    [["settings", "shop", "--active", "maybe"], 2, /expected true, false or inherit/],
    [["objects", "shop/sales/Main"], 3, /there is no schema "Main" in shop\/sales/],
    [["sync", "nope"], 3, /there is no connection "nope"/],
    [["register", "--json", registration], 4, /connectionKey: "shop" is registered already/],
    [
      ["register", "--json", registration.replace("shop", "other").replace("sales.duckdb", "gone.duckdb")],
      5,
      /gone\.duckdb does not exist/,
    ],
    [["--store", ".", "objects"], 6, /cannot be opened/],
  ];
  for (const [args, code, message] of cases) {
    const ran = run(...args);
    expect([args, ran.code, ran.err]).toEqual([args, code, expect.stringMatching(message) as string]);
    expect(ran.err).not.toContain("    at ");
  }
  await sql(Array.from({ length: 25 }, (_, index) => `CREATE TABLE many${index} (id INTEGER);`).join(""));
  expect(run("sync", "shop").code).toBe(0);
  await sql(Array.from({ length: 25 }, (_, index) => `DROP TABLE many${index};`).join(""));
  expect(run("sync", "shop")).toMatchObject({
    code: 5,
    err: expect.stringMatching(/held back.*shop\/sales \(25 of 30\).*--allow-mass-removal/) as string,
  });
  expect(run("sync", "shop", "--allow-mass-removal").code).toBe(0);
});

it("lists the history of syncs, and runs those that a day without a schedule left out, once", async () => {
  const { folder, run, registration } = await shop();
  run("register", "--json", registration);
  expect(run("schedule", "--once")).toMatchObject({ code: 0, out: "", err: "" });

  const store = new Database(join(folder, ".connections", "connections.db"));
  store.exec("UPDATE connection SET created_at = '2026-01-01T00:00:00.000Z'");
  store.close();
  expect(run("schedule", "--once").out).toMatch(/^\S+Z shop: syncing\n\S+Z shop: completed\n$/);
  expect(run("schedule", "--once").out).toBe("");

  const [scheduled, first] = run("jobs").out.trim().split("\n");
  expect(scheduled).toMatch(/Z {2}completed {3}shop {2}by schedule {2}in \d+ s {2}6 unchanged$/);
  expect(first).toMatch(/ {2}shop {2}by local administrator {2}in \d+ s {2}6 new$/);
  expect(
    run("jobs", "shop", "--limit", "1", "--json")
      .out.trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object),
  ).toEqual([expect.objectContaining({ state: "completed", requestedBy: "schedule" })]);
  expect(run("jobs", "--state", "failed").out).toBe("");
  expect(run("jobs", "--state", "done")).toMatchObject({ code: 2, err: expect.stringContaining("state: expected") as string });
});

it("keeps the schedule in the foreground until it is told to stop", async () => {
  const { folder, run, registration } = await shop();
  run("register", "--json", registration);
  const kept = spawn(process.execPath, [main, "schedule"], { cwd: folder });
  const [line] = (await once(kept.stdout, "data")) as [Buffer];
  expect(line.toString()).toContain("keeping the schedule");
  kept.kill("SIGTERM");
  expect(await once(kept, "exit")).toEqual([0, null]);
});

it("writes the SQL for a platform's administrator, without the registration's secrets", async () => {
  const { folder, run, registration } = await shop();
  const snowflake = {
    connectionKey: "acme",
    connection: {
      ...{ technology: "Snowflake", hostname: "acme.snowflakecomputing.com", warehouse: "GOV_WH", role: "GOV_ROLE" },
      ...{ authenticationType: "userPassword", username: "GOV_SYSTEM", password: "pass-word" },
    },
  };
  writeFileSync(join(folder, "acme.json"), JSON.stringify(snowflake));
  const { code, out } = run("script", "create", "--file", "acme.json", "--database", "SALES", "--database", "HR");
  expect(code).toBe(0);
  expect(out).toContain('GRANT USAGE ON DATABASE "SALES" TO ROLE "GOV_ROLE";');
  expect(out).toContain('GRANT USAGE ON DATABASE "HR" TO ROLE "GOV_ROLE";');
  expect(out).not.toContain("pass-word");
  expect(existsSync(join(folder, ".connections"))).toBe(false);
  run("register", "--json", registration);
  expect(run("script", "delete", "shop")).toMatchObject({ code: 2, err: expect.stringContaining("DuckDB needs no script") as string });
});
