import fc from "fast-check";
import type { Store } from "../../sdk/model/store";
import { states, sync, testEngine } from "../support/engine";
import { allDataSources, integrate, registerV1, rerun, upgrade } from "../support/legacy";
import { account, table } from "../support/memory-platform";

const RUNS = Number(process.env["RUNS"] ?? 25);
const TABLES = ["T0", "T1", "T2", "T3"];

/** What there is of one table name: on the platform, and as a data source of the time before connections. */
const tableCase = fc.record({ exists: fc.boolean(), source: fc.constantFrom("none", "enabled", "disabled") });
const schemaCase = fc.record({ isMonitored: fc.boolean(), tables: fc.tuple(tableCase, tableCase, tableCase, tableCase) });
const host = fc
  .record({ S0: schemaCase, S1: schemaCase, S2: schemaCase })
  .filter((schemas) => Object.values(schemas).some(({ tables }) => tables.some(({ source }) => source !== "none")));
/** After how many moves the upgrade breaks off, each time that it runs; then nothing stops it any more. */
const breaks = fc.array(fc.nat({ max: 3 }), { maxLength: 3 });

type Schemas = Readonly<Record<string, { isMonitored: boolean; tables: readonly { exists: boolean; source: string }[] }>>;

it("leaves exactly those tables active that should be, under their ids, wherever it breaks off", async () => {
  await fc.assert(
    fc.asyncProperty(host, breaks, async (schemas: Schemas, breaksAfter) => {
      const tree = Object.entries(schemas).map(
        ([schema, { tables }]) => [schema, TABLES.filter((_, index) => tables[index]!.exists)] as const,
      );
      const moves = { left: Infinity };
      const around = (store: Store): Store => ({
        ...store,
        adopt: (...move) => (moves.left-- > 0 ? store.adopt(...move) : Promise.reject(new Error("the move broke off"))),
      });
      const { api, platform } = testEngine(account({ DB: Object.fromEntries(tree) }), { around }, "Snowflake");
      const { ids, active, remaining } = await register(api, schemas);

      let [count, ...later] = breaksAfter;
      moves.left = count ?? Infinity;
      let job = await upgrade(api);
      const listed = async () => new Set((await allDataSources(api)).map(({ id }) => id));
      while (job.state === "failed") {
        // Nothing active is missing between two attempts.
        const there = await listed();
        expect(active.filter((name) => ids.has(name) && !there.has(ids.get(name)!))).toEqual([]);
        [count, ...later] = later;
        moves.left = count ?? Infinity;
        job = await rerun(api);
      }
      expect(job.state).toBe("completed");

      expect(await activeTables(api)).toEqual([...active].sort());
      for (const [name, id] of ids) {
        if (!remaining.includes(name)) expect((await api.getObject(["acme", ...name.split(".")])).id).toBe(id);
      }
      expect((await api.listUpgradeSources("acme", { state: "remaining" })).hits.map(({ id }) => id).sort()).toEqual(
        remaining.map((name) => ids.get(name)!).sort(),
      );

      const before = await states(api, ["acme"]);
      await sync(api, ["acme"]);
      expect(await states(api, ["acme"])).toEqual(before);
      for (const schema of Object.keys(schemas)) platform.tables("DB", schema).set("LATER", table());
      await sync(api, ["acme"]);
      const followed = Object.entries(schemas).filter(([, one]) => isMonitored(one));
      expect(await activeTables(api)).toEqual([...active, ...followed.map(([schema]) => `DB.${schema}.LATER`)].sort());
    }),
    { numRuns: RUNS },
  );
}, 300_000);

/** Monitoring comes with a registration; a schema without one has none. */
const isMonitored = ({ isMonitored: wanted, tables }: Schemas[string]) => wanted && tables.some(({ source }) => source !== "none");

async function register(api: ReturnType<typeof testEngine>["api"], schemas: Schemas) {
  const ids = new Map<string, number>();
  const active: string[] = [];
  const remaining: string[] = [];
  await integrate(api.legacy);
  for (const [schema, one] of Object.entries(schemas)) {
    const named = TABLES.map((name, index) => ({ name: `DB.${schema}.${name}`, ...one.tables[index]! }));
    const sources = named.filter(({ source }) => source !== "none");
    if (sources.length > 0) {
      const found = await registerV1(
        api.legacy,
        sources.map(({ name }) => name),
        { monitor: one.isMonitored },
      );
      for (const [index, { name, source, exists }] of sources.entries()) {
        ids.set(name, found[index]!);
        if (source === "disabled") await api.legacy.setEnabled(found[index]!, false);
        if (!exists) remaining.push(name);
      }
    }
    const isActive = ({ exists, source }: (typeof named)[number]) =>
      exists && (source === "enabled" || (source === "none" && isMonitored(one)));
    active.push(...named.filter(isActive).map(({ name }) => name));
  }
  return { ids, active, remaining };
}

async function activeTables(api: ReturnType<typeof testEngine>["api"]): Promise<string[]> {
  const found = await allDataSources(api);
  return found
    .filter(({ legacy }) => legacy === undefined)
    .map(({ objectPath }) => objectPath.slice(1).join("."))
    .sort();
}
