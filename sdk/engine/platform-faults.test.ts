import { register, states, sync, testEngine } from "../../tests/support/engine";
import { account, table, type MemoryPlatform } from "../../tests/support/memory-platform";
import type { ObservedObject } from "../model/platform";

const WAREHOUSE = ["warehouse"];
const twoDatabases = () => account({ a: { main: ["one"] }, b: { main: ["two"] } });
const names = (count: number) => Array.from({ length: count }, (_, index) => `t${String(index).padStart(3, "0")}`);

/** A platform that never answers, whatever it is told. */
const never = () => new Promise<void>(() => undefined);
const impatient = { timeouts: { answer: 150, stop: 50 } };

/** A registered account in which both databases have something new, and the platform has not failed yet. */
async function registered(content = twoDatabases()) {
  const subject = testEngine(content, impatient);
  await register(subject.api);
  for (const database of ["a", "b"]) subject.platform.tables(database, "main").set("new", table());
  return subject;
}

describe("a platform that does not answer any more", () => {
  it("in the middle of a database fails that one; the others are synced", async () => {
    const { api, platform } = await registered();
    platform.onBatch = (database) => (database === "a" ? never() : undefined);
    const { bulkId } = await api.crawl(WAREHOUSE);
    const [job] = await api.waitForJobs(bulkId);
    expect(job).toMatchObject({ state: "failed", output: { plan: { failed: [{ objectPath: ["warehouse", "a"] }], counts: { new: 1 } } } });
    expect(job!.output!.error).toMatch(
      /^warehouse\/a: the platform did not answer within 0\.15 s \(the next objects\); nothing was changed here\. Check/,
    );
    expect((await api.searchObjects(["warehouse", "a", "main"])).count).toBe(1);
    expect((await api.searchObjects(["warehouse", "b", "main"])).count).toBe(2);
    expect(platform.openSessions).toBe(0);

    platform.onBatch = () => undefined;
    expect((await sync(api)).counts).toMatchObject({ new: 1 });
  });

  it.each([
    ["listDatabases", /did not answer within 0\.15 s \(the list of databases\)/],
    ["readColumns", /^warehouse\/a: .* \(the columns of tables\).*\nwarehouse\/b: /s],
    ["open", /\(the connection\)/],
  ])("at %s ends the sync with nothing changed", async (call, message) => {
    const { api, platform } = await registered();
    const before = await states(api);
    platform.onCall = (which) => (which === call ? never() : undefined);
    await expect(sync(api)).rejects.toThrow(message);
    expect(await states(api)).toEqual(before);
  });

  it("when its session is closed does not keep the sync from ending well", async () => {
    const { api, platform } = await registered();
    platform.onCall = (call) => (call === "close" ? never() : undefined);
    expect((await sync(api)).counts).toMatchObject({ new: 2 });
  });

  it.each(["open", "check"])("at %s is not registered", async (call) => {
    const { api, platform } = testEngine(twoDatabases(), impatient);
    platform.onCall = (which) => (which === call ? never() : undefined);
    await expect(register(api)).rejects.toMatchObject({ statusCode: 422, message: expect.stringMatching(/did not answer/) as string });
    expect((await api.searchObjects([])).count).toBe(0);
  });

  it("in time, but slowly, is waited for", async () => {
    const { api, platform } = await registered();
    platform.onBatch = () => new Promise((resolve) => setTimeout(resolve, 60));
    const plan = await sync(api);
    expect(plan.counts).toMatchObject({ new: 2, unchanged: 6 });
  });
});

