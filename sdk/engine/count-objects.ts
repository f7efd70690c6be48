import type { ObjectCounts } from "../model/data-object";
import type { ObjectPath } from "../model/object-path";
import type { Store } from "../model/store";
import { activeRangesOf } from "./data-sources";
import { requireObject } from "./objects";

/** How many objects lie beneath a path, by what they are. */
export async function countObjects(store: Store, path: ObjectPath): Promise<ObjectCounts> {
  const { key } = await requireObject(store, path);
  const depths = await store.countByDepth(key);
  return {
    databases: depths.get(2) ?? 0,
    schemas: depths.get(3) ?? 0,
    tables: depths.get(4) ?? 0,
    dataSources: await store.countTables(await activeRangesOf(store, key)),
    missing: await store.countMissing(key),
  };
}
