import pLimit from "p-limit";
import { ConnectionsError, DeregisteredError, PlatformError, StoreError, messageOf } from "../../model/errors";
import type { JobProgress } from "../../model/job";
import { isName, type ObjectPath } from "../../model/object-path";
import { compareBytes, fromPathKey, toPathKey } from "../../model/path-key";
import type { ObservedDatabase, ObservedScope, PlatformSession } from "../../model/platform";
import type { Registered, Stage, StagedChange, Store } from "../../model/store";
import type { FinishedPart } from "../../model/sync-part-store";
import type { FailedDatabase, HeldDatabase, SkippedInSync, SyncChange, SyncPlan } from "../../model/sync-plan";
import { isMassRemoval } from "./rules";
import { syncDatabase, type DatabaseResult } from "./sync-database";

/** Databases crawled side by side. */
const PARALLEL_DATABASES = 4;
const CHILDREN_PER_PAGE = 1_000;

export interface SyncRun {
  readonly store: Store;
  readonly session: PlatformSession;
  readonly path: ObjectPath;
  /** No sync of the connection has ended yet: what is found inherits. */
  readonly firstSync: boolean;
  /** False: inactive databases and schemas are not gone into. */
  readonly recursive: boolean;
  /** Undefined for a dry run: nothing is written. */
  readonly apply: { readonly allowMassRemoval: boolean; readonly now: () => string; readonly connection: Registered } | undefined;
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** One database to look at, or the part of it that was asked for. */
export interface SyncScope {
  readonly scope: ObservedScope;
  /** The database as the platform shows it; undefined when it does not. */
  readonly database: ObservedDatabase | undefined;
  /** It is gone in a way that lost grants look like. */
  readonly isLost: boolean;
}

/** What came of one database. */
export type ScopeOutcome =
  | { readonly kind: "done"; readonly result: DatabaseResult }
  | { readonly kind: "held"; readonly held: HeldDatabase }
  | { readonly kind: "failed"; readonly failed: FailedDatabase };

/**
 * One object sync, or its dry run: both take the same path, so that the plan says what the sync does. Each database is
 * read whole and then written in one transaction; one that cannot be read, or would lose most of its objects, is left
 * as it is and reported.
 */
export async function runSync(run: SyncRun): Promise<SyncPlan> {
  const scopes = await listScopes(run);
  const progress = { objects: 0, databasesDone: 0, databasesTotal: scopes.length };
  const limit = pLimit(PARALLEL_DATABASES);

  // All have ended before a failure is passed on: the session must not be closed under one that still reads.
  const settled = await Promise.allSettled(
    scopes.map((scope) =>
      limit(async (): Promise<ScopeOutcome> => {
        run.signal?.throwIfAborted();
        try {
          return await syncScope(run, scope, (objects) => {
            progress.objects += objects;
            run.onProgress?.({ ...progress });
          });
        } finally {
          progress.databasesDone++;
          run.onProgress?.({ ...progress });
        }
      }),
    ),
  );

  const outcomes = settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
  return planOf(run, outcomes, skippedBy(run.session, run.path[0]!));
}

/** The databases to look at, in byte order. */
export async function listScopes(run: SyncRun): Promise<SyncScope[]> {
  const observed = new Map((await listDatabases(run)).map((database) => [database.name, database]));
  const scopes = await scopesOf(run, observed);
  const lost = await lostDatabases(run, scopes, observed);
  return scopes.map((scope) => ({ scope, database: observed.get(scope.database), isLost: lost.has(scope.database) }));
}

/**
 * Syncs one of them. What the platform cannot do is an outcome; anything else throws.
 * @param part ends with what is written, where the sync is spread.
 */
export async function syncScope(
  run: SyncRun,
  { scope, database, isLost }: SyncScope,
  onObjects: (objects: number) => void,
  part?: (outcome: ScopeOutcome) => FinishedPart,
): Promise<ScopeOutcome> {
  const objectPath = [run.path[0]!, scope.database];
  try {
    return await compareAndWrite();
  } catch (error) {
    run.signal?.throwIfAborted();
    if (error instanceof StoreError || !(error instanceof ConnectionsError)) throw error;
    return { kind: "failed", failed: { objectPath, message: messageOf(error) } };
  }

  async function compareAndWrite(): Promise<ScopeOutcome> {
    const stage = run.apply && (await run.store.openStage());
    let open = true;
    try {
      const result = await syncDatabase({
        store: run.store,
        session: run.session,
        connectionKey: run.path[0]!,
        scope,
        database,
        firstSync: run.firstSync,
        recursive: run.recursive,
        limit: run.limit,
        dryRun: run.apply === undefined,
        signal: run.signal,
        onObjects,
        write: (changes: StagedChange[]) => stage?.add(changes) ?? Promise.resolve(),
      });
      const { objects: known, missing } = result.known;
      const suspicious = isMassRemoval(known, missing) || (isLost && result.counts.missing > 0);
      if (suspicious && run.apply?.allowMassRemoval !== true) return { kind: "held", held: { objectPath, known, missing } };
      open = false;
      const outcome: ScopeOutcome = { kind: "done", result };
      if (stage !== undefined && run.apply !== undefined) await apply(stage, run.apply, part?.(outcome));
      return outcome;
    } finally {
      if (open) await stage?.discard();
    }
  }
}

/** What the platform has that is no object of a connection. */
export function skippedBy(session: PlatformSession, connectionKey: string): SkippedInSync[] {
  return (session.skipped?.() ?? []).map(({ path, kind, count }) => ({ objectPath: [connectionKey, ...path], kind, count }));
}

/** @param outcomes in order of the databases. */
export function planOf(
  { path, limit }: Pick<SyncRun, "path" | "limit">,
  outcomes: readonly ScopeOutcome[],
  skipped: SkippedInSync[],
): SyncPlan {
  const results = outcomes.map((outcome) => (outcome.kind === "done" ? outcome.result : undefined));
  return {
    objectPath: [...path],
    ...total(results, limit),
    held: inOrder(outcomes.flatMap((outcome) => (outcome.kind === "held" ? [outcome.held] : []))),
    failed: inOrder(outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.failed] : []))),
    ...(skipped.length > 0 && { skipped: inOrder(skipped) }),
  };
}

