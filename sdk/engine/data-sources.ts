import type { DataSourceQuery, Part } from "../model/connections-api";
import type { DataSource } from "../model/data-object";
import type { LegacyHost } from "../model/legacy-data-source";
import type { LegacySourceRow } from "../model/legacy-store";
import { formatObjectPath, lineage, parseObjectPath, type ObjectPath } from "../model/object-path";
import { compareBytes, fromPathKey, toPathKey, type PathKey } from "../model/path-key";
import type { KeyRange, ObjectRow, Store } from "../model/store";
import { activeRanges } from "./active-ranges";
import { effectiveSettings } from "./effective";
import { requireObject } from "./objects";
import { pageSize } from "./page-size";

/** What starts a cursor among data sources without a connection; no object path in its text form holds a colon. */
const LEGACY_CURSOR = /^legacy:(\d+)$/;

/**
 * The active tables at and beneath a path, in order of the path. For an empty one, those of hosts that were not upgraded, and then those
 * of all connections: read in this order, a data source that moves from the first to the second meanwhile is on the list in any case.
 */
export async function listDataSources(store: Store, path: ObjectPath, query: DataSourceQuery): Promise<Part<DataSource>> {
  const size = pageSize(query.size);
  const legacy = LEGACY_CURSOR.exec(query.after ?? "");
  if (path.length > 0 || (query.after !== undefined && legacy === null)) return listActive(store, path, size, query.after);

  const afterId = legacy === null ? {} : { afterId: Number(legacy[1]) };
  const rows = await store.listLegacySources({ isUpgraded: false, isEnabled: true, limit: size, ...afterId });
  const hosts = new Map((await store.listLegacyHosts()).map(({ hostKey, host }) => [hostKey, host]));
  const hits = rows.map((row) => toLegacyDataSource(row, hosts.get(row.hostKey)!));
  // A page that is full goes on here, where then nothing may be left before the connections.
  if (hits.length === size) return { hits, next: `legacy:${hits[size - 1]!.id}` };
  const rest = await listActive(store, path, size - hits.length, undefined);
  return { hits: [...hits, ...rest.hits], next: rest.next };
}

async function listActive(store: Store, path: ObjectPath, size: number, from: string | undefined): Promise<Part<DataSource>> {
  const after = from === undefined ? undefined : toPathKey(parseObjectPath(from, "after"));
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

function toLegacyDataSource({ id, name, database, schema, table }: LegacySourceRow, host: LegacyHost): DataSource {
  return { id, name, objectPath: [], objectType: "table", legacy: { host, database, schema, table } };
}

function toDataSource({ id, key, objectType }: ObjectRow): DataSource {
  const objectPath = [...fromPathKey(key)];
  return { id, name: objectPath.join("."), objectPath, objectType };
}
