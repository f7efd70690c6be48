import fc from "fast-check";
import { registerWithFeeds, statement, syncJob, tableNamed } from "../support/activity";
import { HOUR, testClock } from "../support/clock";
import { testEngine } from "../support/engine";
import { account } from "../support/memory-platform";

const RUNS = Number(process.env["RUNS"] ?? 25);
const START = Date.parse("2026-01-10T00:00:00.000Z");
const LATENCY = 180;
const END = 3 * 24 * 60;

/** Minutes after the registration. */
const time = (minute: number) => new Date(START + (minute * HOUR) / 60).toISOString();

/** Statements and lineage over three days, each told at some time within the latency. */
const rows = fc.array(
  fc.record({ at: fc.integer({ min: -24 * 60, max: END }), late: fc.integer({ min: 0, max: LATENCY }), edge: fc.boolean() }),
  { maxLength: 30 },
);
/** Minutes at which somebody syncs, and after how many rows the platform breaks off then. */
const syncs = fc.array(fc.record({ at: fc.integer({ min: 0, max: END }), breaksAfter: fc.option(fc.nat({ max: 5 })) }), { maxLength: 6 });

it("records the same however the time is cut into readings, and wherever some of them break off", async () => {
  await fc.assert(
    fc.asyncProperty(rows, syncs, async (happened, readings) => {
      const last = { at: END + LATENCY + 1, breaksAfter: null };
      const once = await recorded(happened, [last]);
      const inParts = await recorded(happened, [...readings.sort((a, b) => a.at - b.at), last]);
      expect(inParts).toEqual(once);
      expect(once.ids).toHaveLength(happened.filter(({ edge }) => !edge).length);
    }),
    { numRuns: RUNS },
  );
});

type Happened = readonly { at: number; late: number; edge: boolean }[];
type Readings = readonly { at: number; breaksAfter: number | null }[];

/** What a connection that was registered at the start has after some readings. */
async function recorded(happened: Happened, readings: Readings): Promise<{ ids: string[]; edges: unknown }> {
  const { api, platform } = testEngine(account({ sales: { main: ["orders", "returns"] } }), { clock: testClock(time(0)) });
  const { activity } = platform;
  activity.latencySeconds = LATENCY * 60;
  const told = ({ at, late }: Happened[number]) => ({ at: time(at), told: time(at + late) });
  activity.queries = happened.flatMap((one, index) =>
    one.edge ? [] : [{ ...statement(`q${index}`, time(one.at), tableNamed("orders")), ...told(one) }],
  );
  activity.lineage = happened.flatMap((one) =>
    one.edge ? [{ source: tableNamed("orders"), target: tableNamed("returns"), ...told(one) }] : [],
  );
  activity.now = time(0);
  await registerWithFeeds(api, "audit", "lineage");
  for (const { at, breaksAfter } of readings) {
    activity.now = time(at);
    let left = breaksAfter ?? Infinity;
    activity.onRow = () => {
      if (left-- <= 0) throw new Error("broke off");
    };
    await syncJob(api);
  }
  const { hits } = await api.listQueries(["warehouse"], { size: 1_000 });
  const edges = (await api.listLineage(["warehouse"])).hits;
  await api.close();
  return { ids: hits.map(({ id }) => id), edges };
}
