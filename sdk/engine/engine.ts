import type { ConnectionsApi, CrawlOptions, PlanOptions } from "../model/connections-api";
import { BadRequestError, ConflictError, NotFoundError } from "../model/errors";
import type { JobOutput } from "../model/job";
import { formatObjectPath, parseObjectPath, type ObjectPath } from "../model/object-path";
import type { Platform, PlatformSession } from "../model/platform";
import type { ConnectionDetails, ConnectionInformation, ConnectionUpdate, NativeIntegration, Registration } from "../model/registration";
import { connectionProblems, registrationProblems } from "../model/registration-schema";
import { withoutSecrets } from "../model/secret-fields";
import { settingsPatchSchema } from "../model/settings";
import type { ConnectionRow, Store } from "../model/store";
import type { SyncPlan } from "../model/sync-plan";
import { findPlatform } from "../model/technology";
import { parse, throwProblems } from "../model/validate";
import { systemClock, type Clock } from "./clock";
import { JobRunner } from "./jobs";
import { countBeneath, listOverrides, readObject, requireObject, searchObjects } from "./objects";
import type { SecretBox } from "./secret-box";
import { runSync } from "./sync/run-sync";

const DEFAULT_PLAN_LIMIT = 1_000;
/** Changes that a finished sync keeps in its job; the counts are complete. */
const JOB_CHANGES = 1_000;

export interface EngineParts {
  readonly store: Store;
  readonly platforms: readonly Platform[];
  readonly secrets: SecretBox;
  /** What relative file names in a connection are relative to. */
  readonly baseDirectory: string;
  readonly clock?: Clock;
}

interface StoredDetails {
  readonly connection: ConnectionInformation;
  readonly nativeIntegration: NativeIntegration;
}

