import { setTimeout as delay } from "node:timers/promises";
import { Servers, ended } from "./servers";

const DATABASES = 30;
const TABLES = 20;
const MILLISECONDS = 400;

let servers: Servers;
afterEach(() => servers?.stopAll());

describe("three servers on one store", () => {
  it("share the databases of a sync, each of which is read once", async () => {
    servers = new Servers();
    servers.set({ databases: DATABASES, tables: TABLES, milliseconds: MILLISECONDS });
    const [api] = await Promise.all([0, 1, 2].map((index) => servers.start(index)));
    const { bulkId } = await api!.registerConnection({ connectionKey: "w", connection: servers.connection("one") });
    const job = await ended(servers.client(2), bulkId);
    expect(job).toMatchObject({
      state: "completed",
      progress: { objects: DATABASES * (TABLES + 1), databasesDone: DATABASES, databasesTotal: DATABASES },
      output: { plan: { counts: { new: DATABASES * (TABLES + 2), missing: 0 }, failed: [], held: [] } },
    });
    const read = servers.readings("begin");
    expect(new Set(read.map(({ database }) => database)).size).toBe(DATABASES);
    expect(read).toHaveLength(DATABASES);
    expect(new Set(read.map(({ pid }) => pid)).size).toBe(3);
  });

  it("killed one after the other in the middle of syncs, lose no job and no object", async () => {
    servers = new Servers();
    servers.set({ databases: DATABASES, tables: TABLES, milliseconds: MILLISECONDS });
    await Promise.all([0, 1, 2].map((index) => servers.start(index)));
    const { bulkId: first } = await servers.client(0).registerConnection({ connectionKey: "w", connection: servers.connection("one") });
    expect(await ended(servers.client(0), first)).toMatchObject({ state: "completed" });

    for (const victim of [0, 1, 2]) {
      const other = (victim + 1) % 3;
      servers.set({ databases: DATABASES, tables: TABLES + victim + 1, milliseconds: MILLISECONDS });
      servers.clearReadings();
      const { bulkId } = await servers.client(victim).crawl(["w"]);
      await servers.untilRead(5);
      await servers.kill(victim);
      const job = await ended(servers.client(other), bulkId);
      expect(job).toMatchObject({ state: "completed", output: { plan: { counts: { new: DATABASES, missing: 0 }, failed: [], held: [] } } });
      expect(await servers.client(other).countObjects(["w"])).toMatchObject({
        databases: DATABASES,
        tables: DATABASES * (TABLES + victim + 1),
        missing: 0,
      });
      // What was finished before is not read again.
      const finished = servers.readings("end").map(({ database }) => database);
      expect(finished.length).toBeLessThan(DATABASES + 6);
      await servers.start(victim);
    }
    const { jobs } = await servers.client(0).searchJobs({ size: 100 });
    expect(jobs.map(({ state }) => state)).toEqual(Array(4).fill("completed"));
  });

  it("run the nightly sync once, though the one that began it dies and others come", async () => {
    servers = new Servers();
    servers.set({ databases: DATABASES, tables: TABLES, milliseconds: MILLISECONDS });
    const { bulkId } = await (await servers.start(0)).registerConnection({ connectionKey: "w", connection: servers.connection("one") });
    expect(await ended(servers.client(0), bulkId)).toMatchObject({ state: "completed" });
    await servers.stop(0);

    // A day goes by.
    await servers.sql("UPDATE connection SET created_at = to_char(now() - interval '25 hours', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')");
    servers.set({ databases: DATABASES, tables: TABLES + 1, milliseconds: MILLISECONDS });
    servers.clearReadings();
    await servers.start(0);
    await servers.untilBegun(1);
    expect(await servers.metrics(0)).toMatch(/^connections_queue_tasks\{kind="sync"\} 1$/m);
    // So soon that no sign of life has named its claims.
    await servers.kill(0);
    await Promise.all([0, 1, 2].map((index) => servers.start(index)));

    const { jobs } = await servers.client(1).searchJobs({ size: 100 });
    const nightly = jobs.filter(({ id }) => id.startsWith("schedule:"));
    expect(nightly).toHaveLength(1);
    const done = await ended(servers.client(2), nightly[0]!.bulkId);
    expect(done).toMatchObject({ state: "completed", output: { plan: { counts: { new: DATABASES }, failed: [], held: [] } } });
    // Servers that start later find it done.
    await servers.stop(1);
    await servers.start(1);
    await delay(2_000);
    expect((await servers.client(1).searchJobs({ size: 100 })).jobs).toHaveLength(2);
  });

  it("stopped and started one by one keep a sync going, which no client notices", async () => {
    servers = new Servers();
    servers.set({ databases: DATABASES, tables: TABLES, milliseconds: MILLISECONDS });
    await Promise.all([0, 1, 2].map((index) => servers.start(index)));
    const { bulkId } = await servers.client(0).registerConnection({ connectionKey: "w", connection: servers.connection("one") });
    for (const index of [0, 1, 2]) {
      await delay(500);
      expect(await servers.stop(index)).toBe(0);
      await servers.start(index);
    }
    expect(await ended(servers.client(1), bulkId)).toMatchObject({ state: "completed", output: { plan: { failed: [] } } });
  });

  it("sync two databases of an account at a time where that is the limit, and others' beside it", async () => {
    process.env["CONNECTIONS_DATABASES_PER_ACCOUNT"] = "2";
    try {
      servers = new Servers();
    } finally {
      delete process.env["CONNECTIONS_DATABASES_PER_ACCOUNT"];
    }
    servers.set({ databases: 8, tables: 4, milliseconds: 400 });
    await Promise.all([0, 1, 2].map((index) => servers.start(index)));
    const started = [];
    for (const account of ["one", "two"]) {
      started.push(await servers.client(0).registerConnection({ connectionKey: account, connection: servers.connection(account) }));
    }
    let most = 0;
    const all = Promise.all(started.map(({ bulkId }) => ended(servers.client(1), bulkId)));
    const watch = async () => {
      for (;;) {
        most = Math.max(most, servers.readings("begin").length - servers.readings("end").length);
        if ((await Promise.race([all, delay(20, "again")])) !== "again") return;
      }
    };
    await watch();
    expect((await all).map(({ state }) => state)).toEqual(["completed", "completed"]);
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(2);
  });
});
