import { isWithin, type PathKey } from "../model/path-key";
import type { OverrideRow } from "../model/store";

interface Region {
  readonly key: PathKey;
  readonly isActive: boolean;
  tables: number;
}

/**
 * Active tables at and beneath a path, without looking at every table: each override rules the tables beneath it less
 * those beneath a nearer one.
 * @param isActive the effective setting at `key`
 * @param overrides those at and beneath `key`, in order of the path
 */
export async function countDataSources(
  key: PathKey,
  isActive: boolean,
  overrides: readonly OverrideRow[],
  countTables: (key: PathKey) => Promise<number>,
): Promise<number> {
  let active = 0;
  const open: Region[] = [{ key, isActive, tables: await countTables(key) }];
  const close = (region: Region) => {
    if (region.isActive) active += region.tables;
  };
  for (const { key: at, overrides: own } of overrides) {
    if (own.isActive === undefined || at === key) continue;
    while (!isWithin(at, open[open.length - 1]!.key)) close(open.pop()!);
    const parent = open[open.length - 1]!;
    // A region that sets what its parent has anyway moves no table.
    if (own.isActive === parent.isActive) continue;
    const tables = await countTables(at);
    parent.tables -= tables;
    open.push({ key: at, isActive: own.isActive, tables });
  }
  open.forEach(close);
  return active;
}
