import type { ConnectionsApi } from "../../../sdk/model/connections-api";
import type { DataObject } from "../../../sdk/model/data-object";
import { NotFoundError } from "../../../sdk/model/errors";
import { formatObjectPath, type ObjectPath } from "../../../sdk/model/object-path";
import { compareBytes, fromPathKey, parentKey, toPathKey, type PathKey } from "../../../sdk/model/path-key";
import type { LastSync } from "../../../sdk/model/registration";

/** Objects that are asked for one by one; from then on pages are read, which answer for all that follow in order of the path. */
const SINGLE = 4;
/** The largest page of objects that a server gives. */
const PAGE = 10_000;

/** What resources want to know of an object. */
export type FoundObject = Pick<DataObject, "objectType" | "state">;

/** Everything after one path up to another is known: both as keys, `to` undefined at the end of the connection. */
interface Window {
  readonly from: PathKey;
  readonly to: PathKey | undefined;
}

/** Whether all objects of a connection fit into a page, as its last sync left them. */
export function isSmall(lastSync: LastSync | null | undefined): boolean {
  if (!lastSync) return false;
  const { databases, schemas, tables } = lastSync.counts;
  return databases + schemas + tables < PAGE;
}

type Reader = Pick<ConnectionsApi, "getObject" | "listObjects">;

/**
 * Looks up objects of one connection for many resources, whose hooks the engine calls one after the other. However many they are,
 * at most a page for every 10,000 objects of the connection is read.
 * @param inOnePage whether the whole connection fits into a page; it is read from its start then.
 * @returns a function that answers undefined for an object that is not registered.
 */
export function lookUpObjects(
  api: Reader,
  connectionKey: string,
  inOnePage: boolean,
  page = PAGE,
): (path: ObjectPath) => Promise<FoundObject | undefined> {
  const known = new Map<PathKey, FoundObject>();
  const windows: Window[] = [];
  let singles = 0;
  let loading: Promise<void> | undefined;

  const isCovered = (key: PathKey) =>
    windows.some(({ from, to }) => compareBytes(from, key) < 0 && (to === undefined || compareBytes(key, to) <= 0));

  /** Where to read on from so that the key is reached: the start of what it lies in, or the end of what was read from there. */
  function startFor(key: PathKey): PathKey {
    const above = parentKey(key);
    let start = inOnePage || above === undefined ? toPathKey([connectionKey]) : above;
    for (;;) {
      const next = windows.find(({ from, to }) => to !== undefined && compareBytes(from, start) <= 0 && compareBytes(start, to) < 0)?.to;
      if (next === undefined) return start;
      start = next;
    }
  }

  async function load(start: PathKey): Promise<void> {
    const { hits, next } = await api.listObjects([connectionKey], { after: formatObjectPath(fromPathKey(start)), size: page });
    for (const { objectPath, objectType, state } of hits) known.set(toPathKey(objectPath), { objectType, state });
    windows.push({ from: start, to: next === null ? undefined : toPathKey(hits[hits.length - 1]!.objectPath) });
  }

  return async (path) => {
    const key = toPathKey(path);
    while (!isCovered(key)) {
      if (path.length === 1 || singles < SINGLE) {
        singles++;
        return getOrNothing(api, path);
      }
      loading ??= load(startFor(key)).finally(() => (loading = undefined));
      await loading;
    }
    return known.get(key);
  };
}

async function getOrNothing(api: Reader, path: ObjectPath): Promise<FoundObject | undefined> {
  try {
    return await api.getObject(path);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
