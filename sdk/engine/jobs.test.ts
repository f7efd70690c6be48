import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { register, sync, testEngine } from "../../tests/support/engine";
import { account, table } from "../../tests/support/memory-platform";
import { openTestStore } from "../../tests/support/store";
import type { ConnectionsApi } from "../model/connections-api";
import type { JobRow, Store } from "../model/store";
import { systemClock } from "./clock";

const HOUR = 3_600_000;
const small = () => account({ sales: { main: ["orders"] } });

/** A clock that can be set, beside a count of time that cannot. */
function testClock() {
  const clock = { ahead: 0, waited: 0 };
  return Object.assign(clock, systemClock, {
    now: () => new Date(Date.now() + clock.ahead),
    elapsed: () => performance.now() + clock.waited,
  });
}

let store: Store;
afterEach(() => store.close());

/** The engine's store, as another process has it that runs a job. */
async function occupied(storeFile: string, owner: JobRow["owner"], state: JobRow["state"] = "active"): Promise<string> {
  store = openTestStore(storeFile);
  const at = new Date().toISOString();
  const progress = { objects: 1, databasesDone: 0, databasesTotal: 1 };
  const base = {
    jobType: "objectSync",
    requestedBy: "them",
    createdAt: at,
    heartbeatAt: at,
    endedAt: null,
    output: null,
    progress,
  } as const;
  await store.insertJob({ ...base, id: "theirs", bulkId: "their-bulk", state, objectPath: ["warehouse"], owner });
  return "their-bulk";
}

async function goneProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"]);
  await once(child, "close");
  return child.pid!;
}

async function stateOf(api: ConnectionsApi, bulkId: string): Promise<string> {
  return (await api.getJobs(bulkId))[0]!.state;
}

const failed = (error: RegExp) => ({ state: "failed", output: { error: expect.stringMatching(error) as string } });
const soon = () => new Promise((resolve) => setTimeout(resolve, 500));

describe("a sync of another host", () => {
  it("is waited for as long as it gives signs of life, however the clocks go", async () => {
    const clock = testClock();
    const { api, storeFile } = testEngine(small(), { clock });
    await register(api);
    await occupied(storeFile, { host: "elsewhere", pid: 1 });
    for (const ahead of [0, HOUR, -12 * HOUR]) {
      clock.ahead = ahead;
      const { bulkId } = await api.crawl(["warehouse"]);
      await soon();
      expect(await stateOf(api, bulkId)).toBe("created");
    }
    clock.waited += 40_000;
    await store.updateJob("theirs", { heartbeatAt: "2001-01-01T00:00:00.000Z" });
    await soon();
    clock.waited += 40_000;
    await soon();
    expect(await stateOf(api, "their-bulk")).toBe("active");

    const { bulkId } = await api.crawl(["warehouse"]);
    await store.updateJob("theirs", { state: "completed", heartbeatAt: "2001-01-01T00:00:00.000Z" });
    expect(await api.waitForJobs(bulkId)).toMatchObject([{ state: "completed" }]);
  });

  it("that falls silent for a minute is over, and the next one runs", async () => {
    const clock = testClock();
    const { api, storeFile } = testEngine(small(), { clock });
    await register(api);
    const theirs = await occupied(storeFile, { host: "elsewhere", pid: 1 });
    const { bulkId } = await api.crawl(["warehouse"]);
    await soon();
    clock.waited += 61_000;
    expect(await api.waitForJobs(bulkId)).toMatchObject([{ state: "completed" }]);
    expect(await api.getJobs(theirs)).toMatchObject([failed(/^interrupted/)]);
  });
});

describe("a sync of a process that is gone", () => {
  it.each([
    ["active", async () => ({ host: hostname(), pid: await goneProcess() })],
    ["created", async () => ({ host: hostname(), pid: await goneProcess() })],
    // As in a container, where every process is the first.
    ["active", async () => ({ host: hostname(), pid: process.pid })],
  ] as const)("and was %s shows as failed, to whoever follows it too, and stands in nobody's way", async (state, owner) => {
    const { api, storeFile } = testEngine(small());
    await register(api);
    const theirs = await occupied(storeFile, await owner(), state);
    const interrupted = [{ ...failed(/^interrupted/), endedAt: expect.any(String) as string }];
    expect(await api.getJobs(theirs)).toMatchObject(interrupted);
    expect(await api.waitForJobs(theirs, { timeoutSeconds: 5 })).toMatchObject(interrupted);
    expect((await sync(api)).counts).toMatchObject({ unchanged: 3 });
  });
});

it("a clock that is set back or forward during a sync and between syncs changes nothing of their outcome", async () => {
  const clock = testClock();
  const { api, platform } = testEngine(small(), { clock });
  await register(api);
  const missing = ["warehouse", "sales", "main", "orders"];
  for (const jump of [HOUR, -30 * HOUR]) {
    platform.tables("sales", "main").delete("orders");
    platform.onBatch = () => (clock.ahead += jump);
    expect((await sync(api)).counts).toMatchObject({ missing: 1 });
    expect(Date.parse((await api.getObject(missing)).missingSince!)).toBeGreaterThan(0);
    platform.onBatch = () => undefined;
    clock.ahead += jump;
    expect((await sync(api)).counts).toMatchObject({ missing: 0, unchanged: 2 });
    platform.tables("sales", "main").set("orders", table());
    expect((await sync(api)).counts).toMatchObject({ returned: 1 });
  }
  expect((await api.getConnection("warehouse")).lastSync).not.toBeNull();
});

describe("a connection that is registered anew under the same key while the old one is synced", () => {
  it("gets nothing of the old account, and its first sync is its own", async () => {
    const { api, platform } = testEngine(account({ old: { main: ["one"] } }));
    await register(api);
    let goOn: () => void = () => undefined;
    platform.onBatch = () => new Promise<void>((resolve) => (goOn = resolve));
    platform.tables("old", "main").set("two", table());
    const { bulkId: old } = await api.crawl(["warehouse"]);
    await soon();
    await api.deleteObject(["warehouse"]);
    platform.onBatch = () => undefined;
    const connection = { technology: "Memory", account: "other" };
    const { bulkId } = await api.registerConnection({ connectionKey: "warehouse", connection });
    expect(bulkId).not.toBe(old);
    goOn();
    expect(await api.waitForJobs(old)).toMatchObject([failed(/deregistered while/)]);
    expect(await api.waitForJobs(bulkId)).toMatchObject([{ state: "completed", output: { plan: { counts: { new: 4 } } } }]);
    expect(platform.openSessions).toBe(0);
  });
});

it("a first sync that never gets its turn closes the session that proved the credentials", async () => {
  const { api, platform, storeFile } = testEngine(small());
  await register(api);
  await occupied(storeFile, { host: "elsewhere", pid: 1 });
  await api.deleteObject(["warehouse"]);
  const connection = { technology: "Memory", account: "one" };
  const { bulkId } = await api.registerConnection({ connectionKey: "warehouse", connection });
  expect(platform.openSessions).toBe(1);
  await api.close();
  expect(platform.openSessions).toBe(0);
  expect((await store.getJobs(bulkId))[0]).toMatchObject({ state: "cancelled" });
});
