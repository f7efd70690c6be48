import { setImmediate as turn } from "node:timers/promises";
import { z } from "zod";
import type { FindQuery } from "../../model/browsing";
import type { RowFilter } from "../../model/browsing-store";
import type { Part } from "../../model/connections-api";
import type { DataObject, ObjectState } from "../../model/data-object";
import { OBJECT_TYPES } from "../../model/data-object";
import { lineage, type ObjectPath } from "../../model/object-path";
import { compareBytes, descendantRange, fromPathKey, toPathKey, type PathKey } from "../../model/path-key";
import type { KeyRange, ObjectRow, Store } from "../../model/store";
import { parse } from "../../model/validate";
import { activeRanges } from "../active-ranges";
import { fromCursor, toCursor } from "../activity/cursor";
import { effectiveSettings } from "../effective";
import { requireObject, viewObjects } from "../objects";
import { pageSize } from "../page-size";

/** Objects that one statement looks at: an embedded store answers nobody else meanwhile. */
const SCAN = 20_000;
/** How long one call looks before it answers what it has. */
const MILLISECONDS = 250;

const findQuery = z.strictObject({
  searchText: z.string().optional(),
  state: z.enum(["active", "inactive"]).optional(),
  objectTypes: z.array(z.enum(OBJECT_TYPES)).readonly().optional(),
  tag: z.string().optional(),
  isMissing: z.boolean().optional(),
  isSetHere: z.boolean().optional(),
  after: z.string().optional(),
  size: z.number().optional(),
});

/**
 * Objects at and beneath some paths, in order of the path.
 * @param roots in byte order, none of them beneath another
 */
export async function findObjects(store: Store, roots: readonly ObjectPath[], { signal, ...query }: FindQuery): Promise<Part<DataObject>> {
  const { after: cursor, size, state, searchText, objectTypes, tag, isMissing, isSetHere } = parse(findQuery, query);
  const filter: RowFilter = { searchText, objectTypes, tag, isMissing, isSetHere };
  const limit = pageSize(size);
  const rows: ObjectRow[] = [];
  let after: PathKey | undefined = cursor === undefined ? undefined : (fromCursor(cursor, 1)[0] ?? "");
  const deadline = performance.now() + MILLISECONDS;

  for (const root of roots) {
    const { key } = await requireObject(store, root);
    if (after !== undefined && compareBytes(descendantRange(key).before, after) <= 0) continue;
    for (const range of await rangesOf(store, key, state)) {
      if (after !== undefined && compareBytes(range.before, after) <= 0) continue;
      for (;;) {
        const found = await store.findRows(range, after, filter, limit - rows.length, SCAN);
        rows.push(...found.rows);
        if (found.scannedTo === undefined) break;
        after = found.scannedTo;
        if (rows.length >= limit || performance.now() > deadline) return { hits: await viewObjects(store, rows), next: toCursor([after]) };
        await turn(undefined, { signal });
      }
    }
  }
  return { hits: await viewObjects(store, rows), next: null };
}

/** The parts of a subtree whose objects have a status. */
async function rangesOf(store: Store, key: PathKey, state: ObjectState | undefined): Promise<KeyRange[]> {
  if (state === undefined) return [{ from: key, before: descendantRange(key).before }];
  const path = fromPathKey(key);
  const { isActive } = effectiveSettings(path, await store.getOverrides(lineage(path).map(toPathKey)));
  const overrides = await store.listOverrides(key);
  if (state === "active") return activeRanges(key, isActive, overrides);
  const opposite = overrides.map(({ key: at, overrides: own }) => ({
    key: at,
    overrides: own.isActive === undefined ? {} : { isActive: !own.isActive },
  }));
  return activeRanges(key, !isActive, opposite);
}
