import type { ActivityFeed } from "../model/activity";
import type { ConnectionPatch } from "../model/connection-lifecycle";
import { BadRequestError, ConflictError, NotFoundError } from "../model/errors";
import { hostKeyOf, hostOf, type LegacyHost } from "../model/legacy-data-source";
import { fromPathKey } from "../model/path-key";
import type { OnWait, Platform, PlatformSession } from "../model/platform";
import type {
  ConnectionDetails,
  ConnectionInformation,
  ConnectionUpdate,
  NativeIntegration,
  Person,
  Registration,
} from "../model/registration";
import { registrationProblems, updateProblems } from "../model/registration-schema";
import { secretPaths, withRedactedSecrets, withoutSecrets } from "../model/secret-fields";
import type { Principal, Settings } from "../model/settings";
import type { ConnectionRow, IdentityTaken, Store } from "../model/store";
import { findPlatform } from "../model/technology";
import { throwProblems } from "../model/validate";
import { mergePatch } from "../model/merge-patch";
import { followConnection } from "./follow-connection";
import { requireObject } from "./objects";
import type { SecretBox } from "./secret-box";
import { openGuarded, type PlatformTimeouts } from "./sync/guarded-session";

/** What is encrypted of a connection. */
interface Details {
  readonly connection: ConnectionInformation;
  readonly nativeIntegration: NativeIntegration;
}

interface Prepared {
  readonly details: Details;
  readonly platform: Platform;
}

/** `row`: of the connection that is changed. */
interface Proving {
  readonly row?: ConnectionRow;
  readonly onWait?: OnWait | undefined;
}

export interface ConnectionParts {
  readonly store: Store;
  readonly platforms: readonly Platform[];
  readonly secrets: SecretBox;
  /** What relative file names in a connection are relative to. */
  readonly baseDirectory: string;
  readonly now: () => string;
  readonly timeouts: PlatformTimeouts;
}

/** Who asks for something; the principal becomes an infrastructure admin of what it registers (contract: permissions and personas). */
export interface Requester {
  readonly person: Person;
  readonly principal: Principal | undefined;
  /** It is a Pulumi program, and what it sets is declared there. */
  readonly isProgram: boolean;
}

export type Connections = ReturnType<typeof createConnections>;