describe("a platform that lists nonsense", () => {
  const object = (schema: string, name?: string): ObservedObject => ({
    schema,
    ...(name !== undefined && { table: name }),
    objectType: name === undefined ? "schema" : "table",
    comment: null,
    fingerprint: "",
  });

  it.each([
    ["an object twice", (objects: ObservedObject[]) => [...objects, objects.at(-1)!], /warehouse\/a\/main\/one: .* twice/],
    ["objects out of order", (objects: ObservedObject[]) => [...objects, object("aaa")], /warehouse\/a\/aaa: .* out of order/],
    ["a table without a name", (objects: ObservedObject[]) => [objects[0]!, object("main", "")], /a\/main\/: .* name is empty/],
    ["half a character", (objects: ObservedObject[]) => [...objects, object("main", "x\ud800")], /no valid Unicode/],
    ["a table without its schema", (objects: ObservedObject[]) => [...objects, object("other", "x")], /a\/other\/x: .* without its schema/],
  ])("such as %s fails that database; nothing is written there", async (_, disturb, message) => {
    const { api, platform } = testEngine(twoDatabases());
    await register(api);
    platform.tables("b", "main").set("new", table());
    const before = await states(api, ["warehouse", "a"]);
    platform.disturb = (objects) => (objects.some(({ table: name }) => name === "one") ? disturb(objects) : objects);
    await expect(sync(api)).rejects.toThrow(message);
    expect(await states(api, ["warehouse", "a"])).toEqual(before);
    expect((await api.searchObjects(["warehouse", "b", "main"])).count).toBe(2);
  });

  it("such as a schema that was not asked for changes nothing", async () => {
    const { api, platform } = testEngine(twoDatabases());
    await register(api);
    platform.disturb = (objects) => [...objects, object("zoo")];
    await expect(sync(api, ["warehouse", "a", "main"])).rejects.toThrow(/a\/zoo: the platform listed an object that was not asked for/);
    await expect(api.getObject(["warehouse", "a", "zoo"])).rejects.toMatchObject({ statusCode: 404 });
  });

  it("such as a database without a name changes nothing", async () => {
    const { api, platform } = testEngine(twoDatabases());
    await register(api);
    const before = await states(api);
    platform.disturbDatabases = (listed) => [...listed, ""];
    await expect(sync(api)).rejects.toThrow(/a database whose name is empty/);
    expect(await states(api)).toEqual(before);
  });
});

describe("names", () => {
  it("in two cases are two objects", async () => {
    const { api, platform } = testEngine(account({ sales: { main: ["ORDERS", "orders"] } }));
    await register(api);
    await api.updateSettings(["warehouse", "sales", "main", "ORDERS"], { isActive: true });
    expect((await states(api)).slice(3)).toEqual(["warehouse/sales/main/ORDERS active", "warehouse/sales/main/orders inactive"]);
    platform.tables("sales", "main").delete("ORDERS");
    expect((await sync(api)).changes).toMatchObject([{ kind: "missing", objectPath: ["warehouse", "sales", "main", "ORDERS"] }]);
    expect(await api.getObject(["warehouse", "sales", "main", "orders"])).toMatchObject({ missingSince: null });
  });

  it("of any length are kept whole", async () => {
    const long = "é".repeat(5_000);
    const { api } = testEngine(account({ [long]: { [long]: [long] } }));
    await register(api);
    expect(await api.getObject(["warehouse", long, long, long])).toMatchObject({ objectType: "table" });
    expect((await sync(api)).counts).toMatchObject({ new: 0, missing: 0, unchanged: 3 });
  });
});

describe("databases that are not listed any more", () => {
  const many = (databases: number, tables: number) =>
    account(Object.fromEntries(Array.from({ length: databases }, (_, index) => [`d${index}`, { main: names(tables) }])));
  const listed = (platform: MemoryPlatform, keep: (name: string) => boolean) => {
    platform.disturbDatabases = (all) => all.filter(keep);
  };

  it("are held when none is, however small they are, and taken off when asked", async () => {
    const { api, platform } = testEngine(twoDatabases());
    await register(api);
    const before = await states(api);
    listed(platform, () => false);
    const held = ["a", "b"].map((database) => ({ objectPath: ["warehouse", database], known: 2, missing: 2 }));
    expect(await api.planSync(WAREHOUSE)).toMatchObject({ held, counts: { missing: 0 } });
    expect(await sync(api)).toMatchObject({ held, counts: { missing: 0 } });
    expect((await sync(api, ["warehouse", "a", "main", "one"])).held).toMatchObject([{ objectPath: ["warehouse", "a"], missing: 1 }]);
    expect(await states(api)).toEqual(before);

    expect(await sync(api, WAREHOUSE, true)).toMatchObject({ held: [], counts: { missing: 6 } });
    // What is missing already is not held again.
    expect(await sync(api)).toMatchObject({ held: [], counts: { missing: 0 } });
  });

  it("are held when most of the connection lies in them, though each is small", async () => {
    const { api, platform } = testEngine(many(6, 4));
    await register(api);
    listed(platform, (name) => name < "d2");
    platform.tables("d0", "main").set("new", table());
    const plan = await sync(api);
    expect(plan.held.map(({ objectPath }) => objectPath[1])).toEqual(["d2", "d3", "d4", "d5"]);
    expect(plan.counts).toMatchObject({ new: 1, missing: 0 });
  });

  it("go missing when they are few of many", async () => {
    const { api, platform } = testEngine(many(6, 4));
    await register(api);
    platform.account.delete("d3");
    expect(await sync(api)).toMatchObject({ held: [], counts: { missing: 6 } });
    expect(await api.countObjects(WAREHOUSE)).toMatchObject({ databases: 5, missing: 6 });
  });

  it("go missing with all that lies in them, also in a sync that spares inactive objects", async () => {
    const { api, platform } = testEngine(many(3, 1));
    await register(api);
    platform.account.delete("d1");
    const { bulkId } = await api.crawl(WAREHOUSE, { forceRecursiveCrawl: false });
    await api.waitForJobs(bulkId);
    expect(await states(api, ["warehouse", "d1"])).toEqual([
      "warehouse/d1 inactive missing",
      "warehouse/d1/main inactive missing",
      "warehouse/d1/main/t000 inactive missing",
    ]);
  });
});

