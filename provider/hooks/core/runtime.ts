import type { ConnectionsApi, ObjectOverrides } from "../../../sdk/model/connections-api";
import type { LegacyApi } from "../../../sdk/model/legacy-api";
import { NotFoundError } from "../../../sdk/model/errors";
import { formatObjectPath, type ObjectPath } from "../../../sdk/model/object-path";
import type { ConnectionDetails, ConnectionInformation } from "../../../sdk/model/registration";
import type { Settings } from "../../../sdk/model/settings";
import type { SyncPlan } from "../../../sdk/model/sync-plan";
import type { Platform } from "../../../sdk/model/platform";
import { isSmall, lookUpObjects, type FoundObject } from "./object-lookup";

/** Rules are compiled with what is new on the platform, so more is listed than people read. */
const PLANNED_CHANGES = 10_000;

/** Where messages for the user go. `status` is live progress that no summary repeats. */
export interface LogSink {
  warn(message: string): void;
  info(message: string): void;
  status(message: string): void;
}

/** What is registered for one connection: read once for each process, which serves one engine operation. */
export interface Recorded {
  readonly details: ConnectionDetails;
  readonly overrides: ReadonlyMap<string, Settings>;
}

/** Everything that hooks work with. */
export interface Runtime {
  readonly api: ConnectionsApi;
  /** Data sources of the time before connections. */
  readonly legacy: LegacyApi;
  readonly log: LogSink;
  readonly platforms: readonly Platform[];
  /** Of a text, once in the process, however many resources have cause for it. */
  warnOnce(message: string): void;
  /** As the engine will store it: file names absolute. */
  normalize(connection: ConnectionInformation): ConnectionInformation;
  /** Hosts (as `hostKeyOf` has them) whose upgrade failed in this process: what is registered there the old way is not to go away. */
  readonly failedUpgrades: Set<string>;
  /** Undefined when the connection is not registered. Shared by all resources of the connection. */
  recorded(connectionKey: string): Promise<Recorded | undefined>;
  /** Undefined when the object is not registered. A few requests for all resources of a connection, however many ask. */
  lookUp(objectPath: ObjectPath): Promise<FoundObject | undefined>;
  /** Who last changed which setting of which object (its path as text); asked for only where something differs. */
  changes(connectionKey: string): Promise<ReadonlyMap<string, NonNullable<ObjectOverrides["changes"]>>>;
  /** What a sync would change now: one dry-run crawl for each connection, however many resources ask. */
  plan(connectionKey: string): Promise<SyncPlan>;
  /** After a sync of the whole connection: rules that are compiled next need no crawl of their own. */
  nothingPending(connectionKey: string): void;
  /** After a write: what was read of the connection is old. */
  forget(connectionKey: string): void;
}

export interface RuntimeParts {
  readonly api: ConnectionsApi;
  /** Data sources of the time before connections. */
  readonly legacy: LegacyApi;
  readonly log: LogSink;
  readonly platforms: readonly Platform[];
  readonly normalize: (connection: ConnectionInformation) => ConnectionInformation;
}

export function createRuntime(parts: RuntimeParts): Runtime {
  const { api, log } = parts;
  const recorded = new Map<string, Promise<Recorded | undefined>>();
  const changes = new Map<string, Promise<ReadonlyMap<string, NonNullable<ObjectOverrides["changes"]>>>>();
  const plans = new Map<string, Promise<SyncPlan>>();
  const lookups = new Map<string, Promise<ReturnType<typeof lookUpObjects>>>();
  const warned = new Set<string>();
  const readOnce = (connectionKey: string) => once(recorded, connectionKey, () => readRecorded(api, connectionKey));

  return {
    ...parts,
    failedUpgrades: new Set(),
    recorded: readOnce,
    async lookUp(objectPath) {
      const key = objectPath[0]!;
      const look = await once(lookups, key, async () => lookUpObjects(api, key, isSmall((await readOnce(key))?.details.lastSync)));
      return look(objectPath);
    },
    changes: (connectionKey) => once(changes, connectionKey, () => readChanges(api, connectionKey)),
    plan: (connectionKey) =>
      once(plans, connectionKey, async () => {
        log.status(`${connectionKey}: comparing the platform with what is registered`);
        return api.planSync([connectionKey], {
          limit: PLANNED_CHANGES,
          onWait: (what) => log.status(`${connectionKey}: waiting for ${what}`),
        });
      }),
    nothingPending(connectionKey) {
      const counts = { new: 0, returned: 0, changed: 0, missing: 0, unchanged: 0 };
      plans.set(connectionKey, Promise.resolve({ objectPath: [connectionKey], counts, changes: [], held: [], failed: [] }));
    },
    warnOnce(message) {
      if (!warned.has(message)) log.warn(message);
      warned.add(message);
    },
    forget(connectionKey) {
      recorded.delete(connectionKey);
      changes.delete(connectionKey);
      plans.delete(connectionKey);
      lookups.delete(connectionKey);
    },
  };
}

export function overridesOf(recorded: Recorded, objectPath: readonly string[]): Settings {
  return recorded.overrides.get(formatObjectPath(objectPath)) ?? {};
}

async function readRecorded(api: ConnectionsApi, connectionKey: string): Promise<Recorded | undefined> {
  try {
    const [details, overrides] = await Promise.all([api.getConnection(connectionKey), api.listOverrides([connectionKey])]);
    return { details, overrides: new Map(overrides.map(byPath)) };
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

async function readChanges(api: ConnectionsApi, connectionKey: string) {
  const listed = await api.listOverrides([connectionKey], { changes: true });
  return new Map(listed.map(({ objectPath, changes = {} }) => [formatObjectPath(objectPath), changes]));
}

function byPath({ objectPath, overrides }: ObjectOverrides): [string, Settings] {
  return [formatObjectPath(objectPath), overrides];
}

function once<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let found = cache.get(key);
  if (found === undefined) cache.set(key, (found = make()));
  return found;
}
