import type { CrawlOptions, PlanOptions } from "../model/connections-api";
import { formatObjectPath, type ObjectPath } from "../model/object-path";
import type { PlatformSession } from "../model/platform";
import type { Store } from "../model/store";
import type { SyncPlan } from "../model/sync-plan";
import type { Connections } from "./connections";
import type { JobRunner, JobWork } from "./jobs";
import { countObjects } from "./count-objects";
import { requireObject } from "./objects";
import { runSync, type SyncRun } from "./sync/run-sync";

const DEFAULT_PLAN_LIMIT = 1_000;
/** Changes that a finished sync keeps in its job; the counts are complete. */
const JOB_CHANGES = 1_000;

export interface ObjectSyncParts {
  readonly store: Store;
  readonly connections: Connections;
  readonly jobs: JobRunner;
  readonly now: () => string;
}

/** Starts object syncs as jobs, and plans them. */
export function createObjectSync({ store, connections, jobs, now }: ObjectSyncParts) {
  return {
    /** @param opened a session to use and close; without one the job opens its own. */
    start(path: ObjectPath, options: CrawlOptions, requestedBy: string, opened?: PlatformSession): Promise<{ bulkId: string }> {
      return jobs.start({ objectPath: path, variant: JSON.stringify(withDefaults(options)), requestedBy }, work(path, options, opened));
    },

    /** The sync of a whole connection, as the schedule asks for it. @returns undefined when there is such a job already. */
    startScheduled(connectionKey: string, jobId: string): Promise<{ bulkId: string } | undefined> {
      const path = [connectionKey];
      return jobs.start({ objectPath: path, variant: jobId, requestedBy: "schedule", id: jobId }, work(path, {}));
    },

    plan: (path: ObjectPath, { limit = DEFAULT_PLAN_LIMIT, signal, forceRecursiveCrawl = true }: PlanOptions): Promise<SyncPlan> =>
      run({ path, recursive: forceRecursiveCrawl, apply: undefined, limit, signal }),

    /** A sync may start at an object that is new on the platform, but its parent must be known. */
    async requireStart(path: ObjectPath): Promise<void> {
      await requireObject(store, path.length === 1 ? path : path.slice(0, -1));
    },
  };

  function work(path: ObjectPath, options: CrawlOptions, opened?: PlatformSession): JobWork {
    const { allowMassRemoval, forceRecursiveCrawl } = withDefaults(options);
    return async (report, signal) => {
      const apply = { allowMassRemoval, now };
      const plan = await run({ path, recursive: forceRecursiveCrawl, apply, limit: JOB_CHANGES, signal, onProgress: report }, opened);
      const error = failure(plan);
      if (error === undefined && path.length === 1) await recordLastSync(path);
      return { plan, ...(error !== undefined && { error }) };
    };
  }

  async function run(what: Omit<SyncRun, "store" | "session" | "firstSync">, opened?: PlatformSession): Promise<SyncPlan> {
    const row = await connections.requireRow(what.path[0]!);
    const session = opened ?? (await connections.openSession(row));
    try {
      return await runSync({ ...what, store, session, firstSync: row.lastSync === null });
    } finally {
      await session.close();
    }
  }

  async function recordLastSync(path: ObjectPath): Promise<void> {
    const { missing: _missing, ...counts } = await countObjects(store, path);
    await store.setLastSync(path[0]!, { at: now(), counts });
  }
}

function withDefaults({ allowMassRemoval = false, forceRecursiveCrawl = true }: CrawlOptions): Required<CrawlOptions> {
  return { allowMassRemoval, forceRecursiveCrawl };
}

function failure(plan: SyncPlan): string | undefined {
  if (plan.failed.length === 0) return undefined;
  return plan.failed.map(({ objectPath, message }) => `${formatObjectPath(objectPath)}: ${message}`).join("\n");
}
