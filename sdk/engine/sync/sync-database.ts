import { setImmediate as turn } from "node:timers/promises";
import type { ObjectType, PlatformFacts } from "../../model/data-object";
import { PlatformError } from "../../model/errors";
import { formatObjectPath, isName, type ObjectPath } from "../../model/object-path";
import { childKey, depthOf, fromPathKey, isWithin, parentKey, toPathKey, type PathKey } from "../../model/path-key";
import { decodeColumns, type ObservedDatabase, type ObservedScope, type PlatformSession } from "../../model/platform";
import type { EffectiveSettings } from "../../model/settings";
import type { RecordedObject, StagedChange, Store } from "../../model/store";
import type { SyncChange, SyncCounts } from "../../model/sync-plan";
import { effectiveSettings, inherit } from "../effective";
import { inactiveContainers } from "./inactive-containers";
import { mergeByKey } from "./merge";
import { diffColumns, overrideOfNewObject } from "./rules";

/** Changes gathered before columns are fetched and changes handed on. */
const CHANGES_PER_BATCH = 500;
const SCHEMA_DEPTH = 3;

/** An observed object under its key. */
interface Observed {
  readonly key: PathKey;
  readonly objectType: ObjectType;
  readonly facts: Partial<PlatformFacts>;
  readonly fingerprint: string;
  columns?: string | undefined;
}

type Difference =
  | { readonly kind: "new"; readonly observed: Observed }
  | { readonly kind: "known"; readonly recorded: RecordedObject; readonly observed: Observed }
  | { readonly kind: "missing"; readonly recorded: RecordedObject };

export interface DatabaseSync {
  readonly store: Store;
  readonly session: PlatformSession;
  readonly connectionKey: string;
  /** The database, or a schema or table in it. */
  readonly scope: ObservedScope;
  /** The database as the platform shows it; undefined when it does not. */
  readonly database: ObservedDatabase | undefined;
  readonly firstSync: boolean;
  /** False: what lies in inactive databases and schemas is left as it is, unseen. */
  readonly recursive: boolean;
  /** How many changes to list; counts are always complete. */
  readonly limit: number;
  /** A dry run needs no columns of new tables. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onObjects: (objects: number) => void;
  /** Takes what is to be written; a dry run drops it. */
  readonly write: (changes: StagedChange[]) => Promise<void>;
}

export interface DatabaseResult {
  readonly counts: SyncCounts;
  readonly changes: SyncChange[];
  /** Schemas and tables that were there at the last sync, and how many of them would go missing. */
  readonly known: { readonly objects: number; readonly missing: number };
}

/**
 * Compares one database (or a part of it) on the platform with what is recorded, and hands on what a sync writes.
 * Nothing is decided about what was not fully read: any failure throws.
 */
