import fc from "fast-check";
import { compareBytes, isWithin, toPathKey } from "../model/path-key";
import type { OverrideRow } from "../model/store";
import { countDataSources } from "./count-data-sources";
import { effectiveSettings } from "./effective";

const part = fc.constantFrom("a", "b", "c");
const table = fc.tuple(fc.constant("w"), part, part, part).map((path) => [...path]);
const anywhere = fc.tuple(fc.constant("w"), fc.array(part, { maxLength: 3 })).map(([key, rest]) => [key, ...rest]);

it("counts what looking at every table counts", async () => {
  const trees = fc.record({
    tables: fc.uniqueArray(table, { selector: (path) => path.join("/") }),
    overrides: fc.uniqueArray(fc.record({ path: anywhere, isActive: fc.option(fc.boolean(), { nil: undefined }) }), {
      selector: ({ path }) => path.join("/"),
    }),
    top: anywhere,
  });
  await fc.assert(
    fc.asyncProperty(trees, async ({ tables, overrides, top }) => {
      const all = new Map(overrides.map(({ path, isActive }) => [toPathKey(path), isActive === undefined ? {} : { isActive }]));
      const key = toPathKey(top);
      const rows: OverrideRow[] = [...all]
        .map(([at, own]) => ({ key: at, overrides: own }))
        .filter((row) => isWithin(row.key, key))
        .sort((a, b) => compareBytes(a.key, b.key));
      const keys = tables.map(toPathKey);
      const counted = await countDataSources(
        key,
        effectiveSettings(top, all).isActive,
        rows,
        async (at) => keys.filter((one) => isWithin(one, at)).length,
      );
      const expected = tables.filter((path) => isWithin(toPathKey(path), key) && effectiveSettings(path, all).isActive).length;
      expect(counted).toBe(expected);
    }),
  );
});
