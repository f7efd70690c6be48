import type { JobProgress } from "../model/job";
import { account, table } from "../../tests/support/memory-platform";
import { register, states, sync, testEngine } from "../../tests/support/engine";

const small = () => account({ sales: { main: ["orders", "returns"] } });

describe("the first sync", () => {
  it("registers everything the platform shows, inheriting what the connection is set to", async () => {
    const { api } = testEngine(small());
    const plan = await register(api, { isActive: true });
    expect(plan.counts).toEqual({ new: 4, returned: 0, changed: 0, missing: 0, unchanged: 0 });
    expect(await states(api)).toEqual([
      "warehouse active",
      "warehouse/sales active",
      "warehouse/sales/main active",
      "warehouse/sales/main/orders active",
      "warehouse/sales/main/returns active",
    ]);
    expect(await api.listOverrides(["warehouse"])).toEqual([{ objectPath: ["warehouse"], overrides: { isActive: true } }]);
  });

  it("keeps the columns of every table", async () => {
    const { api, platform } = testEngine(small());
    platform.tables("sales", "main").set("orders", table(["id", "total"]));
    await register(api);
    const orders = await api.getObject(["warehouse", "sales", "main", "orders"], { columns: true });
    expect(orders.columns?.map(({ name, position }) => [name, position])).toEqual([
      ["id", 1],
      ["total", 2],
    ]);
  });

  it("that is interrupted still counts as the first when it is done again", async () => {
    const { api, platform } = testEngine(account({ a: { main: ["one"] }, b: { main: ["two"] } }));
    platform.onBatch = (database) => {
      if (database === "b") throw new Error("connection reset");
    };
    await expect(register(api, { isActive: true })).rejects.toThrow(/connection reset/);
    platform.onBatch = () => undefined;
    await sync(api);
    expect((await api.listOverrides(["warehouse"])).map(({ objectPath }) => objectPath)).toEqual([["warehouse"]]);
    expect(await api.countObjects(["warehouse"])).toMatchObject({ tables: 2, dataSources: 2 });
  });
});

describe("a later sync", () => {
  it("starts new tables as the schema's activate-new setting says, and leaves known ones alone", async () => {
    const { api, platform } = testEngine(small());
    await register(api);
    await api.updateSettings(["warehouse", "sales", "main"], { activateNewChildren: true });
    platform.tables("sales", "main").set("invoices", table());
    const plan = await sync(api);
    expect(plan.changes).toEqual([
      { kind: "new", objectPath: ["warehouse", "sales", "main", "invoices"], objectType: "table", state: "active" },
    ]);
    expect((await states(api)).slice(3)).toEqual([
      "warehouse/sales/main/invoices active",
      "warehouse/sales/main/orders inactive",
      "warehouse/sales/main/returns inactive",
    ]);
  });

  it("starts a new schema by the database's setting, and its tables with it", async () => {
    const { api, platform } = testEngine(small());
    await register(api, { isActive: true, activateNewChildren: false });
    platform.account.get("sales")!.set("staging", new Map([["raw", table()]]));
    await sync(api);
    expect(await states(api, ["warehouse", "sales", "staging"])).toEqual([
      "warehouse/sales/staging inactive",
      "warehouse/sales/staging/raw inactive",
    ]);
    expect(await api.getObject(["warehouse", "sales", "staging", "raw"])).toMatchObject({ overrides: {} });
  });

  it("marks what vanished as missing, and takes it back with its override when it returns", async () => {
    const { api, platform } = testEngine(small());
    await register(api);
    const orders = ["warehouse", "sales", "main", "orders"];
    await api.updateSettings(orders, { isActive: true });
    const tables = platform.tables("sales", "main");
    tables.delete("orders");
    expect((await sync(api)).counts).toMatchObject({ missing: 1, unchanged: 3 });
    expect((await api.getObject(orders)).missingSince).toEqual(expect.any(String));
    expect(await api.countObjects(["warehouse"])).toMatchObject({ tables: 1, dataSources: 0, missing: 1 });
    expect((await sync(api)).counts).toMatchObject({ missing: 0, unchanged: 3 });

    tables.set("orders", table());
    expect((await sync(api)).changes).toEqual([{ kind: "returned", objectPath: orders, objectType: "table" }]);
    expect(await api.getObject(orders)).toMatchObject({ missingSince: null, state: "active", overrides: { isActive: true } });
  });

  it("names each column that changed, and a table that became a view", async () => {
    const { api, platform } = testEngine(small());
    await register(api);
    platform.tables("sales", "main").set("orders", table(["id", "total"]));
    platform.tables("sales", "main").set("returns", table(["id"], "view"));
    expect((await sync(api)).changes).toEqual([
      {
        kind: "changed",
        objectPath: ["warehouse", "sales", "main", "orders"],
        objectType: "table",
        columns: [{ kind: "added", name: "total" }],
      },
      {
        kind: "changed",
        objectPath: ["warehouse", "sales", "main", "returns"],
        objectType: "view",
        details: ["objectType: table -> view"],
      },
    ]);
    expect((await sync(api)).counts).toEqual({ new: 0, returned: 0, changed: 0, missing: 0, unchanged: 4 });
  });

  it("can start at a schema or a table, and touches nothing else", async () => {
    const { api, platform } = testEngine(account({ sales: { main: ["orders"], other: ["x"] } }));
    await register(api);
    platform.tables("sales", "main").set("fresh", table());
    platform.tables("sales", "other").clear();
    expect((await sync(api, ["warehouse", "sales", "main"])).counts).toMatchObject({ new: 1, missing: 0 });
    expect((await sync(api, ["warehouse", "sales", "other", "x"])).counts).toMatchObject({ new: 0, missing: 1 });
  });
});