export async function syncDatabase(sync: DatabaseSync): Promise<DatabaseResult> {
  const { store, scope, connectionKey } = sync;
  const top = toPathKey(scopePath(connectionKey, scope));
  const counts = { new: 0, returned: 0, changed: 0, missing: 0, unchanged: 0 };
  const changes: SyncChange[] = [];
  const known = { objects: 0, missing: 0 };
  const parents = parentStates(store, sync.firstSync);
  const inactive = sync.recursive ? undefined : await inactiveContainers(store, top, sync.firstSync);
  let skipped: PathKey | undefined;
  let pending: Difference[] = [];

  const [self] = await store.getObjects([top]);
  // A database that nothing is recorded of wants all columns at once; of a known one only the changed tables'.
  const withColumns = self === undefined && !sync.dryRun;

  await mergeByKey(
    store.streamObjects(top),
    observe(sync, withColumns),
    (recorded, observed) => {
      if (isSkipped(recorded, observed)) return;
      const counted = recorded !== undefined && recorded.missingSince === null && depthOf(recorded.key) >= SCHEMA_DEPTH;
      if (counted) known.objects++;
      if (observed === undefined) {
        if (recorded?.missingSince !== null) return;
        if (counted) known.missing++;
        pending.push({ kind: "missing", recorded });
      } else if (recorded === undefined) pending.push({ kind: "new", observed });
      else if (isSame(recorded, observed)) counts.unchanged++;
      else pending.push({ kind: "known", recorded, observed });
    },
    async () => {
      // An embedded store and platform never wait for anything: without this, timers, signals and the collection of driver
      // objects would have to wait for the end of the sync.
      await turn();
      if (pending.length >= CHANGES_PER_BATCH) await flush();
    },
  );
  await flush();
  return { counts, changes, known };

  /** A container comes right before what lies in it. */
  function isSkipped(recorded: RecordedObject | undefined, observed: Observed | undefined): boolean {
    const key = (recorded ?? observed)!.key;
    if (skipped !== undefined && isWithin(key, skipped)) return true;
    // With a container that is gone, all that lies in it is gone; there is nothing to look into.
    const isThere = observed !== undefined && depthOf(key) <= SCHEMA_DEPTH;
    skipped = isThere && inactive?.isSkipped(key, recorded === undefined) ? key : undefined;
    return false;
  }

  async function flush(): Promise<void> {
    const differences = pending;
    pending = [];
    await fetchColumns(sync, differences);
    const recordedColumns = await store.getColumns(differences.flatMap((one) => (one.kind === "known" ? [one.recorded.key] : [])));
    const writes: StagedChange[] = [];
    for (const difference of differences) {
      sync.signal?.throwIfAborted();
      if (difference.kind === "missing") {
        writes.push({ kind: "missing", key: difference.recorded.key });
        count("missing", { objectPath: [...fromPathKey(difference.recorded.key)], objectType: difference.recorded.objectType });
      } else if (difference.kind === "new") {
        const { parent, parentIsNew } = await parents.of(difference.observed.key);
        const isActive = overrideOfNewObject(parent, { firstSync: sync.firstSync, parentIsNew });
        parents.found(difference.observed.key, inherit(parent, isActive === undefined ? undefined : { isActive }));
        writes.push({ kind: "put", ...difference.observed, fingerprint: recordedFingerprint(difference.observed), isActive });
        count("new", {
          objectPath: [...fromPathKey(difference.observed.key)],
          objectType: difference.observed.objectType,
          state: (isActive ?? parent.isActive) ? "active" : "inactive",
        });
      } else {
        const { recorded, observed } = difference;
        writes.push({ kind: "put", ...observed, fingerprint: recordedFingerprint(observed) });
        const columns = changedColumns(recordedColumns.get(recorded.key), observed.columns);
        const details = changedDetails(recorded, observed);
        if (recorded.missingSince !== null)
          count("returned", { objectPath: [...fromPathKey(recorded.key)], objectType: observed.objectType });
        else if (columns.length === 0 && details.length === 0) counts.unchanged++;
        else {
          count("changed", {
            objectPath: [...fromPathKey(recorded.key)],
            objectType: observed.objectType,
            ...(columns.length > 0 && { columns }),
            ...(details.length > 0 && { details }),
          });
        }
      }
    }
    if (writes.length > 0) await sync.write(writes);
  }

  function count(kind: SyncChange["kind"], change: Omit<SyncChange, "kind">): void {
    counts[kind]++;
    if (changes.length < sync.limit) changes.push({ kind, ...change });
  }
}

function scopePath(connectionKey: string, { database, schema, table }: ObservedScope): ObjectPath {
  return [connectionKey, database, ...(schema === undefined ? [] : [schema]), ...(table === undefined ? [] : [table])];
}

/** What the platform shows of the scope, the database itself first where the scope is the whole of it. */
async function* observe(sync: DatabaseSync, columns: boolean): AsyncGenerator<Observed[]> {
  if (sync.database === undefined) return;
  const databaseKey = toPathKey([sync.connectionKey, sync.database.name]);
  if (sync.scope.schema === undefined) {
    const { name: _name, ...facts } = sync.database;
    yield [{ key: databaseKey, objectType: "database", facts, fingerprint: databaseFingerprint(facts) }];
  }
  const options = { columns, ...(sync.signal && { signal: sync.signal }) };
  const place = placeOf(sync.scope);
  for await (const batch of sync.session.streamObjects(sync.scope, options)) {
    yield batch.map(({ schema, table, objectType, fingerprint, columns: text, ...facts }): Observed => {
      place.check(schema, table);
      const schemaKey = childKey(databaseKey, schema);
      const key = table === undefined ? schemaKey : childKey(schemaKey, table);
      return { key, objectType, facts, fingerprint, columns: text };
    });
    sync.onObjects(batch.length);
  }
}