describe("a table that changes between the listing and the reading of its columns", () => {
  const orders = ["warehouse", "sales", "main", "orders"];
  const columnsOf = async (api: ReturnType<typeof testEngine>["api"]) =>
    (await api.getObject(orders, { columns: true })).columns?.map(({ name }) => name);

  /** Takes `orders` away while its columns are asked for. */
  async function interfered(content: ReturnType<typeof account>) {
    const { api, platform } = testEngine(content);
    await register(api);
    const tables = platform.tables("sales", "main");
    tables.set("orders", table(["id", "total"]));
    platform.onCall = (call) => call === "readColumns" && tables.delete("orders");
    await sync(api);
    platform.onCall = () => undefined;
    return { api, tables };
  }

  it.each([
    ["a new table", account({ sales: { main: [] } }), []],
    ["a known table", account({ sales: { main: ["orders"] } }), ["id"]],
  ])("%s that was dropped and made again gets its columns at the next sync", async (_, content, meanwhile) => {
    const { api, tables } = await interfered(content);
    expect(await columnsOf(api)).toEqual(meanwhile);
    tables.set("orders", table(["id", "total"]));
    expect((await sync(api)).changes).toMatchObject([{ kind: "changed", objectPath: orders }]);
    expect(await columnsOf(api)).toEqual(["id", "total"]);
    expect((await sync(api)).counts).toMatchObject({ changed: 0 });
  });

  it("that was dropped for good goes missing, and one replaced by a view is a view", async () => {
    const { api, tables } = await interfered(account({ sales: { main: [] } }));
    expect((await sync(api)).counts).toMatchObject({ missing: 1 });
    tables.set("orders", table(["id"], "view"));
    await sync(api);
    expect(await api.getObject(orders)).toMatchObject({ objectType: "view", missingSince: null });
    expect(await columnsOf(api)).toEqual(["id"]);
  });
});

describe("stopping", () => {
  it("a plan closes its session and says that it was stopped, also when the platform does not listen", async () => {
    const { api, platform } = await registered();
    const stop = new AbortController();
    platform.onBatch = () => {
      stop.abort();
      return never();
    };
    await expect(api.planSync(WAREHOUSE, { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(platform.openSessions).toBe(0);
    await expect(api.planSync(WAREHOUSE, { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("the engine stops its syncs and plans; what was read in part is not written", async () => {
    const { api, platform, reopen } = await registered();
    const before = await states(api);
    let reading: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (reading = resolve));
    platform.onBatch = (database) => {
      if (database === "b") reading();
      return database === "b" ? never() : undefined;
    };
    const { bulkId } = await api.crawl(["warehouse", "b"]);
    const plan = api.planSync(WAREHOUSE);
    const stopped = expect(plan).rejects.toMatchObject({ name: "AbortError" });
    await started;
    await api.close();
    await stopped;
    expect(platform.openSessions).toBe(0);

    platform.onBatch = () => undefined;
    const again = reopen();
    expect(await again.getJobs(bulkId)).toMatchObject([
      { state: "cancelled", output: { error: expect.stringMatching(/stopped before it was done; run the sync again/) as string } },
    ]);
    expect(await states(again)).toEqual(before);
    expect((await sync(again)).counts).toMatchObject({ new: 2 });
  });
});
