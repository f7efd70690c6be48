import { account } from "../../../tests/support/memory-platform";
import { registerWithFeeds, statement, syncJob, tableNamed } from "../../../tests/support/activity";
import { HOUR, testClock } from "../../../tests/support/clock";
import { register, testEngine } from "../../../tests/support/engine";
import { openTestStore } from "../../../tests/support/store";
import { PlatformError } from "../../model/errors";
import { toPathKey } from "../../model/path-key";

const [ORDERS, RETURNS] = [tableNamed("orders"), tableNamed("returns")];
const PATH = ["warehouse", "sales", "main", "orders"];
const NOON = "2026-01-09T12:00:00.000Z";

const TODAY = "2026-01-10T00:00:00.000Z";
const subject = (parts = {}) =>
  testEngine(account({ sales: { main: ["orders", "returns"], other: ["items"] } }), { clock: testClock(TODAY), ...parts });
type Api = ReturnType<typeof subject>["api"];
const tags = async (api: Api, path = ["warehouse"]) =>
  (await api.listTags(path)).hits.map(({ objectPath, column, name, value }) => [objectPath.join("/"), column, name, value]);
const edges = async (api: Api, path = ["warehouse"], direction?: "upstream" | "downstream") =>
  (await api.listLineage(path, direction && { direction })).hits.map(
    ({ source, target, kind }) => `${source.objectPath[3]}.${source.column} ${kind} ${target.objectPath[3]}.${target.column}`,
  );
const ids = async (api: Api, path = ["warehouse"]) => (await api.listQueries(path)).hits.map(({ id }) => id);

it("reads no feed that is not switched on", async () => {
  const { api, platform } = subject();
  platform.activity.tags = [{ ...ORDERS, name: "PII", value: "yes" }];
  platform.activity.lineage = [{ source: ORDERS, target: RETURNS, at: NOON }];
  platform.activity.queries = [statement("q1", NOON, ORDERS)];
  await register(api);
  expect([await tags(api), await edges(api), await ids(api), platform.activity.read]).toEqual([[], [], [], []]);
  expect((await api.searchJobs()).jobs[0]?.output?.feeds).toBeUndefined();
});

it("reads feeds neither for a dry run nor for the sync of a part", async () => {
  const { api, platform } = subject();
  await registerWithFeeds(api, "audit");
  platform.activity.read.length = 0;
  await api.planSync(["warehouse"]);
  await api.waitForJobs((await api.crawl(["warehouse", "sales"])).bulkId);
  expect(platform.activity.read).toEqual([]);
});

it("reads feeds in the scheduled sync too", async () => {
  const clock = testClock();
  const { api, platform } = subject({ clock });
  await registerWithFeeds(api, "tags");
  platform.activity.tags = [{ database: "sales", name: "OWNER", value: "finance" }];
  clock.move(25 * HOUR);
  expect(await api.schedule.runDue()).toBe(1);
  expect(await tags(api)).toEqual([["warehouse/sales", null, "OWNER", "finance"]]);
});

describe("tags", () => {
  it("lie on objects and columns of the hierarchy; what is not in it is left out", async () => {
    const { api, platform } = subject();
    platform.activity.tags = [
      { ...ORDERS, column: "id", name: "PII", value: "key" },
      { ...ORDERS, name: "PII", value: "no" },
      { database: "sales", schema: "main", name: "LAYER", value: "raw" },
      { ...tableNamed("unheard-of"), name: "PII", value: "no" },
      { database: "elsewhere", name: "PII", value: "no" },
    ];
    expect((await registerWithFeeds(api, "tags")).output?.feeds).toEqual([{ feed: "tags", recorded: 3 }]);
    const onOrders = [
      ["warehouse/sales/main/orders", null, "PII", "no"],
      ["warehouse/sales/main/orders", "id", "PII", "key"],
    ];
    expect(await tags(api)).toEqual([["warehouse/sales/main", null, "LAYER", "raw"], ...onOrders]);
    expect(await tags(api, PATH)).toEqual(onOrders);
    const first = await api.listTags(["warehouse"], { size: 2 });
    const second = await api.listTags(["warehouse"], { size: 2, after: first.next! });
    expect([first.hits.length, second.hits.map(({ column }) => column), second.next]).toEqual([2, ["id"], null]);
  });

  it("are replaced by the next reading, without those that another source has set", async () => {
    const { api, platform, storeFile } = subject();
    platform.activity.tags = [
      { ...ORDERS, name: "PII", value: "yes" },
      { ...RETURNS, name: "PII", value: "yes" },
    ];
    await registerWithFeeds(api, "tags");
    const store = openTestStore(storeFile);
    const stage = await store.openTagStage();
    await stage.add([{ key: toPathKey(PATH), column: null, name: "PII", value: "perhaps" }]);
    await stage.replace((await store.getConnection("warehouse"))!, "a scanner");
    await store.close();

    platform.activity.tags = [{ ...ORDERS, name: "PII", value: "no" }];
    await syncJob(api);
    expect((await api.listTags(["warehouse"])).hits.map(({ source, value }) => [source, value])).toEqual([
      ["Memory", "no"],
      ["a scanner", "perhaps"],
    ]);
  });

  it("stay as they were when they could not be read to their end", async () => {
    const { api, platform } = subject();
    platform.activity.tags = [{ ...ORDERS, name: "PII", value: "yes" }];
    await registerWithFeeds(api, "tags");
    platform.activity.tags = [
      { ...ORDERS, name: "PII", value: "no" },
      { ...RETURNS, name: "PII", value: "no" },
    ];
    let rows = 0;
    platform.activity.onRow = () => {
      if (++rows === 2) throw new PlatformError("role R may not read tags; GRANT it");
    };
    expect(await syncJob(api)).toMatchObject({ state: "failed", output: { error: "warehouse, tags: role R may not read tags; GRANT it" } });
    expect(await tags(api)).toEqual([["warehouse/sales/main/orders", null, "PII", "yes"]]);
  });
});

