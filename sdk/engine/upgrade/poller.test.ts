import { setTimeout } from "node:timers/promises";
import { testEngine } from "../../../tests/support/engine";
import { allDataSources, integrate, registerV1, rerun, upgradeOf } from "../../../tests/support/legacy";
import { account } from "../../../tests/support/memory-platform";
import { serve } from "../../../tests/support/server";
import type { Store } from "../../model/store";

const SCHEMAS = Array.from({ length: 24 }, (_, index) => `S${index}`);
const TABLES_EACH = 16;

/** Time in which others look between one move and the next. */
const slowMoves = (store: Store): Store => ({
  ...store,
  async adopt(...move) {
    const moved = await store.adopt(...move);
    await setTimeout(40);
    return moved;
  },
});

it("misses no active data source at any moment of an upgrade, in pages of whatever size, and in another process's store", async () => {
  const names = Array.from({ length: TABLES_EACH }, (_, index) => `T${index}`);
  const { api, reopen } = testEngine(
    account({ DB: Object.fromEntries(SCHEMAS.map((schema) => [schema, names])) }),
    { around: slowMoves },
    "Snowflake",
  );
  await integrate(api.legacy);
  const ids: number[] = [];
  for (const [number, schema] of SCHEMAS.entries()) {
    // Those of a monitored schema become active all at once, and would show twice if they did not move as one.
    ids.push(
      ...(await registerV1(
        api.legacy,
        names.filter((_, index) => index % 2 === 0).map((name) => `DB.${schema}.${name}`),
        { monitor: number % 2 === 1 },
      )),
    );
  }
  const other = reopen();
  const { client } = await serve(api);
  const { bulkId } = await api.startUpgrade(upgradeOf());
  let running = true;
  const done = api.waitForJobs(bulkId).finally(() => (running = false));

  let rounds = 0;
  const mixed = new Set<boolean>();
  const poll = async (look: () => ReturnType<typeof allDataSources>): Promise<void> => {
    do {
      const found = await look();
      const seen = new Set(found.map(({ id }) => id));
      expect(ids.filter((id) => !seen.has(id))).toEqual([]);
      mixed.add(found.some(({ legacy }) => legacy !== undefined) && found.some(({ legacy }) => legacy === undefined));
      rounds++;
      await new Promise(setImmediate);
    } while (running);
  };
  await Promise.all([
    poll(() => allDataSources(api, 97)),
    poll(() => allDataSources(other, 1_000)),
    poll(() => allDataSources(client, 250)),
    // By the former API too, by which policies may still ask.
    poll(async () => {
      const { hits } = await api.legacy.list({ size: 1_000 });
      expect(hits.length).toBeGreaterThanOrEqual(ids.length);
      return allDataSources(api);
    }),
  ]);
  await done;
  expect(rounds).toBeGreaterThan(8);
  expect(mixed).toContain(true);
  expect((await allDataSources(api)).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  expect((await rerun(api)).output?.upgrade).toMatchObject({ upgraded: 0, remaining: 0 });
}, 120_000);