describe("a dry run", () => {
  it("says what the sync then does, and writes nothing", async () => {
    const { api, platform } = testEngine(small());
    await register(api);
    platform.tables("sales", "main").set("orders", table(["id", "total"]));
    platform.tables("sales", "main").delete("returns");
    platform.account.get("sales")!.set("staging", new Map([["raw", table()]]));
    const before = await states(api);
    const plan = await api.planSync(["warehouse"]);
    expect(await states(api)).toEqual(before);
    expect(await sync(api)).toEqual(plan);
  });

  it("lists no more than it was asked to, and counts all", async () => {
    const { api, platform } = testEngine(small());
    await register(api);
    for (let index = 0; index < 30; index++) platform.tables("sales", "main").set(`t${index}`, table());
    const plan = await api.planSync(["warehouse"], { limit: 3 });
    expect(plan.changes).toHaveLength(3);
    expect(plan.counts.new).toBe(30);
  });
});

it("names what the platform has but a connection leaves out, in a dry run and in the sync", async () => {
  const { api, platform } = testEngine(small());
  platform.skipped = [{ path: ["sales"], kind: "volume", count: 2 }];
  const skipped = [{ objectPath: ["warehouse", "sales"], kind: "volume", count: 2 }];
  expect((await register(api)).skipped).toEqual(skipped);
  expect((await api.planSync(["warehouse"])).skipped).toEqual(skipped);
});

it("says what the platform is waited for, whatever waits", async () => {
  const { api, platform } = testEngine(small());
  platform.waitsFor = "the warehouse to start";
  const connection = { technology: "Memory", account: "warehouse" };
  const heard: string[] = [];
  const onWait = (what: string) => heard.push(what);
  await api.testConnection({ connection }, { onWait });
  await api.waitForJobs((await api.registerConnection({ connectionKey: "warehouse", connection }, { onWait })).bulkId);
  await api.updateConnection("warehouse", { connection }, { onWait });
  await api.planSync(["warehouse"], { onWait });
  await api.diagnose("warehouse", { onWait });
  expect(heard).toEqual(Array(5).fill("the warehouse to start"));

  const progress: JobProgress[] = [];
  const [job] = await api.waitForJobs((await api.crawl(["warehouse"])).bulkId, { onProgress: (one) => progress.push(one) });
  expect(progress[0]).toEqual({ objects: 0, databasesDone: 0, databasesTotal: 0, waitingFor: "the warehouse to start" });
  expect(job!.progress).toEqual({ objects: 3, databasesDone: 1, databasesTotal: 1 });
});

describe("what looks like lost grants", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `t${String(index).padStart(3, "0")}`);

  it("is held back, shown, and applied only when asked", async () => {
    const { api, platform } = testEngine(account({ sales: { main: many(30) }, hr: { main: ["people"] } }));
    await register(api);
    platform.tables("sales", "main").clear();
    platform.tables("hr", "main").set("teams", table());
    const held = { objectPath: ["warehouse", "sales"], known: 31, missing: 30 };
    expect((await api.planSync(["warehouse"])).held).toEqual([held]);
    const plan = await sync(api);
    expect(plan.held).toEqual([held]);
    expect(plan.counts).toMatchObject({ new: 1, missing: 0 });
    expect(await api.countObjects(["warehouse"])).toMatchObject({ tables: 32, missing: 0 });

    const forced = await sync(api, ["warehouse"], true);
    expect(forced).toMatchObject({ held: [], counts: { missing: 30 } });
    expect(await api.countObjects(["warehouse"])).toMatchObject({ tables: 2, missing: 30 });
  });

  it("includes a whole database that is not listed any more", async () => {
    const { api, platform } = testEngine(account({ sales: { main: many(30) } }));
    await register(api);
    platform.account.delete("sales");
    expect((await sync(api)).held).toEqual([{ objectPath: ["warehouse", "sales"], known: 31, missing: 31 }]);
  });
});