describe("statements", () => {
  it("are shown with the objects beneath the path, newest first, within dates, in parts", async () => {
    const { api, platform } = subject();
    platform.activity.queries = [
      statement("q1", "2026-01-08T10:00:00.000Z", ORDERS),
      statement("q2", "2026-01-09T10:00:00.000Z", ORDERS, tableNamed("items", "other")),
      statement("q3", "2026-01-09T11:00:00.000Z", tableNamed("unheard-of")),
      statement("q4", "2026-01-09T11:00:00.000Z", RETURNS),
    ];
    await registerWithFeeds(api, "audit");
    expect(await ids(api)).toEqual(["q4", "q2", "q1"]);
    expect((await api.listQueries(["warehouse", "sales", "other"])).hits).toEqual([
      {
        ...{ connectionKey: "warehouse", id: "q2", at: "2026-01-09T10:00:00.000Z", user: "ANNE", role: "ANALYST", hash: "h1" },
        ...{ statementType: "INSERT", succeeded: true },
        objects: [{ objectPath: ["warehouse", "sales", "other", "items"], access: "write", columns: ["id"] }],
      },
    ]);
    const onDay = (startDate: string, endDate: string) => api.listQueries(["warehouse"], { startDate, endDate });
    expect((await onDay("2026-01-08", "2026-01-08")).hits.map(({ id }) => id)).toEqual(["q1"]);
    expect((await onDay("2026-01-09", "2026-01-09T10:00:00Z")).hits.map(({ id }) => id)).toEqual(["q2"]);
    const first = await api.listQueries(["warehouse"], { size: 2 });
    const second = await api.listQueries(["warehouse"], { size: 2, after: first.next! });
    expect([first.hits.length, second.hits.map(({ id }) => id), second.next]).toEqual([2, ["q1"], null]);
  });

  it("are read a day at a time, seven days back at first, then from where the last reading ended less the latency", async () => {
    const { api, platform } = subject();
    await registerWithFeeds(api, "audit");
    const { read } = platform.activity;
    expect([read.length, read[0]?.range, read[6]?.range.to]).toEqual([
      7,
      { from: "2026-01-03T00:00:00.000Z", to: "2026-01-04T00:00:00.000Z" },
      "2026-01-10T00:00:00.000Z",
    ]);
    read.length = 0;
    platform.activity.now = "2026-01-10T06:00:00.000Z";
    await syncJob(api);
    expect(read).toEqual([{ feed: "audit", range: { from: "2026-01-09T21:00:00.000Z", to: "2026-01-10T06:00:00.000Z" } }]);
  });

  it("that are told late, within the latency, are picked up once", async () => {
    const { api, platform } = subject();
    platform.activity.queries = [
      statement("early", "2026-01-09T22:00:00.000Z", ORDERS),
      { ...statement("late", "2026-01-09T22:30:00.000Z", ORDERS), told: "2026-01-10T01:30:00.000Z" },
    ];
    await registerWithFeeds(api, "audit");
    expect(await ids(api)).toEqual(["early"]);
    platform.activity.now = "2026-01-10T01:30:00.000Z";
    await syncJob(api);
    expect(await ids(api)).toEqual(["late", "early"]);
    await syncJob(api);
    expect(await ids(api)).toEqual(["late", "early"]);
  });

  it("that could not be read fail the job, not the objects' sync or another feed, and are read by the next one", async () => {
    const { api, platform } = subject();
    platform.activity.queries = [
      statement("q1", "2026-01-04T10:00:00.000Z", ORDERS),
      statement("q2", "2026-01-06T10:00:00.000Z", ORDERS),
      statement("q3", "2026-01-06T11:00:00.000Z", ORDERS),
    ];
    platform.activity.tags = [{ ...ORDERS, name: "PII", value: "yes" }];
    let rows = 0;
    platform.activity.onRow = (feed) => {
      if (feed === "audit" && ++rows === 3) throw new PlatformError("the warehouse is gone; make one");
    };
    const failed = await registerWithFeeds(api, "audit", "tags");
    expect(failed).toMatchObject({
      state: "failed",
      output: {
        plan: { counts: { new: 6 } },
        feeds: [
          { feed: "tags", recorded: 1 },
          { feed: "audit", recorded: 2, error: "the warehouse is gone; make one" },
        ],
        error: "warehouse, audit: the warehouse is gone; make one",
      },
    });
    expect((await api.getConnection("warehouse")).lastSync?.counts.tables).toBe(3);

    platform.activity.read.length = 0;
    platform.activity.now = "2026-01-10T12:00:00.000Z";
    expect(await syncJob(api)).toMatchObject({ state: "completed" });
    // The day that failed, less the latency.
    expect(platform.activity.read[0]?.range.from).toBe("2026-01-05T21:00:00.000Z");
    expect(await ids(api)).toEqual(["q3", "q2", "q1"]);
  });

  it("that a platform never answers with end in a failed job", async () => {
    const { api, platform } = subject({ timeouts: { answer: 200, stop: 20 } });
    platform.activity.queries = [statement("q1", NOON, ORDERS)];
    platform.activity.onRow = () => new Promise(() => undefined);
    const { state, output } = await registerWithFeeds(api, "audit");
    expect(state).toBe("failed");
    expect(output?.error).toMatch(/^warehouse, audit: the platform did not answer within 0.2 s \(the next statements\)/);
    expect(output?.plan?.counts.new).toBe(6);
  });

  it("are forgotten after 90 days, and lineage with them", async () => {
    const clock = testClock(TODAY);
    const { api, platform } = subject({ clock });
    platform.activity.queries = [statement("q1", NOON, ORDERS)];
    platform.activity.lineage = [{ source: ORDERS, target: RETURNS, at: NOON }];
    await registerWithFeeds(api, "audit", "lineage");
    clock.move(89 * 24 * HOUR);
    await syncJob(api);
    expect([await ids(api), (await edges(api)).length]).toEqual([["q1"], 1]);
    clock.move(2 * 24 * HOUR);
    platform.activity.now = "2026-04-11T00:00:00.000Z";
    await syncJob(api);
    expect([await ids(api), (await edges(api)).length]).toEqual([[], 0]);
  });
});

