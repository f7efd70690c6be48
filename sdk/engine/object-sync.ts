import type { ActivityFeed, FeedResult } from "../model/activity";
import type { CrawlOptions, PlanOptions } from "../model/connections-api";
import { formatObjectPath, type ObjectPath } from "../model/object-path";
import type { JobProgress } from "../model/job";
import type { OnWait, PlatformSession } from "../model/platform";
import type { ConnectionRow, Store } from "../model/store";
import { changeCount, type SyncPlan } from "../model/sync-plan";
import type { WorkQueue } from "../model/work-queue";
import { forgetOldActivity } from "./activity/forget";
import { readFeeds } from "./activity/read-feeds";
import type { Connections } from "./connections";
import type { JobRunner, JobWork, QueuedWork } from "./jobs";
import { countObjects } from "./count-objects";
import { requireObject } from "./objects";
import { createSpread, requireSame } from "./spread/spread-sync";
import { runSync } from "./sync/run-sync";

const DEFAULT_PLAN_LIMIT = 1_000;
/** Changes that a finished sync keeps in its job; the counts are complete. */
const JOB_CHANGES = 1_000;
/** Syncs and changes of settings are remembered a little over a year. */
const RECORDS_KEPT_MILLISECONDS = 400 * 24 * 3_600_000;

export interface ObjectSyncParts {
  readonly store: Store;
  readonly connections: Connections;
  readonly jobs: JobRunner;
  readonly now: () => string;
  /** Where syncs wait for whichever process has time; without, they run in this one. */
  readonly spread: { readonly queue: WorkQueue; readonly perAccount: number } | undefined;
}

/** What a whole sync's task carries. */
interface SyncPayload extends Readonly<Record<string, string>> {
  readonly jobId: string;
  /** JSON. */
  readonly path: string;
  readonly options: string;
  /** Of the registration. */
  readonly createdAt: string;
  readonly requestedBy: string;
}

const SCHEDULE = "schedule";
const NIGHTLY_PRIORITY = 1;

