import { registerWithFeeds, statement, tableNamed } from "../support/activity";
import { testClock } from "../support/clock";
import { testEngine } from "../support/engine";
import { account } from "../support/memory-platform";
import { serve } from "../support/server";

it("shows the same tags, edges, statements and results of feeds over HTTP as in process", async () => {
  const [orders, returns] = [tableNamed("orders"), tableNamed("a/b")];
  const { api, platform } = testEngine(account({ sales: { main: ["orders", "a/b"] } }), { clock: testClock("2026-01-10T00:00:00.000Z") });
  const at = "2026-01-09T10:00:00.000Z";
  platform.activity.tags = [
    { ...orders, name: "PII", value: "yes" },
    { ...returns, column: "id", name: "PII", value: "no" },
  ];
  platform.activity.dependencies = [{ source: orders, target: returns }];
  platform.activity.lineage = [{ source: returns, target: orders, sourceColumn: "id", targetColumn: "id", at }];
  platform.activity.queries = [statement("q1", at, orders, returns), { ...statement("q2", at, returns), role: null, hash: null }];
  const { client } = await serve(api);
  const job = await registerWithFeeds(client, "tags", "lineage", "audit");
  expect(job.output?.feeds?.map(({ feed, recorded }) => [feed, recorded])).toEqual([
    ["tags", 2],
    ["lineage", 2],
    ["audit", 2],
  ]);

  const table = ["warehouse", "sales", "main", "a/b"];
  for (const path of [["warehouse"], table]) {
    expect(await client.listTags(path)).toEqual(await api.listTags(path));
    expect(await client.listLineage(path)).toEqual(await api.listLineage(path));
    expect(await client.listQueries(path)).toEqual(await api.listQueries(path));
  }
  expect((await client.listLineage(table, { direction: "upstream" })).hits).toHaveLength(1);
  expect((await client.listQueries(table, { endDate: "2026-01-08" })).hits).toEqual([]);
  const first = await client.listQueries(["warehouse"], { size: 1 });
  expect((await client.listQueries(["warehouse"], { size: 1, after: first.next! })).hits.map(({ id }) => id)).toEqual(["q1"]);
});
