import type { ActivityFeed } from "../model/activity";
import { BadRequestError, ConflictError, NotFoundError } from "../model/errors";
import type { Platform, PlatformSession } from "../model/platform";
import type {
  ConnectionDetails,
  ConnectionInformation,
  ConnectionUpdate,
  NativeIntegration,
  Person,
  Registration,
} from "../model/registration";
import { connectionProblems, registrationProblems } from "../model/registration-schema";
import { secretPaths, withoutSecrets } from "../model/secret-fields";
import type { Principal, Settings } from "../model/settings";
import type { ConnectionRow, IdentityTaken, Store } from "../model/store";
import { findPlatform } from "../model/technology";
import { throwProblems } from "../model/validate";
import { requireObject } from "./objects";
import type { SecretBox } from "./secret-box";
import { openGuarded, type PlatformTimeouts } from "./sync/guarded-session";

/** What is encrypted of a connection. */
interface Details {
  readonly connection: ConnectionInformation;
  readonly nativeIntegration: NativeIntegration;
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
}

export type Connections = ReturnType<typeof createConnections>;

/** Registered connections: their credentials are checked on the platform before they are stored, encrypted. */
export function createConnections({ store, platforms, secrets, baseDirectory, now, timeouts }: ConnectionParts) {
  return {
    /**
     * @returns the session that proved the credentials, for the first sync: opening another may take longer than reading.
     */
    async register(registration: Registration, { person, principal }: Requester): Promise<PlatformSession> {
      throwProblems(registrationProblems(platforms, registration));
      const { connectionKey, settings = {} } = registration;
      const { details, platform } = prepare(registration);
      if ((await store.getConnection(connectionKey)) !== undefined) throw keyTaken(connectionKey);
      const session = await openChecked(platform, details.connection);
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
        const result = await store.insertConnection({ ...row, lastSync: null }, identities, withAdmin(settings, principal));
        if (!result.inserted) {
          throw result.taken === undefined ? keyTaken(connectionKey) : identityTaken(connectionKey, result.taken);
        }
        return session;
      } catch (error) {
        await session.close();
        throw error;
      }
    },

    async test(update: ConnectionUpdate): Promise<void> {
      throwProblems(connectionProblems(platforms, update));
      const { details, platform } = prepare(update);
      await (await openChecked(platform, details.connection)).close();
    },

    async update(connectionKey: string, update: ConnectionUpdate, updater: Person): Promise<ConnectionDetails> {
      const row = await requireRow(connectionKey);
      throwProblems(connectionProblems(platforms, update));
      const { details, platform } = prepare(update);
      if (platform.technology !== row.technology) {
        throw new BadRequestError(
          `connection.technology: ${connectionKey} is registered on ${row.technology}, which cannot be changed; register a new connection`,
          { field: "connection.technology" },
        );
      }
      await (await openChecked(platform, details.connection)).close();
      const change = { secretDetails: seal(details), updatedAt: now(), updater };
      const result = await store.updateConnection(connectionKey, change, platform.accountIdentities(details.connection));
      if (!result.updated) throw identityTaken(connectionKey, result.taken);
      return describe({ ...row, ...change });
    },

    async read(connectionKey: string): Promise<ConnectionDetails> {
      return describe(await requireRow(connectionKey));
    },

    requireRow,

    async openSession(row: ConnectionRow, signal: AbortSignal | undefined): Promise<PlatformSession> {
      const platform = findPlatform(platforms, row.technology);
      const { connection } = unseal(row);
      return openGuarded(() => platform.open(connection), timeouts, signal);
    },

    /** What the connection's integration switches on. */
    activityFeeds(row: ConnectionRow): ActivityFeed[] {
      return findPlatform(platforms, row.technology).activityFeeds?.(unseal(row).nativeIntegration) ?? [];
    },
  };

  async function requireRow(connectionKey: string): Promise<ConnectionRow> {
    const row = await store.getConnection(connectionKey);
    if (row !== undefined) return row;
    throw new NotFoundError(`connectionKey: there is no connection "${connectionKey}"; register it first, or correct the key`, {
      field: "connectionKey",
    });
  }

  async function openChecked(platform: Platform, connection: ConnectionInformation): Promise<PlatformSession> {
    const session = await openGuarded(() => platform.open(connection), timeouts);
    try {
      await session.check();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  function prepare(update: ConnectionUpdate): { details: Details; platform: Platform } {
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

  async function describe(row: ConnectionRow): Promise<ConnectionDetails> {
    const { connectionKey, createdAt, creator, updatedAt, updater, lastSync } = row;
    // A connection and its integration are one here.
    const { id: nativeIntegrationId } = await requireObject(store, [connectionKey]);
    const details = unseal(row);
    return {
      connectionKey,
      ...withoutSecrets(details),
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
