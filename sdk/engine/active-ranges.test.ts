import fc from "fast-check";
import { compareBytes, isWithin, toPathKey } from "../model/path-key";
import type { OverrideRow } from "../model/store";
import { activeRanges } from "./active-ranges";
import { effectiveSettings } from "./effective";

const part = fc.constantFrom("a", "b", "c");
const table = fc.tuple(fc.constant("w"), part, part, part).map((path) => [...path]);
const anywhere = fc.tuple(fc.constant("w"), fc.array(part, { maxLength: 3 })).map(([key, rest]) => [key, ...rest]);

it("holds exactly the tables that looking at each one finds active", () => {
  const trees = fc.record({
    tables: fc.uniqueArray(table, { selector: (path) => path.join("/") }),
    overrides: fc.uniqueArray(fc.record({ path: anywhere, isActive: fc.option(fc.boolean(), { nil: undefined }) }), {
      selector: ({ path }) => path.join("/"),
    }),
    top: anywhere,
  });
  fc.assert(
    fc.property(trees, ({ tables, overrides, top }) => {
      const all = new Map(overrides.map(({ path, isActive }) => [toPathKey(path), isActive === undefined ? {} : { isActive }]));
      const key = toPathKey(top);
      const rows: OverrideRow[] = [...all]
        .map(([at, own]) => ({ key: at, overrides: own }))
        .filter((row) => isWithin(row.key, key))
        .sort((a, b) => compareBytes(a.key, b.key));
      const ranges = activeRanges(key, effectiveSettings(top, all).isActive, rows);
      const keys = tables.map(toPathKey);
      const found = keys.filter((one) => ranges.some(({ from, before }) => compareBytes(one, from) >= 0 && compareBytes(one, before) < 0));
      const expected = tables.filter((path) => isWithin(toPathKey(path), key) && effectiveSettings(path, all).isActive).map(toPathKey);
      expect(found).toEqual(expected);
      for (const [index, { from, before }] of ranges.entries()) {
        expect(compareBytes(from, before)).toBeLessThan(0);
        if (index > 0) expect(compareBytes(ranges[index - 1]!.before, from)).toBeLessThan(0);
      }
    }),
    { numRuns: 500 },
  );
});
