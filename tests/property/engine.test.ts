import fc from "fast-check";
import { anyPath, patch, settings, step, tablePath } from "./steps";
import { Subject } from "./subject";

/** More of them by RUNS, for a soak. */
const RUNS = Number(process.env["RUNS"] ?? 100);
const someTables = fc.uniqueArray(tablePath, { maxLength: 12 });

it("is as the plain rules say, whatever happens in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(someTables, settings, fc.array(step, { maxLength: 20 }), async (tables, start, steps) => {
      const subject = await Subject.registered(tables, start);
      for (const one of steps) await subject.do(one);
      await subject.check();
      await subject.do({ kind: "restart" });
    }),
    { numRuns: RUNS },
  );
}, 7_200_000);

it("does not depend on the order in which different objects are set", async () => {
  const calls = fc
    .uniqueArray(fc.record({ kind: fc.constant("set" as const), path: anyPath, patch }), { selector: ({ path }) => path, maxLength: 10 })
    .chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
  await fc.assert(
    fc.asyncProperty(someTables, settings, calls, async (tables, start, [some, shuffled]) => {
      const descriptions = [];
      for (const order of [some, shuffled]) {
        const subject = await Subject.registered(tables, start);
        for (const call of order) await subject.do(call);
        descriptions.push(await subject.describe());
      }
      expect(descriptions[0]).toEqual(descriptions[1]);
    }),
    { numRuns: Math.ceil(RUNS / 4) },
  );
}, 7_200_000);