/** Registered connections: their credentials are checked on the platform before they are stored, encrypted. */
export function createConnections({ store, platforms, secrets, baseDirectory, now, timeouts }: ConnectionParts) {
  return {
    /**
     * @param insert writes the row; as the store does by default.
     * @returns the session that proved the credentials, for the first sync: opening another may take longer than reading.
     */
    async register(
      registration: Registration,
      { person, principal }: Requester,
      onWait?: OnWait,
      insert: Store["insertConnection"] = (...row) => store.insertConnection(...row),
    ): Promise<PlatformSession> {
      throwProblems(registrationProblems(platforms, registration));
      const { connectionKey, settings = {} } = registration;
      const { details, platform } = prepare(registration);
      if ((await store.getConnection(connectionKey)) !== undefined) throw keyTaken(connectionKey);
      const session = await openChecked(platform, details, onWait);
      try {
        const at = now();
        const row = {
          connectionKey,
          technology: platform.technology,
          secretDetails: seal(details),
          createdAt: at,
          creator: person,
          updatedAt: at,
          updater: person,
        };
        const identities = platform.accountIdentities(details.connection);
        const result = await insert({ ...row, lastSync: null }, identities, withAdmin(settings, principal));
        if (!result.inserted) {
          throw result.taken === undefined ? keyTaken(connectionKey) : identityTaken(connectionKey, result.taken);
        }
        return session;
      } catch (error) {
        await session.close();
        throw error;
      }
    },

    async test(update: ConnectionUpdate, onWait?: OnWait): Promise<void> {
      await proved(update, { onWait });
    },

    /** Everything wrong with the body of a registration. */
    requireValid(registration: Registration): void {
      throwProblems(registrationProblems(platforms, registration));
    },

    openUnregistered,

    /** The connection on a host, if there is one. There are few connections, so that all of the technology can be looked at. */
    async findByHost(host: LegacyHost): Promise<string | undefined> {
      for await (const own of eachHost(host.technology)) if (hostKeyOf(own.host) === hostKeyOf(host)) return own.connectionKey;
      return undefined;
    },

    eachHost,

    async update(connectionKey: string, update: ConnectionUpdate, updater: Person, onWait?: OnWait): Promise<ConnectionDetails> {
      const row = await requireRow(connectionKey);
      return describe(await write(row, await proved(update, { row, onWait }), updater), withoutSecrets);
    },

    /** @returns the row as it is then, or with `dryRun` would be. */
    async patch(row: ConnectionRow, patch: ConnectionPatch, updater: Person, dryRun: boolean): Promise<ConnectionRow> {
      const stored = unseal(row);
      const platform = findPlatform(platforms, row.technology);
      const connection = mergePatch(stored.connection, patch.connection ?? {}) as ConnectionInformation;
      // What is wrong with it is said before anything is derived from it.
      throwProblems(updateProblems(platforms, { connection }));
      requireTechnology(row, connection.technology);
      const derived = [stored.connection, connection].map((one) =>
        platform.deriveNativeIntegration(platform.normalize(one, baseDirectory)),
      );
      const followed = followConnection(stored.nativeIntegration, derived[0]!, derived[1]!);
      const nativeIntegration = mergePatch({ ...followed }, patch.nativeIntegration ?? {}) as unknown as NativeIntegration;
      const change = await proved({ connection, nativeIntegration }, { row });
      return dryRun ? { ...row, secretDetails: seal(change.details) } : write(row, change, updater);
    },

    async read(connectionKey: string): Promise<ConnectionDetails> {
      return describe(await requireRow(connectionKey), withoutSecrets);
    },

    describeRedacted: (row: ConnectionRow): Promise<ConnectionDetails> => describe(row, withRedactedSecrets),

    requireRow,

    async openSession(row: ConnectionRow, signal: AbortSignal | undefined, onWait?: OnWait): Promise<PlatformSession> {
      const platform = findPlatform(platforms, row.technology);
      const { connection, nativeIntegration: integration } = unseal(row);
      return openGuarded(() => platform.open(connection, { integration, onWait }), timeouts, signal);
    },

    /** What the connection's integration switches on. */
    activityFeeds(row: ConnectionRow): ActivityFeed[] {
      return findPlatform(platforms, row.technology).activityFeeds?.(unseal(row).nativeIntegration) ?? [];
    },
  };

  /** Connections with the host that they are on; those of platforms without hosts are left out. */
  async function* eachHost(
    technology?: string,
  ): AsyncGenerator<{ readonly connectionKey: string; readonly id: number; readonly host: LegacyHost }> {
    const all = { offset: 0, size: Number.MAX_SAFE_INTEGER, sortOrder: "asc", searchText: undefined } as const;
    for (const { id, key } of (await store.listChildren(undefined, all)).rows) {
      const row = await store.getConnection(fromPathKey(key)[0]!);
      if (row === undefined || row.technology !== (technology ?? row.technology)) continue;
      const host = hostOf(unseal(row).connection);
      if (host !== undefined) yield { connectionKey: row.connectionKey, id, host };
    }
  }

  async function openUnregistered(update: ConnectionUpdate): Promise<PlatformSession> {
    throwProblems(updateProblems(platforms, update));
    const { details, platform } = prepare(update);
    return openChecked(platform, details, undefined);
  }

  async function requireRow(connectionKey: string): Promise<ConnectionRow> {
    const row = await store.getConnection(connectionKey);
    if (row !== undefined) return row;
    throw new NotFoundError(`connectionKey: there is no connection "${connectionKey}"; register it first, or correct the key`, {
      field: "connectionKey",
    });
  }

  /** Checks all of an update, its credentials on the platform included. */
  async function proved(update: ConnectionUpdate, { row, onWait }: Proving): Promise<Prepared> {
    throwProblems(updateProblems(platforms, update));
    const prepared = prepare(update);
    if (row !== undefined) requireTechnology(row, prepared.platform.technology);
    await (await openChecked(prepared.platform, prepared.details, onWait)).close();
    return prepared;
  }

  async function write(row: ConnectionRow, { details, platform }: Prepared, updater: Person): Promise<ConnectionRow> {
    const change = { secretDetails: seal(details), updatedAt: now(), updater };
    const result = await store.updateConnection(row.connectionKey, change, platform.accountIdentities(details.connection));
    if (!result.updated) throw identityTaken(row.connectionKey, result.taken);
    return { ...row, ...change };
  }

  async function openChecked(
    platform: Platform,
    { connection, nativeIntegration: integration }: Details,
    onWait: OnWait | undefined,
  ): Promise<PlatformSession> {
    const session = await openGuarded(() => platform.open(connection, { integration, onWait }), timeouts);
    try {
      await session.check();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  function prepare(update: ConnectionUpdate): Prepared {
    const platform = findPlatform(platforms, update.connection.technology);
    const connection = platform.normalize(update.connection, baseDirectory);
    const nativeIntegration = update.nativeIntegration ?? platform.deriveNativeIntegration(connection);
    return { details: { connection, nativeIntegration }, platform };
  }

  function seal(details: Details): string {
    return secrets.seal(JSON.stringify(details));
  }

  function unseal(row: ConnectionRow): Details {
    return JSON.parse(secrets.open(row.secretDetails)) as Details;
  }

  async function describe(row: ConnectionRow, safe: (details: Details) => Details): Promise<ConnectionDetails> {
    const { connectionKey, createdAt, creator, updatedAt, updater, lastSync } = row;
    // A connection and its integration are one here.
    const { id: nativeIntegrationId } = await requireObject(store, [connectionKey]);
    const details = unseal(row);
    return {
      connectionKey,
      ...safe(details),
      leftOut: secretPaths(details),
      createdAt,
      createdBy: creator.id,
      creator,
      updatedAt,
      updatedBy: updater.id,
      updater,
      nativeIntegrationId,
      lastSync,
    };
  }
}

function requireTechnology({ connectionKey, technology }: ConnectionRow, asked: string): void {
  if (asked === technology) return;
  throw new BadRequestError(
    `connection.technology: ${connectionKey} is registered on ${technology}, which cannot be changed; register a new connection`,
    { field: "connection.technology" },
  );
}

function withAdmin(settings: Settings, creator: Principal | undefined): Settings {
  if (creator === undefined) return settings;
  const { infrastructureAdmins = [] } = settings;
  const isNamed = infrastructureAdmins.some(({ type, id }) => type === creator.type && id === creator.id);
  return isNamed ? settings : { ...settings, infrastructureAdmins: [...infrastructureAdmins, creator] };
}

function keyTaken(connectionKey: string): ConflictError {
  return new ConflictError(`connectionKey: "${connectionKey}" is registered already; choose another key, or update that connection`, {
    field: "connectionKey",
  });
}

function identityTaken(connectionKey: string, { identity, takenBy }: IdentityTaken): ConflictError {
  return new ConflictError(
    `${connectionKey}: ${identity} is registered already by connection "${takenBy}"; there is one connection for each platform account`,
    { field: "connection" },
  );
}
