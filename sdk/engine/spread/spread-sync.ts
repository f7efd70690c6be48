import { setTimeout as delay } from "node:timers/promises";
import { DeregisteredError, isPassing, messageOf } from "../../model/errors";
import type { ObjectPath } from "../../model/object-path";
import { fromPathKey, toPathKey } from "../../model/path-key";
import type { ConnectionRow, Registered, Store } from "../../model/store";
import type { SkippedInSync, SyncPlan } from "../../model/sync-plan";
import type { SyncPart } from "../../model/sync-part-store";
import type { QueuedTask, TaskRun, WorkQueue } from "../../model/work-queue";
import type { Connections } from "../connections";
import { listScopes, planOf, skippedBy, syncScope, type ScopeOutcome, type SyncRun, type SyncScope } from "../sync/run-sync";
import { SharedSessions } from "./shared-sessions";

const FIRST_POLL_MILLISECONDS = 50;
const LONGEST_POLL_MILLISECONDS = 1_000;
/** Databases without a task, as when a server died while it put them into the queue, get one again this often. */
const ADD_AGAIN_MILLISECONDS = 30_000;
const REPORT_MILLISECONDS = 1_000;
/** Syncs of the night come after what somebody waits for. */
const NIGHTLY_PRIORITY = 15_000;
const LAST_PRIORITY = 14_999;

/** What whoever takes a database on has to know. */
interface PartDetails extends SyncScope, Pick<SyncRun, "path" | "recursive" | "firstSync" | "limit"> {
  readonly createdAt: string;
  readonly allowMassRemoval: boolean;
}

/** What came of it, and what of the platform was left out. */
interface PartOutcome {
  readonly outcome: ScopeOutcome;
  readonly skipped: SkippedInSync[];
}

export interface SpreadParts {
  readonly store: Store;
  readonly queue: WorkQueue;
  readonly connections: Connections;
  readonly now: () => string;
  /** Databases of one connection, and so of one platform account, that are synced at a time, on all servers together. */
  readonly perAccount: number;
}