describe("lineage", () => {
  it("keeps each edge once, with the first and the last time that it was seen", async () => {
    const { api, platform } = subject();
    const edge = { source: ORDERS, target: RETURNS, sourceColumn: "id", targetColumn: "order_id" };
    platform.activity.lineage = [
      { ...edge, at: "2026-01-09T10:00:00.000Z" },
      { ...edge, at: "2026-01-08T10:00:00.000Z" },
      { ...edge, source: tableNamed("unheard-of"), at: NOON },
      { ...edge, target: ORDERS, targetColumn: "id", at: NOON },
    ];
    await registerWithFeeds(api, "lineage");
    expect((await api.listLineage(["warehouse"])).hits).toEqual([
      {
        source: { objectPath: PATH, column: "id" },
        target: { objectPath: ["warehouse", "sales", "main", "returns"], column: "order_id" },
        kind: "query",
        firstSeen: "2026-01-08T10:00:00.000Z",
        lastSeen: "2026-01-09T10:00:00.000Z",
      },
    ]);
  });

  it("shows what flows into and out of an object or what is beneath it, in parts", async () => {
    const { api, platform } = subject();
    const ITEMS = tableNamed("items", "other");
    platform.activity.dependencies = [
      { source: ORDERS, target: RETURNS },
      { source: RETURNS, target: ITEMS },
      { source: ITEMS, target: ORDERS },
    ];
    await registerWithFeeds(api, "lineage");
    const returns = ["warehouse", "sales", "main", "returns"];
    expect(await edges(api, returns, "upstream")).toEqual(["orders.null dependency returns.null"]);
    expect(await edges(api, returns, "downstream")).toEqual(["returns.null dependency items.null"]);
    const all = ["items.null dependency orders.null", "orders.null dependency returns.null", "returns.null dependency items.null"];
    expect(await edges(api, ["warehouse", "sales", "main"])).toEqual(all);

    const inParts: string[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const { hits, next } = await api.listLineage(["warehouse", "sales", "main"], { size: 1, ...(after && { after }) });
      inParts.push(...hits.map(({ source, target }) => `${source.objectPath[3]}.null dependency ${target.objectPath[3]}.null`));
      after = next;
    }
    expect(inParts).toEqual(all);
  });

  it("has the dependencies of a platform that tells nothing of its statements, and says so", async () => {
    const { api, platform } = subject();
    platform.activity.dependencies = [{ source: ORDERS, target: RETURNS }];
    platform.activity.lineage = [{ source: ORDERS, target: RETURNS, at: NOON }];
    platform.activity.onRow = (feed) => {
      if (feed === "lineage") throw new PlatformError("that takes a larger edition");
    };
    const { output } = await registerWithFeeds(api, "lineage");
    expect(output?.feeds).toEqual([{ feed: "lineage", recorded: 1, error: "that takes a larger edition" }]);
    expect(await edges(api)).toEqual(["orders.null dependency returns.null"]);
  });

  it("loses a dependency that is gone on the platform, once all of them were read", async () => {
    const { api, platform } = subject();
    platform.activity.dependencies = [
      { source: ORDERS, target: RETURNS },
      { source: RETURNS, target: ORDERS },
    ];
    await registerWithFeeds(api, "lineage");
    platform.activity.now = "2026-01-11T00:00:00.000Z";
    platform.activity.dependencies = [{ source: ORDERS, target: RETURNS }];
    platform.activity.onRow = () => {
      throw new PlatformError("not now; try again");
    };
    await syncJob(api);
    expect(await edges(api)).toHaveLength(2);
    platform.activity.onRow = () => undefined;
    await syncJob(api);
    expect(await edges(api)).toEqual(["orders.null dependency returns.null"]);
  });
});