/** The connection engine, in process: the local administrator's view of one store. */
export function createEngine({ store, platforms, secrets, baseDirectory, clock = systemClock }: EngineParts): ConnectionsApi {
  const jobs = new JobRunner(store, clock);
  const now = () => clock.now().toISOString();

  return {
    async registerConnection(registration: Registration) {
      throwProblems(registrationProblems(platforms, registration));
      const { connectionKey } = registration;
      const { details, platform } = prepare(registration);
      if ((await store.getConnection(connectionKey)) !== undefined) throw keyTaken(connectionKey);
      const session = await openChecked(platform, details.connection);
      const at = now();
      const inserting = store.insertConnection(
        {
          connectionKey,
          technology: platform.technology,
          secretDetails: seal(details),
          createdAt: at,
          updatedAt: at,
          lastSync: null,
        },
        platform.accountIdentities(details.connection),
        registration.settings ?? {},
      );
      const result = await closeOnFailure(session, inserting);
      if (!result.inserted) await session.close();
      if (!result.inserted) {
        throw result.identity === undefined ? keyTaken(connectionKey) : identityTaken(connectionKey, result.identity, result.takenBy);
      }
      const objectPath = [connectionKey];
      // The session that proved the credentials reads the objects too: opening one may take longer than reading.
      const { bulkId } = await startSync(objectPath, {}, session);
      return { connectionKey, objectPath, bulkId };
    },

    async getConnection(connectionKey) {
      return describe(await requireConnection(connectionKey));
    },

    async updateConnection(connectionKey, update: ConnectionUpdate) {
      const row = await requireConnection(connectionKey);
      throwProblems(connectionProblems(platforms, update));
      const { details, platform } = prepare(update);
      if (platform.technology !== row.technology) {
        throw new BadRequestError(
          `connection.technology: ${connectionKey} is registered on ${row.technology}, which cannot be changed; register a new connection`,
          { field: "connection.technology" },
        );
      }
      await (await openChecked(platform, details.connection)).close();
      const change = { secretDetails: seal(details), updatedAt: now() };
      const result = await store.updateConnection(connectionKey, change, platform.accountIdentities(details.connection));
      if (!result.updated) throw identityTaken(connectionKey, result.identity, result.takenBy);
      return describe({ ...row, ...change });
    },

    getObject: (objectPath, options) => readObject(store, parseObjectPath(objectPath), options?.columns === true),
    searchObjects: (objectPath, query) => searchObjects(store, objectPath.length === 0 ? [] : parseObjectPath(objectPath), query ?? {}),
    countObjects: (objectPath) => countBeneath(store, parseObjectPath(objectPath)),
    listOverrides: (objectPath) => listOverrides(store, parseObjectPath(objectPath)),

    async updateSettings(objectPath, patch) {
      const path = parseObjectPath(objectPath);
      const change = parse(settingsPatchSchema, patch, ["settings"]);
      const { key } = await requireObject(store, path);
      await store.mergeOverrides(key, change);
      return readObject(store, path, false);
    },

    async deleteObject(objectPath) {
      const path = parseObjectPath(objectPath);
      const { key } = await requireObject(store, path);
      const { removed } = await store.deleteSubtree(key);
      return { objectPath: path, childCount: removed - 1 };
    },

    async crawl(objectPath, options = {}) {
      const path = parseObjectPath(objectPath);
      await requireCrawlable(path);
      const { bulkId } = await startSync(path, options);
      return { objectPath: path, bulkId };
    },

    async planSync(objectPath, options: PlanOptions = {}) {
      const path = parseObjectPath(objectPath);
      await requireCrawlable(path);
      const row = await requireConnection(path[0]!);
      const { limit = DEFAULT_PLAN_LIMIT, signal } = options;
      return useSession(await openSession(row), (session) =>
        runSync({ store, session, path, firstSync: row.lastSync === null, apply: undefined, limit, signal }),
      );
    },

    getJobs: (bulkId) => jobs.get(bulkId),
    waitForJobs: (bulkId, options) => jobs.wait(bulkId, options),

    async close() {
      await jobs.close();
      await store.close();
    },
  };

  function prepare(update: ConnectionUpdate): { details: StoredDetails; platform: Platform } {
    const platform = findPlatform(platforms, update.connection.technology);
    const connection = platform.normalize(update.connection, baseDirectory);
    const nativeIntegration = update.nativeIntegration ?? platform.deriveNativeIntegration(connection);
    return { details: { connection, nativeIntegration }, platform };
  }

  function seal(details: StoredDetails): string {
    return secrets.seal(JSON.stringify(details));
  }

  function unseal(row: ConnectionRow): StoredDetails {
    return JSON.parse(secrets.open(row.secretDetails)) as StoredDetails;
  }

  function describe(row: ConnectionRow): ConnectionDetails {
    const { connectionKey, createdAt, updatedAt, lastSync } = row;
    return { connectionKey, ...withoutSecrets(unseal(row)), createdAt, updatedAt, lastSync };
  }

  async function requireConnection(connectionKey: string): Promise<ConnectionRow> {
    const row = await store.getConnection(connectionKey);
    if (row !== undefined) return row;
    throw new NotFoundError(`connectionKey: there is no connection "${connectionKey}"; register it first, or correct the key`, {
      field: "connectionKey",
    });
  }

  /** A sync may start at an object that is new on the platform, but its parent must be known. */
  async function requireCrawlable(path: ObjectPath): Promise<void> {
    await requireObject(store, path.length === 1 ? path : path.slice(0, -1));
  }

  async function openChecked(platform: Platform, connection: ConnectionInformation): Promise<PlatformSession> {
    const session = await platform.open(connection);
    await closeOnFailure(session, session.check());
    return session;
  }

  function openSession(row: ConnectionRow): Promise<PlatformSession> {
    return findPlatform(platforms, row.technology).open(unseal(row).connection);
  }

  function startSync(path: ObjectPath, options: CrawlOptions, opened?: PlatformSession): Promise<{ bulkId: string }> {
    const { allowMassRemoval = false } = options;
    return jobs.start(path, allowMassRemoval ? "allowMassRemoval" : "", async (report, signal): Promise<JobOutput> => {
      const row = await requireConnection(path[0]!);
      const plan = await useSession(opened ?? (await openSession(row)), (session) =>
        runSync({
          store,
          session,
          path,
          firstSync: row.lastSync === null,
          apply: { allowMassRemoval, now },
          limit: JOB_CHANGES,
          signal,
          onProgress: report,
        }),
      );
      const error = failure(plan);
      if (error === undefined && path.length === 1) await recordLastSync(path);
      return { plan, ...(error !== undefined && { error }) };
    });
  }

  async function recordLastSync(path: ObjectPath): Promise<void> {
    const { missing: _missing, ...counts } = await countBeneath(store, path);
    await store.setLastSync(path[0]!, { at: now(), counts });
  }

  function keyTaken(connectionKey: string): ConflictError {
    return new ConflictError(
      `connectionKey: "${connectionKey}" is registered already (${formatObjectPath([connectionKey])}); choose another key, or update that connection`,
      { field: "connectionKey" },
    );
  }
}

async function useSession<T>(session: PlatformSession, work: (session: PlatformSession) => Promise<T>): Promise<T> {
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function closeOnFailure<T>(session: PlatformSession, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await session.close();
    throw error;
  }
}

function identityTaken(connectionKey: string, identity: string, takenBy: string): ConflictError {
  return new ConflictError(
    `${connectionKey}: ${identity} is registered already by connection "${takenBy}"; there is one connection for each platform account`,
    { field: "connection" },
  );
}

function failure(plan: SyncPlan): string | undefined {
  if (plan.failed.length === 0) return undefined;
  return plan.failed.map(({ objectPath, message }) => `${formatObjectPath(objectPath)}: ${message}`).join("\n");
}
