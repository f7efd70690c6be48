import { LOCAL_ADMINISTRATOR, type Caller } from "../model/caller";
import { parseObjectPath } from "../model/object-path";
import type { LegacyApi } from "../model/legacy-api";
import { toPathKey } from "../model/path-key";
import type { Platform } from "../model/platform";
import { settingsPatchSchema } from "../model/settings-schema";
import type { Store } from "../model/store";
import { parse } from "../model/validate";
import type { WorkQueue } from "../model/work-queue";
import { forgetActivity } from "./activity/forget";
import { listLineage, listQueries, listTags } from "./activity/list-activity";
import { createBrowsing } from "./browsing/browsing";
import { systemClock, type Clock } from "./clock";
import { createConnections, type Requester } from "./connections";
import { countObjects } from "./count-objects";
import { diagnose } from "./diagnose";
import type { EngineApi } from "./engine-api";
import { listDataSources } from "./data-sources";
import { createJobHistory } from "./job-history";
import { JobRunner } from "./jobs";
import { createLifecycle } from "./lifecycle";
import { createObjectSync } from "./object-sync";
import { listObjects } from "./list-objects";
import { listOverrides, readObject, requireObject, searchObjects } from "./objects";
import { createLegacy } from "./legacy/legacy";
import { authorize } from "./permissions/authorize";
import { authorizeLegacy } from "./permissions/authorize-legacy";
import { createSchedule, type Schedule } from "./schedule";
import { createScripts } from "./scripts";
import type { SecretBox } from "./secret-box";
import { DEFAULT_PLATFORM_TIMEOUTS, type PlatformTimeouts } from "./sync/guarded-session";
import { createUpgrades } from "./upgrade/upgrades";
import { updateManySettings } from "./update-many-settings";

export interface EngineParts {
  readonly store: Store;
  readonly platforms: readonly Platform[];
  readonly secrets: SecretBox;
  /** What relative file names in a connection are relative to. */
  readonly baseDirectory: string;
  readonly clock?: Clock;
  readonly timeouts?: PlatformTimeouts;
  /** The local administrator is a Pulumi program. */
  readonly isProgram?: boolean;
  /** Where syncs are spread over the processes of the store; without, each runs its own. Closed with the engine. */
  readonly spread?: { readonly queue: WorkQueue; readonly perAccount: number } | undefined;
}

/** Scheduled syncs that one process starts at a time where the queue decides when they run. */
const SPREAD_SYNCS = 200;

/** The connection engine, in process. As it is, it is the local administrator's, who may do everything. */
export interface Engine extends EngineApi {
  /** What a caller may see and do of it; its `close` does nothing. */
  as(caller: Caller): EngineApi;
  /** Data sources of the time before connections. */
  readonly legacy: LegacyApi;
  /** The same as a caller may use it. */
  legacyAs(caller: Caller): LegacyApi;
  /** The 24-hour schedule; kept only as long as somebody calls it. */
  readonly schedule: Schedule;
  /** How many tasks of the shared queue wait or run, by kind; undefined where each process runs its own syncs. */
  readonly queueSizes: WorkQueue["sizes"] | undefined;
  /** Stops what runs. @param options.handBack syncs that are stopped are run again by whoever keeps the schedule of the store next. */
  close(options?: { readonly handBack?: boolean }): Promise<void>;
}

