import fc from "fast-check";
import { settings, step, tablePath } from "../property/steps";
import { Subject } from "../property/subject";

/** More of them by RUNS, for a soak. Every sync waits for its turn in the queue. */
const RUNS = Number(process.env["RUNS"]);

it("through the queue, the engine is as the plain rules say, whatever happens in whatever order", async () => {
  const someTables = fc.uniqueArray(tablePath, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(someTables, settings, fc.array(step, { maxLength: 20 }), async (tables, start, steps) => {
      const subject = await Subject.registered(tables, start, { isSpread: true });
      try {
        for (const one of steps) await subject.do(one);
        await subject.check();
      } finally {
        await subject.close();
      }
    }),
    // Not shrunk: each attempt waits for the queue, and the seed that is printed repeats it.
    { numRuns: RUNS, endOnFailure: true },
  );
}, 7_200_000);
