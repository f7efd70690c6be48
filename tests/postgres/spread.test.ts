import { register, states, sync, testEngine } from "../support/engine";
import { account, table } from "../support/memory-platform";

const DATABASES = ["crm", "sales", "web"];
const tree = () => account(Object.fromEntries(DATABASES.map((name) => [name, { main: ["a", "b"], other: ["c"] }])));

/** The same account, in one process without a queue and through it. */
async function both() {
  const subjects = [testEngine(tree()), testEngine(tree(), { isSpread: true })];
  const plans = await Promise.all(subjects.map(({ api }) => register(api, { isActive: true })));
  expect(plans[1]).toEqual(plans[0]);
  return subjects;
}

async function expectSame(subjects: Awaited<ReturnType<typeof both>>, path?: readonly string[], allowMassRemoval = false) {
  const plans = await Promise.all(subjects.map(({ api }) => sync(api, path, allowMassRemoval)));
  expect(plans[1]).toEqual(plans[0]);
  const [alone, spread] = await Promise.all(subjects.map(({ api }) => states(api)));
  expect(spread).toEqual(alone);
  return plans[0]!;
}

describe("a sync through the queue", () => {
  it("plans and does what one in this process does", async () => {
    const subjects = await both();
    for (const { platform, api } of subjects) {
      platform.tables("sales", "main").delete("a");
      platform.tables("sales", "main").set("d", table(["id", "name"], "view"));
      platform.tables("web", "other").set("c", table(["id", "added"]));
      await api.updateSettings(["warehouse", "crm"], { activateNewChildren: false });
      platform.account.set("new", new Map([["main", new Map([["t", table()]])]]));
      platform.account.delete("crm");
    }
    expect((await expectSame(subjects)).counts).toMatchObject({ changed: 1 });
    for (const { platform } of subjects) platform.tables("sales", "main").set("a", table());
    expect((await expectSame(subjects, ["warehouse", "sales", "main"])).counts).toEqual({
      new: 0,
      returned: 1,
      changed: 0,
      missing: 0,
      unchanged: 3,
    });
    expect((await expectSame(subjects)).counts).toMatchObject({ new: 0, missing: 0 });
  });

  it("holds what looks like lost grants, and applies it when asked", async () => {
    const subjects = await both();
    for (const { platform } of subjects) {
      for (let index = 0; index < 30; index++) platform.tables("sales", "main").set(`t${index}`, table());
    }
    await expectSame(subjects);
    for (const { platform } of subjects) platform.tables("sales", "main").clear();
    expect((await expectSame(subjects)).held).toHaveLength(1);
    expect((await expectSame(subjects, ["warehouse"], true)).counts).toMatchObject({ missing: 32 });
  });

  it("of a database that cannot be read names it, and leaves the others done", async () => {
    const [, { api, platform }] = (await both()) as [unknown, ReturnType<typeof testEngine>];
    platform.tables("web", "main").set("late", table());
    platform.onBatch = (database) => {
      if (database === "sales") throw new Error("the warehouse burns");
    };
    const { bulkId } = await api.crawl(["warehouse"]);
    expect(await api.waitForJobs(bulkId)).toMatchObject([
      { state: "failed", output: { error: expect.stringMatching(/sales: .*burns/) as string, plan: { counts: { new: 1 } } } },
    ]);
    platform.onBatch = () => undefined;
    expect(await sync(api)).toMatchObject({ failed: [], counts: { new: 0, missing: 0 } });
  });

  it("keeps the schedule once, however many processes do", async () => {
    const { api, reopen } = testEngine(tree(), { isSpread: true });
    await register(api);
    const day = 24 * 3_600_000;
    jest.useFakeTimers({
      doNotFake: ["setTimeout", "setInterval", "setImmediate", "nextTick", "performance"],
      now: Date.now() + day + 1_000,
    });
    try {
      await Promise.all([api, reopen(), reopen()].map((one) => one.schedule.runDue()));
    } finally {
      jest.useRealTimers();
    }
    const { jobs } = await api.searchJobs({});
    expect(jobs.map(({ requestedBy, state }) => `${requestedBy} ${state}`).sort()).toEqual([
      "local administrator completed",
      "schedule completed",
    ]);
  });
});
