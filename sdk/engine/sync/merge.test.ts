import fc from "fast-check";
import { compareBytes } from "../../model/path-key";
import { mergeByKey } from "./merge";

interface Item {
  key: string;
}

const sorted = fc
  .uniqueArray(fc.string({ unit: "binary", minLength: 1, maxLength: 3 }), { maxLength: 30 })
  .map((keys) => keys.sort(compareBytes).map((key) => ({ key })));
const batched = fc.tuple(sorted, fc.integer({ min: 1, max: 7 }));

async function* batches([items, size]: [Item[], number]): AsyncGenerator<Item[]> {
  for (let from = 0; from < items.length; from += size) {
    if (size % 2 === 0) yield [];
    yield items.slice(from, from + size);
  }
}

it("visits every key once, in order, with what either side has of it, however the batches are cut", async () => {
  await fc.assert(
    fc.asyncProperty(batched, batched, async (recorded, observed) => {
      const visits: [string | undefined, string | undefined][] = [];
      await mergeByKey(
        batches(recorded),
        batches(observed),
        (left, right) => visits.push([left?.key, right?.key]),
        async () => undefined,
      );
      const left = new Set(recorded[0].map(({ key }) => key));
      const right = new Set(observed[0].map(({ key }) => key));
      const expected = [...new Set([...left, ...right])]
        .sort(compareBytes)
        .map((key) => [left.has(key) ? key : undefined, right.has(key) ? key : undefined]);
      expect(visits).toEqual(expected);
    }),
  );
});

it.each([
  ["out of order", ["b", "a"], /a: the platform listed this object after b, out of order/],
  ["twice", ["a", "a"], /a: the platform listed this object twice/],
])("refuses a platform that lists objects %s", async (_, keys, message) => {
  const observed = keys.map((key) => ({ key }));
  await expect(
    mergeByKey(
      batches([[], 1]),
      batches([observed, 5]),
      () => undefined,
      async () => undefined,
    ),
  ).rejects.toThrow(message);
});
