import type { DataSourceQuery, Part } from "../model/connections-api";
import type { DataSource } from "../model/data-object";
import { formatObjectPath, lineage, parseObjectPath, type ObjectPath } from "../model/object-path";
import { compareBytes, fromPathKey, toPathKey, type PathKey } from "../model/path-key";
import type { KeyRange, ObjectRow, Store } from "../model/store";
import { activeRanges } from "./active-ranges";
import { effectiveSettings } from "./effective";
import { requireObject } from "./objects";
import { pageSize } from "./page-size";

/** The active tables at and beneath a path, in order of the path; of all connections for an empty one. */
export async function listDataSources(store: Store, path: ObjectPath, query: DataSourceQuery): Promise<Part<DataSource>> {
  const size = pageSize(query.size);
  const after = query.after === undefined ? undefined : toPathKey(parseObjectPath(query.after, "after"));
  const rows: ObjectRow[] = [];
  for await (const range of rangesOf(store, path)) {
    if (after !== undefined && compareBytes(range.before, after) <= 0) continue;
    // One more than asked for tells whether there is a next part.
    rows.push(...(await store.listTables(range, after, size + 1 - rows.length)));
    if (rows.length > size) break;
  }
  const hits = rows.slice(0, size).map(toDataSource);
  const last = hits[hits.length - 1];
  return { hits, next: rows.length > size && last !== undefined ? formatObjectPath(last.objectPath) : null };
}

async function* rangesOf(store: Store, path: ObjectPath): AsyncGenerator<KeyRange> {
  if (path.length > 0) {
    await requireObject(store, path);
    yield* await activeRangesOf(store, toPathKey(path));
    return;
  }
  const everything = { offset: 0, size: Number.MAX_SAFE_INTEGER, sortOrder: "asc", searchText: undefined } as const;
  for (const { key } of (await store.listChildren(undefined, everything)).rows) yield* await activeRangesOf(store, key);
}

export async function activeRangesOf(store: Store, key: PathKey): Promise<KeyRange[]> {
  const path = fromPathKey(key);
  const { isActive } = effectiveSettings(path, await store.getOverrides(lineage(path).map(toPathKey)));
  return activeRanges(key, isActive, await store.listOverrides(key));
}

function toDataSource({ id, key, objectType }: ObjectRow): DataSource {
  const objectPath = [...fromPathKey(key)];
  return { id, name: objectPath.join("."), objectPath, objectType };
}
