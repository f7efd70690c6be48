import type { ObjectQuery, Part } from "../model/connections-api";
import type { ListedObject } from "../model/data-object";
import { BadRequestError } from "../model/errors";
import { formatObjectPath, lineage, parseObjectPath, type ObjectPath } from "../model/object-path";
import { fromPathKey, isWithin, toPathKey, type PathKey } from "../model/path-key";
import type { Settings } from "../model/settings";
import type { ObjectRow, Store } from "../model/store";
import { effectiveSettings } from "./effective";
import { requireObject } from "./objects";
import { pageSize } from "./page-size";

/** Larger than other lists': what governs a whole connection reads all of it. */
export const LARGEST_OBJECT_PAGE = 10_000;
/** Read at once, also where few are wanted: a filter may leave out most of them. */
const FEWEST_ROWS = 1_000;

/** The object and everything beneath it, in order of the path; without what the filters leave out. */
export async function listObjects(store: Store, objectPath: ObjectPath, query: ObjectQuery): Promise<Part<ListedObject>> {
  const { key } = await requireObject(store, objectPath);
  const size = pageSize(query.size, LARGEST_OBJECT_PAGE);
  const hits: ListedObject[] = [];
  let after = query.after === undefined ? undefined : afterKey(query.after, key);
  for (;;) {
    const rows = await store.listObjects(key, after, Math.max(size, FEWEST_ROWS));
    const overrides = await overridesAbove(store, rows);
    for (const row of rows) {
      after = row.key;
      const object = listed(row, overrides);
      if (isWanted(object, query)) hits.push(object);
      if (hits.length === size) return { hits, next: formatObjectPath(fromPathKey(after)) };
    }
    if (rows.length < Math.max(size, FEWEST_ROWS)) return { hits, next: null };
  }
}

function listed(
  { id, key, objectType, owner, createdAt, missingSince }: ObjectRow,
  overrides: ReadonlyMap<PathKey, Settings>,
): ListedObject {
  const path = fromPathKey(key);
  const state = effectiveSettings(path, overrides).isActive ? "active" : "inactive";
  return { id, objectPath: [...path], objectType, state, owner, createdAt, missingSince, overrides: overrides.get(key) ?? {} };
}

function isWanted(object: ListedObject, { state, objectType }: ObjectQuery): boolean {
  return (state === undefined || object.state === state) && (objectType === undefined || object.objectType === objectType);
}

function overridesAbove(store: Store, rows: readonly ObjectRow[]): Promise<ReadonlyMap<PathKey, Settings>> {
  const keys = new Set(rows.flatMap(({ key }) => lineage(fromPathKey(key)).map(toPathKey)));
  return store.getOverrides([...keys]);
}

function afterKey(after: string, key: PathKey): PathKey {
  const from = toPathKey(parseObjectPath(after, "after"));
  if (isWithin(from, key)) return from;
  throw new BadRequestError("after: does not belong to this list; give the `next` of the part before", { field: "after" });
}
