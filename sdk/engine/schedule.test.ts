import { HOUR, testClock } from "../../tests/support/clock";
import { register, testEngine } from "../../tests/support/engine";
import { account, table } from "../../tests/support/memory-platform";

const DAY = 24 * HOUR;

async function scheduled(connectionKeys = ["warehouse"]) {
  const clock = testClock();
  const subject = testEngine(account({ sales: { main: ["orders"] } }), { clock });
  for (const connectionKey of connectionKeys) await register(subject.api, {}, connectionKey);
  const runs = async () => (await subject.api.searchJobs({ size: 1_000 })).jobs.filter(({ requestedBy }) => requestedBy === "schedule");
  return { ...subject, clock, runs };
}

it("syncs every connection a day after its registration, and every day from then on", async () => {
  const { api, platform, clock, runs } = await scheduled(["first", "second"]);
  clock.move(DAY - 1);
  expect(await api.schedule.runDue()).toBe(0);
  platform.tables("sales", "main").set("new", table());
  clock.move(1);
  expect(await api.schedule.runDue()).toBe(2);
  expect(await api.getObject(["second", "sales", "main", "new"])).toMatchObject({ state: "inactive" });
  expect(await api.schedule.runDue()).toBe(0);
  clock.move(DAY);
  expect(await api.schedule.runDue()).toBe(2);
  expect((await runs()).map(({ state }) => state)).toEqual(["completed", "completed", "completed", "completed"]);
});

it("makes up days without a schedule by one sync, and then keeps to the time of the registration", async () => {
  const { api, clock, reopen } = await scheduled();
  await api.close();
  clock.move(3.5 * DAY);
  const later = reopen();
  expect(await later.schedule.runDue()).toBe(1);
  expect(await later.schedule.runDue()).toBe(0);
  clock.move(0.5 * DAY);
  expect(await later.schedule.runDue()).toBe(1);
});

it("syncs once a day however many processes keep the schedule", async () => {
  const { api, clock, reopen, runs } = await scheduled();
  const others = [api, reopen(), reopen()];
  clock.move(DAY);
  await Promise.all(others.map((one) => one.schedule.runDue()));
  expect(await runs()).toHaveLength(1);
});

it("is not changed by a manual sync", async () => {
  const { api, clock } = await scheduled();
  clock.move(DAY - 1);
  await api.waitForJobs((await api.crawl(["warehouse"])).bulkId);
  clock.move(1);
  expect(await api.schedule.runDue()).toBe(1);
});

it("repeats nothing when the clock is set back, and goes on when it has caught up", async () => {
  const { api, clock } = await scheduled();
  clock.move(2 * DAY);
  expect(await api.schedule.runDue()).toBe(1);
  clock.move(-1.5 * DAY);
  expect(await api.schedule.runDue()).toBe(0);
  clock.move(1.5 * DAY);
  expect(await api.schedule.runDue()).toBe(0);
  clock.move(DAY);
  expect(await api.schedule.runDue()).toBe(1);
});

it("makes up a sync that was stopped half-way, once", async () => {
  const { api, clock, platform, reopen, runs } = await scheduled();
  clock.move(DAY);
  let answer!: () => void;
  platform.ready = new Promise((resolve) => (answer = resolve));
  const stopped = api.schedule.runDue();
  while ((await runs())[0]?.state !== "active") await new Promise(setImmediate);
  const closed = api.close();
  answer();
  await Promise.all([closed, stopped]);
  const later = reopen();
  expect(await later.schedule.runDue()).toBe(1);
  expect(await later.schedule.runDue()).toBe(0);
  const history = (await later.searchJobs()).jobs.filter(({ requestedBy }) => requestedBy === "schedule");
  expect(history.map(({ state }) => state).sort()).toEqual(["cancelled", "completed"]);
});

it("leaves a sync that failed as it is until the next day, and the other connections to theirs", async () => {
  const { api, clock, platform, runs } = await scheduled(["first", "second"]);
  clock.move(DAY);
  platform.onBatch = () => {
    platform.onBatch = () => undefined;
    throw new Error("gone");
  };
  const ends: string[] = [];
  expect(await api.schedule.runDue({ onEnd: (key, state) => ends.push(`${key} ${state}`) })).toBe(2);
  expect(ends.map((end) => end.split(" ")[1]).sort()).toEqual(["completed", "failed"]);
  expect(await api.schedule.runDue()).toBe(0);
  expect(await runs()).toHaveLength(2);
});

it("keeps time until it is told to stop", async () => {
  const { api, clock, runs } = await scheduled();
  const stop = new AbortController();
  const ended: string[] = [];
  const kept = api.schedule.keep(stop.signal, { onEnd: (key, state) => ended.push(`${key} ${state}`) });
  for (let day = 1; day <= 3; day++) {
    clock.move(DAY);
    while (ended.length < day) await new Promise(setImmediate);
  }
  stop.abort();
  await kept;
  expect(ended).toEqual(["warehouse completed", "warehouse completed", "warehouse completed"]);
  expect(await runs()).toHaveLength(3);
});