it("lets others have their turn while a long feed is read", async () => {
  const { api, platform } = subject();
  platform.activity.tags = Array.from({ length: 100 }, (_, index) => ({ ...ORDERS, name: `tag ${index}`, value: "" }));
  let ticks = 0;
  const tick = setInterval(() => ticks++, 0);
  const atRow: number[] = [];
  platform.activity.onRow = () => void atRow.push(ticks);
  try {
    await registerWithFeeds(api, "tags");
  } finally {
    clearInterval(tick);
  }
  expect(atRow.at(-1)).toBeGreaterThan(atRow[0]!);
});

it("goes with the objects and with the connection; another registration of the key starts anew", async () => {
  const { api, platform } = subject();
  platform.activity.tags = [{ ...ORDERS, name: "PII", value: "yes" }];
  platform.activity.queries = [statement("q1", NOON, ORDERS, RETURNS), statement("q2", NOON, ORDERS)];
  platform.activity.lineage = [{ source: ORDERS, target: RETURNS, at: NOON }];
  await registerWithFeeds(api, "tags", "lineage", "audit");
  await api.deleteObject(PATH);
  expect([await tags(api), await edges(api), await ids(api)]).toEqual([[], [], ["q1"]]);
  await api.deleteObject(["warehouse"]);
  platform.activity.read.length = 0;
  await registerWithFeeds(api, "audit");
  expect(platform.activity.read).toHaveLength(7);
  expect([await tags(api), await edges(api), await ids(api)]).toEqual([[], [], ["q2", "q1"]]);
});

it("shows who has a role on one table nothing of others: neither the far ends of its lineage nor the rest of a statement", async () => {
  const { api, platform } = subject();
  platform.activity.dependencies = [
    { source: ORDERS, target: RETURNS },
    { source: tableNamed("items", "other"), target: ORDERS },
  ];
  platform.activity.queries = [statement("q1", NOON, ORDERS, RETURNS)];
  await registerWithFeeds(api, "lineage", "audit");
  const me = { type: "user", id: 7 } as const;
  await api.updateSettings(PATH, { dataOwners: [me] });
  const caller = api.as({ name: "user 7", permissions: [], principals: [me] });
  expect(await caller.listLineage(PATH, { size: 1 })).toEqual({ hits: [], next: null });
  expect((await caller.listQueries(PATH)).hits[0]?.objects).toEqual([{ objectPath: PATH, access: "read", columns: ["id"] }]);
  await api.updateSettings(["warehouse", "sales", "main"], { dataOwners: [me] });
  expect((await caller.listLineage(PATH)).hits.map(({ target }) => target.objectPath[3])).toEqual(["returns"]);
});
