import { compareBytes, descendantRange, type PathKey } from "../model/path-key";
import type { KeyRange, OverrideRow } from "../model/store";

/**
 * The parts of a subtree in which objects are active, in byte order, without looking at the objects: each override rules
 * the keys beneath it up to the next nearer one. So data sources can be counted and listed without a row for each.
 * @param isActive the effective setting at `key`
 * @param overrides those at and beneath `key`, in order of the path
 */
export function activeRanges(key: PathKey, isActive: boolean, overrides: readonly OverrideRow[]): KeyRange[] {
  const ranges: KeyRange[] = [];
  const open = [{ before: descendantRange(key).before, isActive }];
  let from = key;

  for (const { key: at, overrides: own } of overrides) {
    if (own.isActive === undefined || at === key) continue;
    closeUpTo(at);
    extendTo(at);
    open.push({ before: descendantRange(at).before, isActive: own.isActive });
  }
  while (open.length > 0) closeLast();
  return ranges;

  function closeUpTo(at: PathKey): void {
    while (compareBytes(open[open.length - 1]!.before, at) <= 0) closeLast();
  }

  function closeLast(): void {
    extendTo(open[open.length - 1]!.before);
    open.pop();
  }

  function extendTo(before: PathKey): void {
    const last = ranges[ranges.length - 1];
    if (open[open.length - 1]!.isActive && compareBytes(from, before) < 0) {
      if (last?.before === from) ranges[ranges.length - 1] = { from: last.from, before };
      else ranges.push({ from, before });
    }
    from = before;
  }
}
