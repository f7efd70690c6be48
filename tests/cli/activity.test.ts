import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { registerWithFeeds, statement, tableNamed } from "../support/activity";
import { testClock } from "../support/clock";
import { testEngine } from "../support/engine";
import { account } from "../support/memory-platform";

const main = join(__dirname, "..", "..", "dist", "sdk", "cli", "main.js");
const ORDERS = tableNamed("orders");
const VIEW = tableNamed("a view");

/** A store with tags, lineage and statements, and the built command line on it. */
async function filled() {
  const { api, platform, storeFile } = testEngine(account({ sales: { main: ["orders", "a view"] } }), {
    clock: testClock("2026-01-10T00:00:00.000Z"),
  });
  const { activity } = platform;
  activity.tags = [
    { ...ORDERS, name: "GOV.PII", value: "yes" },
    { ...ORDERS, column: "id", name: "GOV.PII", value: "key" },
  ];
  activity.dependencies = [{ source: ORDERS, target: VIEW }];
  activity.lineage = [{ source: VIEW, target: ORDERS, sourceColumn: "id", targetColumn: "id", at: "2026-01-09T10:00:00.000Z" }];
  activity.queries = [
    statement("q1", "2026-01-08T10:00:00.000Z", ORDERS),
    { ...statement("q2", "2026-01-09T10:00:00.000Z", ORDERS, VIEW), role: null, succeeded: false },
  ];
  await registerWithFeeds(api, "tags", "lineage", "audit");
  await api.close();
  return (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, "--store", storeFile, ...args], { encoding: "utf8" });
    return { code: status, lines: stdout.split("\n").filter(Boolean), err: stderr };
  };
}

it("prints tags, lineage and the audit of statements for people and for scripts", async () => {
  const run = await filled();
  const [orders, view] = ["warehouse/sales/main/orders", "warehouse/sales/main/a%20view"];
  expect(run("tags", "warehouse")).toEqual({
    code: 0,
    lines: [`${orders}  GOV.PII = yes`, `${orders} column id  GOV.PII = key`],
    err: "",
  });
  expect(JSON.parse(run("tags", orders, "--json").lines[0]!)).toMatchObject({ column: null, value: "yes", source: "Memory" });

  const defined = `${orders} -> ${view}  dependency, last seen 2026-01-10T00:00:00.000Z`;
  const written = `${view} column id -> ${orders} column id  query, last seen 2026-01-09T10:00:00.000Z`;
  expect(run("lineage", orders).lines).toEqual([written, defined]);
  expect(run("lineage", orders, "--downstream").lines).toEqual([defined]);
  expect(run("lineage", orders, "--upstream").lines).toEqual([written]);
  expect(JSON.parse(run("lineage", view, "--upstream", "--json").lines[0]!)).toMatchObject({ kind: "dependency" });

  const q1 = `2026-01-08T10:00:00.000Z  ANNE as ANALYST  SELECT  read ${orders} (id)`;
  const q2 = `2026-01-09T10:00:00.000Z  ANNE  INSERT (failed)  write ${view} (id); read ${orders} (id)`;
  expect(run("audit", "warehouse").lines).toEqual([q2, q1]);
  expect(run("audit", "warehouse", "--limit", "1").lines).toEqual([q2]);
  expect(run("audit", "warehouse", "--until", "2026-01-08").lines).toEqual([q1]);
  expect(run("audit", orders, "--since", "2026-01-09", "--json").lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([
    "q2",
  ]);
});

it("says what is wrong with what it was asked", async () => {
  const run = await filled();
  expect(run("tags", "warehouse/nowhere")).toMatchObject({ code: 3, lines: [] });
  expect(run("audit", "warehouse", "--since", "lately")).toMatchObject({ code: 2, err: expect.stringContaining("startDate: ") as string });
  expect(run("audit", "warehouse", "--limit", "0")).toMatchObject({ code: 2 });
});