export function createEngine({ clock = systemClock, timeouts = DEFAULT_PLATFORM_TIMEOUTS, ...parts }: EngineParts): Engine {
  const { store } = parts;
  const now = () => clock.now().toISOString();
  const jobs = new JobRunner(store, clock);
  const history = createJobHistory(store, jobs);
  const connections = createConnections({ ...parts, now, timeouts });
  const sync = createObjectSync({ store, connections, jobs, now, spread: parts.spread });
  const upgrades = createUpgrades({ store, secrets: parts.secrets, connections, jobs, sync });
  const legacy = createLegacy({ store, secrets: parts.secrets, connections, now });
  const schedule = createSchedule({
    store,
    clock,
    start: (path, jobId) => sync.startScheduled(path, jobId),
    ended: (bulkId) => jobs.ended(bulkId),
    wasCutOff: (job) => jobs.wasCutOff(job),
    ...(parts.spread && { takeOn: () => sync.takeOn(), parallelSyncs: SPREAD_SYNCS }),
  });

  return {
    ...operations({ person: LOCAL_ADMINISTRATOR, principal: undefined, isProgram: parts.isProgram === true }),
    as(caller) {
      const principal = caller.principals.find(({ type }) => type === "user");
      const person = { id: principal?.id ?? 0, name: caller.name, email: caller.email ?? null };
      return authorize(operations({ person, principal, isProgram: caller.isProgram === true }), store, caller);
    },
    legacy,
    legacyAs: (caller) => authorizeLegacy(legacy, caller),
    schedule,
    queueSizes: parts.spread && (() => parts.spread!.queue.sizes()),
    close,
  };

  async function close({ handBack = false }: { readonly handBack?: boolean } = {}): Promise<void> {
    await Promise.all([jobs.close(handBack), sync.close()]);
    await store.close();
  }

  function operations(requester: Requester): EngineApi {
    const note = () => ({ at: now(), by: requester.person.name, isDeclared: requester.isProgram });
    return {
      ...createBrowsing(store),
      ...createScripts({ store, platforms: parts.platforms, connections }),
      ...createLifecycle({ store, connections, jobs }, requester),
      testConnection: (connection, options) => connections.test(connection, options?.onWait),
      async registerConnection(registration, options) {
        connections.requireValid(registration);
        await upgrades.refuseRegistration(registration.connection);
        const session = await connections.register(registration, requester, options?.onWait);
        const { connectionKey, settings } = registration;
        const objectPath = [connectionKey];
        if (requester.isProgram && settings !== undefined) await store.declareSettings(toPathKey(objectPath), settings, note());
        const { bulkId } = await sync.start(objectPath, registration.options ?? {}, requester.person.name, session);
        return { connectionKey, objectPath, bulkId };
      },
      getConnection: (connectionKey) => connections.read(connectionKey),
      updateConnection: (connectionKey, update, options) => connections.update(connectionKey, update, requester.person, options?.onWait),

      getObject: async (objectPath, options) => readObject(store, parseObjectPath(objectPath), options?.columns === true),
      searchObjects: async (objectPath, query) =>
        searchObjects(store, objectPath.length === 0 ? [] : parseObjectPath(objectPath), query ?? {}),
      countObjects: async (objectPath) => countObjects(store, parseObjectPath(objectPath)),
      listDataSources: async (objectPath, query) =>
        listDataSources(store, objectPath.length === 0 ? [] : parseObjectPath(objectPath), query ?? {}),
      listOverrides: async (objectPath, query) => listOverrides(store, parseObjectPath(objectPath), query ?? {}),
      listObjects: async (objectPath, query) => listObjects(store, parseObjectPath(objectPath), query ?? {}),
      listTags: async (objectPath, query) => listTags(store, parseObjectPath(objectPath), query ?? {}),
      listLineage: async (objectPath, query) => listLineage(store, parseObjectPath(objectPath), query ?? {}),
      listQueries: async (objectPath, query) => listQueries(store, parseObjectPath(objectPath), query ?? {}),

      async updateSettings(objectPath, patch) {
        const path = parseObjectPath(objectPath);
        const change = parse(settingsPatchSchema, patch, ["settings"]);
        const { key } = await requireObject(store, path);
        await store.mergeOverrides(key, change, note());
        return readObject(store, path, false);
      },
      updateManySettings: (updates, options) => updateManySettings(store, updates, note(), options),

      async deleteObject(objectPath) {
        const path = parseObjectPath(objectPath);
        const { key } = await requireObject(store, path);
        if (path.length === 1) await forgetActivity(store, path[0]!);
        const { removed } = await store.deleteSubtree(key);
        return { objectPath: path, childCount: removed - 1 };
      },

      async crawl(objectPath, options = {}) {
        const path = parseObjectPath(objectPath);
        await sync.requireStart(path);
        const { bulkId } = await sync.start(path, options, requester.person.name);
        return { objectPath: path, bulkId };
      },
      async planSync(objectPath, options = {}) {
        const path = parseObjectPath(objectPath);
        await sync.requireStart(path);
        return sync.plan(path, options);
      },
      diagnose: (connectionKey, options) => diagnose({ store, connections }, connectionKey, options),
      getJobs: (bulkId) => jobs.get(bulkId),
      waitForJobs: (bulkId, options) => jobs.wait(bulkId, options),
      searchJobs: (search) => history.search(search),
      summarizeJobs: (filter) => history.summarize(filter),
      getJobStatuses: (query) => history.statuses(query),

      listUpgrades: () => upgrades.list(),
      getUpgrade: (connectionKey) => upgrades.get(connectionKey),
      planUpgrade: (request, options) => upgrades.plan(request, options),
      startUpgrade: (request) => upgrades.start(request, requester),
      rerunUpgrade: (connectionKey, options = {}) => upgrades.rerun(connectionKey, options, requester),
      listUpgradeSources: (connectionKey, query = {}) => upgrades.sources(connectionKey, query),

      close,
    };
  }
}
