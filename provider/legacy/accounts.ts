import { convertibleOf, type AccountAddress } from "../../sdk/legacy/account";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import { BlockedError, ConnectionsError } from "../../sdk/model/errors";
import { hostKeyOf } from "../../sdk/model/legacy-data-source";
import type { LegacyApi } from "../../sdk/model/legacy-api";
import type { ConnectionDetails } from "../../sdk/model/registration";
import { runError } from "../run-error";
import type { ReadDeclaration } from "./read-declaration";

const CONNECTIONS_PER_PAGE = 1_000;
const FORBIDDEN = 403;
const NOT_OFFERED = 501;

/** The declarations of one platform account. */
export interface LegacyAccountDeclarations {
  /** As in decisions: `Snowflake account acme at acme.snowflakecomputing.com:443`. */
  readonly identity: string;
  readonly declarations: readonly ReadDeclaration[];
}

/** Where an account stands. */
export interface AccountState {
  /** The connection that it has. */
  readonly connected: ConnectionDetails | undefined;
  /** Calls of the former API are refused for it. */
  readonly isBlocked: boolean;
  /** It has, or had before its upgrade, data sources of the old way. */
  readonly isLegacy: boolean;
}

/** In order of their first declaration. Accounts of technologies that connections do not take are apart by host. */
export function groupByAccount(declarations: readonly ReadDeclaration[]): LegacyAccountDeclarations[] {
  const groups = new Map<string, ReadDeclaration[]>();
  for (const declaration of declarations) {
    const [registration] = declaration.registrations;
    const convertible = registration && convertibleOf(registration);
    const identity = convertible?.identityOf(convertible.addressOf(registration!)) ?? hostKeyOf(declaration.host);
    groups.set(identity, [...(groups.get(identity) ?? []), declaration]);
  }
  return [...groups].map(([identity, own]) => ({ identity, declarations: own }));
}

/** Looks accounts up where the stack's resources are registered; writes nothing. */
export function createLookup({ api, legacy }: { readonly api: ConnectionsApi; readonly legacy: LegacyApi }) {
  let connections: Promise<ReadonlyMap<string, ConnectionDetails>> | undefined;
  let legacyHosts: Promise<ReadonlySet<string>> | undefined;

  return async function stateOf({ identity, declarations }: LegacyAccountDeclarations): Promise<AccountState> {
    const connected = (await (connections ??= connectionsByIdentity(api))).get(identity);
    if (connected === undefined && declarations.every(({ args }) => args.registerOldWay)) {
      return { connected, isBlocked: await isBlocked(legacy, declarations[0]!), isLegacy: false };
    }
    const hosts = await (legacyHosts ??= hostsOfLegacy(api, declarations[0]!, connected !== undefined));
    return { connected, isBlocked: connected !== undefined, isLegacy: declarations.some(({ host }) => hosts.has(hostKeyOf(host))) };
  };
}

async function connectionsByIdentity(api: ConnectionsApi): Promise<ReadonlyMap<string, ConnectionDetails>> {
  const found = new Map<string, ConnectionDetails>();
  for (let offset = 0; ; offset += CONNECTIONS_PER_PAGE) {
    const { hits } = await api.searchObjects([], { offset, size: CONNECTIONS_PER_PAGE });
    for (const { objectPath, technology } of hits) {
      const convertible = convertibleOf({ technology });
      if (convertible === undefined) continue;
      const details = await api.getConnection(objectPath[0]!);
      found.set(convertible.identityOf(details.connection as unknown as AccountAddress), details);
    }
    if (hits.length < CONNECTIONS_PER_PAGE) return found;
  }
}

/** Hosts that the server can upgrade or has upgraded. */
async function hostsOfLegacy(api: ConnectionsApi, { owner }: ReadDeclaration, isConnected: boolean): Promise<ReadonlySet<string>> {
  try {
    return new Set((await api.listUpgrades()).map(({ host }) => hostKeyOf(host)));
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    // A server that keeps none has nothing to upgrade; and of a connection, the upgrade was begun by somebody who may.
    if (error.statusCode === NOT_OFFERED || (error.statusCode === FORBIDDEN && isConnected)) return new Set();
    if (error.statusCode !== FORBIDDEN) throw error;
    throw runError(
      `${owner}: whether its account has to be upgraded cannot be found out (${error.message}); ` +
        "use an API key that may, upgrade it beforehand, or set registerOldWay",
    );
  }
}

/** Asks as a collection without tables would be saved, without saving it: servers may refuse an account whose connection they do not show. */
async function isBlocked(legacy: LegacyApi, { host, registrations }: ReadDeclaration): Promise<boolean> {
  const { technology, hostname, port } = host;
  const { database, schema, warehouse, httpPath } = registrations[0]!;
  const connection = { handler: technology, hostname, port, database, schema, warehouse, httpPath };
  try {
    await legacy.saveCollection({ connectionKey: `${hostname}-state`, connection, sources: [] }, { dryRun: true });
    return false;
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    // Other refusals say nothing about upgrades: registering shows them.
    return error instanceof BlockedError;
  }
}
