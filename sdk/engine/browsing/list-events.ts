import type { ObjectEvent } from "../../model/browsing";
import { lineage, type ObjectPath } from "../../model/object-path";
import { fromPathKey, isWithin, toPathKey } from "../../model/path-key";
import type { Store } from "../../model/store";
import { requireObject } from "../objects";

const SETTINGS_CHANGES = 100;
/** A job holds up to a thousand changes, all of which are read. */
const JOBS = 50;

/** What was recorded of an object, newest first: changes of settings that reach it, and what syncs found of it. */
export async function listEvents(store: Store, path: ObjectPath): Promise<ObjectEvent[]> {
  const { key } = await requireObject(store, path);
  const settings = await store.listSettingsLog(lineage(path).map(toPathKey), SETTINGS_CHANGES);
  const connection = toPathKey(path.slice(0, 1));
  const jobs = await store.searchJobs({ jobType: undefined, state: undefined, from: undefined, to: undefined, key: connection }, 0, JOBS);
  const events: ObjectEvent[] = settings.map(({ key: at, ...change }) => ({
    kind: "settings",
    ...change,
    objectPath: [...fromPathKey(at)],
  }));
  for (const { bulkId, objectPath, requestedBy, createdAt, endedAt, output } of jobs) {
    const start = toPathKey(objectPath);
    if (!isWithin(key, start) && !isWithin(start, key)) continue;
    for (const change of output?.plan?.changes ?? []) {
      if (toPathKey(change.objectPath) === key) events.push({ kind: "sync", at: endedAt ?? createdAt, by: requestedBy, bulkId, change });
    }
  }
  return events.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