describe("a sync that spares inactive objects", () => {
  const tree = () => account({ hr: { main: ["people"] }, sales: { main: ["orders"], other: ["x"] } });

  it("stops at the top of an inactive connection", async () => {
    const { api } = testEngine(tree());
    const connection = { technology: "Memory", account: "one" };
    const { bulkId } = await api.registerConnection({ connectionKey: "warehouse", connection, options: { forceRecursiveCrawl: false } });
    await api.waitForJobs(bulkId);
    expect(await states(api)).toEqual(["warehouse inactive", "warehouse/hr inactive", "warehouse/sales inactive"]);
  });

  it("goes to what is active, and leaves the rest unseen", async () => {
    const { api, platform } = testEngine(tree());
    await register(api);
    await api.updateSettings(["warehouse", "sales", "main", "orders"], { isActive: true });
    platform.tables("sales", "main").set("fresh", table());
    platform.tables("sales", "other").clear();
    platform.tables("hr", "main").clear();
    platform.account.get("hr")!.set("new", new Map());
    const options = { forceRecursiveCrawl: false };
    const plan = await api.planSync(["warehouse"], options);
    expect(plan.changes.map(({ kind, objectPath }) => [kind, objectPath.join("/")])).toEqual([["new", "warehouse/sales/main/fresh"]]);
    await api.waitForJobs((await api.crawl(["warehouse"], options)).bulkId);
    expect(await api.countObjects(["warehouse"])).toMatchObject({ tables: 4, missing: 0 });
    expect((await sync(api)).counts).toMatchObject({ new: 1, missing: 2 });
  });
});

it("changes nothing of a database in the middle of which the platform breaks off; the others are synced", async () => {
  const { api, platform } = testEngine(account({ a: { main: ["one", "two"] }, b: { main: ["three"] } }));
  await register(api);
  platform.tables("a", "main").set("new", table());
  platform.tables("b", "main").set("new", table());
  let seen = 0;
  platform.onBatch = (database) => {
    if (database === "a" && ++seen > 2) throw new Error("connection reset");
  };
  await expect(sync(api)).rejects.toThrow("warehouse/a: the platform could not be read: connection reset. Try again");
  expect(await api.searchObjects(["warehouse", "a", "main"])).toMatchObject({ count: 2 });
  expect(await api.searchObjects(["warehouse", "b", "main"])).toMatchObject({ count: 2 });
  expect(platform.openSessions).toBe(0);
});

describe("jobs", () => {
  it("are joined when the same sync runs already, and run after one another otherwise", async () => {
    const { api } = testEngine(small());
    await register(api);
    const [first, same, other] = await Promise.all([api.crawl(["warehouse"]), api.crawl(["warehouse"]), api.crawl(["warehouse", "sales"])]);
    expect(same.bulkId).toBe(first.bulkId);
    expect(other.bulkId).not.toBe(first.bulkId);
    const jobs = await Promise.all([first, other].map(({ bulkId }) => api.waitForJobs(bulkId)));
    expect(jobs.flat().map(({ state }) => state)).toEqual(["completed", "completed"]);
  });

  it("that wait for another process's sync are cancelled when theirs stops", async () => {
    const { api, platform, reopen } = testEngine(small());
    await register(api);
    let goOn: () => void = () => undefined;
    platform.ready = new Promise((resolve) => (goOn = resolve));
    const { bulkId: running } = await api.crawl(["warehouse"]);
    const other = reopen();
    const { bulkId: waiting } = await other.crawl(["warehouse", "sales"]);
    await other.close();
    expect(await api.getJobs(waiting)).toMatchObject([
      { state: "cancelled", output: { error: expect.stringMatching(/run the sync again/) as string } },
    ]);
    goOn();
    expect(await api.waitForJobs(running)).toMatchObject([{ state: "completed" }]);
  });

  it("can be followed from another process", async () => {
    const { api, reopen } = testEngine(small());
    await register(api);
    const { bulkId } = await api.crawl(["warehouse"]);
    const [job] = await reopen().waitForJobs(bulkId);
    expect(job).toMatchObject({ state: "completed", objectPath: ["warehouse"], output: { plan: { counts: { unchanged: 4 } } } });
    await expect(api.waitForJobs("no-such-job")).rejects.toThrow(/there is no job of bulk operation no-such-job/);
  });
});

it("diagnoses with what is registered, missing objects included", async () => {
  const { api, platform } = testEngine(account({ sales: { main: ["orders", "returns"] } }));
  await register(api);
  platform.tables("sales", "main").delete("returns");
  await sync(api);
  expect(await api.diagnose("warehouse")).toMatchObject({
    grantee: "GOV",
    findings: [{ objectPath: ["warehouse", "sales", "main", "returns"], why: "warehouse does not see it" }],
    statements: ["GRANT SEE ON sales.main.returns"],
  });
  expect(platform.openSessions).toBe(0);
});