/** Refuses objects that could not be asked for afterwards, or that lie elsewhere: whoever lists them lists other things wrongly too. */
function placeOf(scope: ObservedScope) {
  // A table's own sync starts beneath a schema that is known.
  let listed = scope.table === undefined ? undefined : scope.schema;
  return {
    check(schema: string, table: string | undefined): void {
      const names = table === undefined ? [schema] : [schema, table];
      const refuse = (what: string) => {
        const path = formatObjectPath([scope.database, ...names.map((name) => name.replaceAll(/\p{Surrogate}/gu, "\ufffd"))]);
        return new PlatformError(`${path}: the platform listed ${what}; nothing was changed. Report this with the platform's version`);
      };
      if (names.some((name) => !isName(name))) throw refuse("an object whose name is empty or no valid Unicode text");
      if (schema !== (scope.schema ?? schema) || table !== (scope.table ?? table)) throw refuse("an object that was not asked for");
      if (table === undefined) listed = schema;
      else if (schema !== listed) throw refuse("a table without its schema");
    },
  };
}

/** Only the comment, where that is all the platform tells. */
function databaseFingerprint({ comment, owner }: Partial<PlatformFacts>): string {
  return owner === undefined ? (comment ?? "") : JSON.stringify([comment ?? null, owner]);
}

function isSame(recorded: RecordedObject, observed: Observed): boolean {
  return recorded.fingerprint === observed.fingerprint && recorded.missingSince === null && recorded.objectType === observed.objectType;
}

/**
 * A table that was dropped, renamed or replaced after it was listed has no columns to read. Its fingerprint is recorded as
 * one that no platform makes, so that the next sync looks again at whatever has that name by then.
 */
function recordedFingerprint({ key, fingerprint, columns }: Observed): string {
  return depthOf(key) > SCHEMA_DEPTH && columns === undefined ? `without columns: ${fingerprint}` : fingerprint;
}

/** Adds the columns to new and changed tables that came without. */
async function fetchColumns(sync: DatabaseSync, differences: readonly Difference[]): Promise<void> {
  const wanted = new Map<PathKey, Observed>();
  for (const difference of differences) {
    if (difference.kind === "missing" || difference.observed.columns !== undefined) continue;
    if (difference.kind === "new" && sync.dryRun) continue;
    if (depthOf(difference.observed.key) > SCHEMA_DEPTH) wanted.set(difference.observed.key, difference.observed);
  }
  if (wanted.size === 0) return;
  const databaseKey = toPathKey([sync.connectionKey, sync.scope.database]);
  const tables = [...wanted.keys()].map((key) => {
    const [, , schema, table] = fromPathKey(key) as [string, string, string, string];
    return { schema, table };
  });
  for (const { schema, table, columns } of await sync.session.readColumns(sync.scope.database, tables, sync.signal)) {
    const observed = wanted.get(childKey(childKey(databaseKey, schema), table));
    if (observed !== undefined) observed.columns = columns;
  }
}

function changedColumns(recorded: string | undefined, observed: string | undefined) {
  if (observed === undefined || recorded === observed) return [];
  return diffColumns(recorded === undefined ? [] : decodeColumns(recorded), decodeColumns(observed));
}

function changedDetails(recorded: RecordedObject, observed: Observed): string[] {
  const now = { ...observed.facts, objectType: observed.objectType };
  return (["objectType", "comment", "owner"] as const)
    .filter((field) => recorded[field] !== (now[field] ?? null))
    .map((field) => `${field}: ${recorded[field] ?? "none"} -> ${now[field] ?? "none"}`);
}

/** The effective settings of the parents of new objects: read once for each parent, containers found in this sync included. */
function parentStates(store: Store, firstSync: boolean) {
  const foundContainers = new Map<PathKey, EffectiveSettings>();
  let last: { key: PathKey; effective: EffectiveSettings } | undefined;

  return {
    async of(key: PathKey): Promise<{ parent: EffectiveSettings; parentIsNew: boolean }> {
      const above = parentKey(key)!;
      const container = foundContainers.get(above);
      if (container !== undefined) return { parent: container, parentIsNew: true };
      if (last?.key !== above) last = { key: above, effective: await readEffective(store, above) };
      return { parent: last.effective, parentIsNew: false };
    },
    found(key: PathKey, effective: EffectiveSettings): void {
      if (depthOf(key) <= SCHEMA_DEPTH && !firstSync) foundContainers.set(key, effective);
    },
  };
}

async function readEffective(store: Store, key: PathKey): Promise<EffectiveSettings> {
  const path = fromPathKey(key);
  const keys = path.map((_, index) => toPathKey(path.slice(0, index + 1)));
  return effectiveSettings(path, await store.getOverrides(keys));
}