/** Syncs whose databases are taken on by whichever process has time. */
export function createSpread({ store, queue, connections, now, perAccount }: SpreadParts) {
  const sessions = new SharedSessions((row) => connections.openSession(row, undefined));

  return {
    /**
     * As `runSync`, of a job that is run out of the queue: its databases wait there for whoever takes them on, and those that an earlier
     * attempt has finished are not done again.
     */
    async run(jobId: string, isNightly: boolean, run: SyncRun): Promise<SyncPlan> {
      let parts = await store.getSyncParts(jobId);
      if (parts.length === 0) {
        const scopes = await listScopes(run);
        await store.insertSyncParts(
          jobId,
          scopes.map((scope) => partOf(run, scope)),
        );
        parts = await store.getSyncParts(jobId);
      }
      parts = await untilDone(jobId, isNightly, run, parts);
      const outcomes = parts.map(({ outcome }) => JSON.parse(outcome!) as PartOutcome);
      const [connectionKey] = run.path as [string];
      const skipped = new Map(
        [...skippedBy(run.session, connectionKey), ...outcomes.flatMap((one) => one.skipped)].map((one) => [
          JSON.stringify([one.objectPath, one.kind]),
          one,
        ]),
      );
      return planOf(
        run,
        outcomes.map(({ outcome }) => outcome),
        [...skipped.values()],
      );
    },

    /** Takes one database on; one that is done already is left alone. */
    async runPart({ payload: { jobId = "", key = "" }, isLastAttempt, signal }: TaskRun): Promise<void> {
      const part = await store.getSyncPart(jobId, key);
      if (part === undefined || part.outcome !== null) return;
      const details = JSON.parse(part.details) as PartDetails;
      try {
        await syncPart(jobId, part, details, signal);
      } catch (error) {
        if (signal.aborted || (isPassing(error) && !isLastAttempt)) throw error;
        const objectPath = [details.path[0]!, details.scope.database];
        await finish(jobId, part, 0, { kind: "failed", failed: { objectPath, message: messageOf(error) } }, []);
      }
    },

    close: () => sessions.close(),
  };

  async function untilDone(jobId: string, isNightly: boolean, run: SyncRun, first: SyncPart[]): Promise<SyncPart[]> {
    let parts = first;
    let added = -Infinity;
    for (let pause = FIRST_POLL_MILLISECONDS; ; pause = Math.min(pause * 1.3, LONGEST_POLL_MILLISECONDS)) {
      const open = parts.filter(({ outcome }) => outcome === null);
      run.onProgress?.({
        objects: parts.reduce((objects, part) => objects + part.objects, 0),
        databasesDone: parts.length - open.length,
        databasesTotal: parts.length,
      });
      if (open.length === 0) return parts;
      run.signal?.throwIfAborted();
      if (performance.now() - added > ADD_AGAIN_MILLISECONDS) {
        added = performance.now();
        await queue.add(
          parts.map((part, index) => taskOf(jobId, part, index, isNightly)).filter((_, index) => parts[index]!.outcome === null),
        );
      }
      await delay(pause, undefined, { ...(run.signal && { signal: run.signal }) });
      parts = await store.getSyncParts(jobId);
    }
  }

  /** The first databases of every connection come before the second ones: so one with many keeps none with few from its turn. */
  function taskOf(jobId: string, { key }: SyncPart, index: number, isNightly: boolean): QueuedTask {
    return {
      kind: "database",
      key: `${jobId} ${key}`,
      payload: { jobId, key },
      priority: (isNightly ? NIGHTLY_PRIORITY : 0) + Math.min(index, LAST_PRIORITY),
      lane: `${fromPathKey(key)[0]!} ${index % perAccount}`,
    };
  }

  async function syncPart(jobId: string, part: SyncPart, details: PartDetails, signal: AbortSignal): Promise<void> {
    const { path, scope, database, isLost, recursive, firstSync, limit, allowMassRemoval, createdAt } = details;
    const row = await connections.requireRow(path[0]!);
    requireSame(row, createdAt);
    let objects = 0;
    let reported = performance.now();
    let reporting: Promise<void> = Promise.resolve();
    const onObjects = (some: number) => {
      objects += some;
      if (performance.now() - reported < REPORT_MILLISECONDS) return;
      reported = performance.now();
      reporting = store.reportSyncPart(jobId, part.key, objects);
      // Progress that cannot be written is no reason to stop.
      reporting.catch(() => undefined);
    };
    await sessions.use(row, async (session) => {
      const apply = { allowMassRemoval, now, connection: row };
      const skipped = () => skippedBy(session, path[0]!).filter(({ objectPath }) => objectPath[1] === scope.database);
      const outcome = await syncScope(
        { store, session, path, recursive, firstSync, limit, apply, signal },
        { scope, database, isLost },
        onObjects,
        (done) => finished(jobId, part, objects, done, skipped()),
      );
      await reporting.catch(() => undefined);
      if (outcome.kind !== "done") await finish(jobId, part, objects, outcome, skipped());
    });
  }

  function finish(jobId: string, part: SyncPart, objects: number, outcome: ScopeOutcome, skipped: SkippedInSync[]): Promise<void> {
    return store.finishSyncPart(finished(jobId, part, objects, outcome, skipped));
  }
}

/** @throws DeregisteredError when the key stands for another registration by now. */
export function requireSame(row: ConnectionRow, createdAt: string): Registered {
  if (row.createdAt === createdAt) return row;
  throw new DeregisteredError(row.connectionKey);
}

function partOf({ path, recursive, firstSync, limit, apply }: SyncRun, scope: SyncScope): Pick<SyncPart, "key" | "details"> {
  const connection = apply!.connection;
  const details: PartDetails = {
    ...{ path, recursive, firstSync, limit, ...scope },
    createdAt: connection.createdAt,
    allowMassRemoval: apply!.allowMassRemoval,
  };
  return { key: toPathKey(databaseOf(path, scope)), details: JSON.stringify(details) };
}

function databaseOf([connectionKey]: ObjectPath, { scope }: SyncScope): ObjectPath {
  return [connectionKey!, scope.database];
}

function finished(jobId: string, { key }: SyncPart, objects: number, outcome: ScopeOutcome, skipped: SkippedInSync[]) {
  const content: PartOutcome = { outcome, skipped };
  return { jobId, key, objects, outcome: JSON.stringify(content) };
}