/** Starts object syncs as jobs, and plans them. */
export function createObjectSync({ store, connections, jobs, now, spread }: ObjectSyncParts) {
  const stopPlans = new AbortController();
  const plans = new Set<Promise<SyncPlan>>();
  const spreader = spread && createSpread({ store, connections, now, ...spread });

  return {
    /** @param opened a session to use and close; without one the job opens its own. */
    async start(path: ObjectPath, options: CrawlOptions, requestedBy: string, opened?: PlatformSession): Promise<{ bulkId: string }> {
      const close = () => opened?.close() ?? Promise.resolve();
      try {
        const connection = await connections.requireRow(path[0]!);
        // A sync of a registration that was replaced by another of the same key is none of that one.
        const variant = JSON.stringify({ ...withDefaults(options), registered: connection.createdAt });
        if (spread !== undefined) {
          await close();
          return (await jobs.start({ objectPath: path, variant, requestedBy }, queued(path, connection, options, requestedBy)))!;
        }
        return await jobs.start({ objectPath: path, variant, requestedBy }, work(path, connection, options, opened), close);
      } catch (error) {
        await close();
        throw error;
      }
    },

    /** A sync as the schedule asks for it. @returns undefined when there is such a job already. */
    async startScheduled(path: ObjectPath, jobId: string): Promise<{ bulkId: string } | undefined> {
      const connection = await connections.requireRow(path[0]!);
      const request = { objectPath: path, variant: jobId, requestedBy: SCHEDULE, id: jobId };
      return spread === undefined
        ? jobs.start(request, work(path, connection, {}))
        : jobs.start(request, queued(path, connection, {}, SCHEDULE));
    },

    plan(path: ObjectPath, options: PlanOptions): Promise<SyncPlan> {
      const { limit = DEFAULT_PLAN_LIMIT, forceRecursiveCrawl = true } = options;
      const signal = options.signal === undefined ? stopPlans.signal : AbortSignal.any([stopPlans.signal, options.signal]);
      const plan = withSession(path, { signal, onWait: options.onWait }, (session, row) =>
        runSync({
          ...{ store, session, path, limit, signal },
          recursive: forceRecursiveCrawl,
          firstSync: row.lastSync === null,
          apply: undefined,
        }),
      );
      plans.add(plan);
      return plan.finally(() => plans.delete(plan));
    },

    /** What the sync of a whole connection does, for a job that does more. */
    work: (connection: ConnectionRow, opened: PlatformSession | undefined): JobWork =>
      work([connection.connectionKey], connection, {}, opened),

    /** Takes syncs of the store on, of other processes too; without a queue there are none. */
    takeOn,

    /** Stops plans that are being made, and waits for them to end; syncs that were taken on are given back. */
    async close(): Promise<void> {
      stopPlans.abort();
      await Promise.allSettled([...plans, spread?.queue.close()]);
      await spreader?.close();
    },

    /** A sync may start at an object that is new on the platform, but its parent must be known. */
    async requireStart(path: ObjectPath): Promise<void> {
      await requireObject(store, path.length === 1 ? path : path.slice(0, -1));
    },
  };

  function takeOn(): void {
    if (spread === undefined || spreader === undefined) return;
    spread.queue.work({
      sync: async (run) => {
        const { jobId, path, options, createdAt, requestedBy } = run.payload as SyncPayload;
        const syncAll: typeof runSync = (sync) => spreader.run(jobId, requestedBy === SCHEDULE, sync);
        const syncWork: JobWork = async (report, signal) => {
          const objectPath = JSON.parse(path) as ObjectPath;
          const row = await connections.requireRow(objectPath[0]!);
          requireSame(row, createdAt);
          return work(objectPath, row, JSON.parse(options) as CrawlOptions, undefined, syncAll)(report, signal);
        };
        await jobs.runQueued(jobId, syncWork, run);
        await store.deleteSyncParts(jobId);
      },
      database: (run) => spreader.runPart(run),
    });
  }

  function queued(path: ObjectPath, { createdAt }: ConnectionRow, options: CrawlOptions, requestedBy: string): QueuedWork {
    // Where no server runs, whoever starts a sync is the one who does it.
    takeOn();
    return {
      enqueue: (jobId) => {
        const payload: SyncPayload = { jobId, path: JSON.stringify(path), options: JSON.stringify(options), createdAt, requestedBy };
        return spread!.queue.add([{ kind: "sync", key: jobId, payload, priority: requestedBy === SCHEDULE ? NIGHTLY_PRIORITY : 0 }]);
      },
    };
  }

  function work(path: ObjectPath, connection: ConnectionRow, options: CrawlOptions, opened?: PlatformSession, sync = runSync): JobWork {
    const { allowMassRemoval, forceRecursiveCrawl } = withDefaults(options);
    return (report, signal) => {
      const started = performance.now();
      let progress: JobProgress = { objects: 0, databasesDone: 0, databasesTotal: 0 };
      const onWait = (waitingFor: string) => report({ ...progress, waitingFor });
      return withSession(path, { signal, onWait, opened }, async (session, row) => {
        const apply = { allowMassRemoval, now, connection };
        const plan = await sync({
          ...{ store, session, path, apply, signal },
          recursive: forceRecursiveCrawl,
          firstSync: row.lastSync === null,
          limit: JOB_CHANGES,
          onProgress: (next) => report((progress = next)),
        });
        if (path.length > 1) return { plan, ...failure(plan) };
        if (plan.failed.length === 0) await recordLastSync(connection, plan, performance.now() - started);
        const feeds = await feedsOf(connection, connections.activityFeeds(row), session, signal);
        return { plan, ...(feeds.length > 0 && { feeds }), ...failure(plan, feeds) };
      });
    };
  }

  async function withSession<T>(
    path: ObjectPath,
    { signal, onWait, opened }: SessionUse,
    use: (session: PlatformSession, row: ConnectionRow) => Promise<T>,
  ): Promise<T> {
    let session = opened;
    try {
      const row = await connections.requireRow(path[0]!);
      session ??= await connections.openSession(row, signal, onWait);
      return await use(session, row);
    } finally {
      await session?.close();
    }
  }

  /** Tags, lineage and audit belong to a sync of the whole connection, and take nothing of it back when they fail. */
  async function feedsOf(
    connection: ConnectionRow,
    feeds: readonly ActivityFeed[],
    { activity }: PlatformSession,
    signal: AbortSignal,
  ): Promise<FeedResult[]> {
    await forgetOldActivity(store, connection.connectionKey, now());
    return activity === undefined ? [] : readFeeds({ store, reader: activity, feeds, connection, signal });
  }

  async function recordLastSync(connection: ConnectionRow, plan: SyncPlan, durationMilliseconds: number): Promise<void> {
    const { missing, ...counts } = await countObjects(store, [connection.connectionKey]);
    const at = now();
    await store.setLastSync(connection, { at, counts });
    const forgetBefore = new Date(Date.parse(at) - RECORDS_KEPT_MILLISECONDS).toISOString();
    const record = { at, ...counts, missing, drift: changeCount(plan.counts), durationMilliseconds: Math.round(durationMilliseconds) };
    await store.recordSync(connection, record, forgetBefore);
  }
}

interface SessionUse {
  readonly signal: AbortSignal;
  readonly onWait: OnWait | undefined;
  /** Used instead of one of its own. */
  readonly opened?: PlatformSession | undefined;
}

function withDefaults({ allowMassRemoval = false, forceRecursiveCrawl = true }: CrawlOptions): Required<CrawlOptions> {
  return { allowMassRemoval, forceRecursiveCrawl };
}

function failure(plan: SyncPlan, feeds: readonly FeedResult[] = []): { error?: string } {
  const lines = [
    ...plan.failed.map(({ objectPath, message }) => `${formatObjectPath(objectPath)}: ${message}`),
    ...feeds.flatMap(({ feed, error }) => (error === undefined ? [] : [`${formatObjectPath(plan.objectPath)}, ${feed}: ${error}`])),
  ];
  return lines.length === 0 ? {} : { error: lines.join("\n") };
}
