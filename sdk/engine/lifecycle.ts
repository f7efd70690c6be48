import type { ConnectionLifecycle, ConnectionState, StatefulConnection } from "../model/connection-lifecycle";
import { ConflictError } from "../model/errors";
import { toPathKey } from "../model/path-key";
import type { ConnectionRow, Store } from "../model/store";
import { forgetActivity } from "./activity/forget";
import type { Connections, Requester } from "./connections";
import type { JobRunner } from "./jobs";

const JOBS_PER_LOOK = 100;
/** Longer than a job waits for its turn: one that ended after some moment was asked for at most so long before it began. */
const LONGEST_TURN_MILLISECONDS = 3_600_000;

interface Transition {
  readonly what: string;
  readonly allowed: readonly ConnectionState[];
  readonly advice?: string;
}

const CHANGE: Transition = { what: "changed", allowed: ["ACTIVE", "UNHEALTHY"], advice: "; activate it first" };
const ACTIVATE: Transition = { what: "activated", allowed: ["INACTIVE"] };
const DEACTIVATE: Transition = { what: "deactivated", allowed: ["ACTIVE", "UNHEALTHY"] };
const DELETE: Transition = { what: "deleted", allowed: ["INACTIVE"], advice: "; deactivate it first" };
const FORCED_DELETE: Transition = { ...DELETE, allowed: ["INACTIVE", "UNHEALTHY"] };

export interface LifecycleParts {
  readonly store: Store;
  readonly connections: Connections;
  readonly jobs: JobRunner;
}

/**
 * Connections as a whole, by their state (contract: the newer `/api/connections` API). The state is kept nowhere: it follows from the
 * connection's own setting and the history of its syncs, so that it is the same however the connection is managed.
 */
export function createLifecycle({ store, connections, jobs }: LifecycleParts, requester: Requester): ConnectionLifecycle {
  return {
    readConnection: async (connectionKey) => describe(await connections.requireRow(connectionKey)),

    async patchConnection(connectionKey, patch, { dryRun = false } = {}) {
      const row = await requireState(connectionKey, CHANGE);
      return describe(await connections.patch(row, patch, requester.person, dryRun));
    },

    async activateConnection(connectionKey) {
      return setActive(await requireState(connectionKey, ACTIVATE), true);
    },

    async deactivateConnection(connectionKey) {
      return setActive(await requireState(connectionKey, DEACTIVATE), false);
    },

    async deregisterConnection(connectionKey, { force = false } = {}) {
      const transition = force ? FORCED_DELETE : DELETE;
      const { createdAt } = await requireState(connectionKey, transition);
      const objectPath = [connectionKey];
      const request = { objectPath, variant: createdAt, requestedBy: requester.person.name, jobType: "deregistration" } as const;
      const { bulkId } = await jobs.start(request, async () => {
        // Meanwhile it may have been activated, or registered anew.
        const row = await requireState(connectionKey, transition);
        if (row.createdAt !== createdAt) throw new ConflictError(`${connectionKey}: was registered anew since; that one stays`);
        await forgetActivity(store, connectionKey);
        const { removed } = await store.deleteSubtree(toPathKey(objectPath));
        return { childCount: removed - 1 };
      });
      return { objectPath, bulkId };
    },
  };

  async function setActive(row: ConnectionRow, isActive: boolean): Promise<StatefulConnection> {
    await store.mergeOverrides(toPathKey([row.connectionKey]), { isActive });
    return describe(row);
  }

  async function describe(row: ConnectionRow): Promise<StatefulConnection> {
    return { ...(await connections.describeRedacted(row)), state: await stateOf(row) };
  }

  async function requireState(connectionKey: string, { what, allowed, advice = "" }: Transition): Promise<ConnectionRow> {
    const row = await connections.requireRow(connectionKey);
    const state = await stateOf(row);
    if (allowed.includes(state)) return row;
    throw new ConflictError(`${connectionKey}: is ${state}; only an ${allowed.join(" or ")} connection can be ${what}${advice}`, {
      field: "connectionKey",
    });
  }

  async function stateOf(row: ConnectionRow): Promise<ConnectionState> {
    const key = toPathKey([row.connectionKey]);
    if ((await store.getOverrides([key])).get(key)?.isActive !== true) return "INACTIVE";
    return (await hasFailed(row)) ? "UNHEALTHY" : "ACTIVE";
  }

  /** Whether the newest whole sync failed by the platform's fault, and nothing has proved the credentials since. */
  async function hasFailed({ connectionKey, updatedAt, lastSync }: ConnectionRow): Promise<boolean> {
    const healthyAt = lastSync !== null && lastSync.at > updatedAt ? lastSync.at : updatedAt;
    const range = {
      jobType: "objectSync",
      state: "failed",
      key: toPathKey([connectionKey]),
      from: new Date(Date.parse(healthyAt) - LONGEST_TURN_MILLISECONDS).toISOString(),
      to: undefined,
    } as const;
    for (let offset = 0; ; offset += JOBS_PER_LOOK) {
      const failed = await store.searchJobs(range, offset, JOBS_PER_LOOK);
      const counts = failed.some(
        ({ objectPath, endedAt, output }) =>
          objectPath.length === 1 && output?.interrupted !== true && endedAt !== null && endedAt > healthyAt,
      );
      if (counts || failed.length < JOBS_PER_LOOK) return counts;
    }
  }
}