async function listDatabases({ session, signal }: SyncRun): Promise<ObservedDatabase[]> {
  const databases = await session.listDatabases(signal);
  if (databases.every(({ name }) => isName(name))) return databases;
  throw new PlatformError(
    "the platform listed a database whose name is empty or no valid Unicode text; nothing was changed. Report this with the platform's version",
  );
}

async function apply(stage: Stage, { connection, now }: NonNullable<SyncRun["apply"]>, part: FinishedPart | undefined): Promise<void> {
  if (await stage.apply(connection, now(), part)) return;
  throw new DeregisteredError(connection.connectionKey);
}

/**
 * Databases that are gone in a way that lost grants look like: the platform lists none at all, or most of what is known of
 * the connection lies in databases that it does not list.
 */
async function lostDatabases(
  { store, path }: SyncRun,
  scopes: readonly ObservedScope[],
  observed: ReadonlyMap<string, ObservedDatabase>,
): Promise<ReadonlySet<string>> {
  const gone = scopes.map(({ database }) => database).filter((database) => !observed.has(database));
  if (gone.length === 0 || observed.size === 0) return new Set(gone);
  const connection = [path[0]!];
  let missing = 0;
  for (const database of gone) missing += await knownObjects(store, [...connection, database]);
  return new Set(isMassRemoval(await knownObjects(store, connection), missing) ? gone : []);
}

/** Schemas and tables beneath a path, without missing ones. */
async function knownObjects(store: Store, path: ObjectPath): Promise<number> {
  const depths = await store.countByDepth(toPathKey(path));
  return (depths.get(3) ?? 0) + (depths.get(4) ?? 0);
}

/** The databases to look at: all that either side knows, or the one that the path lies in. */
async function scopesOf(run: SyncRun, observed: ReadonlyMap<string, ObservedDatabase>): Promise<ObservedScope[]> {
  const [connectionKey, database, schema, table] = run.path;
  if (database !== undefined) {
    return [{ database, ...(schema !== undefined && { schema }), ...(table !== undefined && { table }) }];
  }
  const names = new Set([...observed.keys(), ...(await recordedDatabases(run.store, connectionKey!))]);
  return [...names].sort(compareBytes).map((name) => ({ database: name }));
}

async function recordedDatabases(store: Store, connectionKey: string): Promise<string[]> {
  const names: string[] = [];
  for (let offset = 0; ; offset += CHILDREN_PER_PAGE) {
    const query = { offset, size: CHILDREN_PER_PAGE, sortOrder: "asc", searchText: undefined } as const;
    const { rows } = await store.listChildren(toPathKey([connectionKey]), query);
    names.push(...rows.map(({ key }) => fromPathKey(key)[1]!));
    if (rows.length < CHILDREN_PER_PAGE) return names;
  }
}

function total(results: readonly (DatabaseResult | undefined)[], limit: number): Pick<SyncPlan, "counts" | "changes"> {
  const counts = { new: 0, returned: 0, changed: 0, missing: 0, unchanged: 0 };
  const changes: SyncChange[] = [];
  for (const result of results) {
    if (result === undefined) continue;
    for (const kind of Object.keys(counts) as (keyof typeof counts)[]) counts[kind] += result.counts[kind];
    for (const change of result.changes) if (changes.length < limit) changes.push(change);
  }
  return { counts, changes };
}

function inOrder<T extends { objectPath: readonly string[] }>(databases: T[]): T[] {
  return databases.sort((a, b) => compareBytes(toPathKey(a.objectPath), toPathKey(b.objectPath)));
}
