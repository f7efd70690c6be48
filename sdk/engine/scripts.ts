import type { ScriptApi, SetupRequest } from "../model/setup-script";
import { BadRequestError, NotFoundError } from "../model/errors";
import { fromPathKey, toPathKey, type PathKey } from "../model/path-key";
import type { Platform } from "../model/platform";
import { platformOfSetup } from "../model/registration-schema";
import type { Store } from "../model/store";
import { findPlatform } from "../model/technology";
import type { Connections } from "./connections";

export interface ScriptParts {
  readonly store: Store;
  readonly platforms: readonly Platform[];
  readonly connections: Connections;
}

/** Scripts that prepare an account for a connection, and that take that back (contract: setup script, deregistration). */
export function createScripts({ store, platforms, connections }: ScriptParts): ScriptApi {
  return {
    async createSetupScript(request: SetupRequest) {
      const { scripts, technology } = platformOfSetup(platforms, request);
      if (scripts === undefined) throw needsNone(technology, "type");
      return scripts.setup(request);
    },

    async createCleanupScript(integrationId: number) {
      const key = await connectionOf(integrationId);
      const [connectionKey] = fromPathKey(key);
      const { connection, nativeIntegration } = await connections.read(connectionKey!);
      const { scripts, technology } = findPlatform(platforms, connection.technology);
      if (scripts === undefined) throw needsNone(technology, "id");
      const all = { offset: 0, size: Number.MAX_SAFE_INTEGER, sortOrder: "asc", searchText: undefined } as const;
      const { rows } = await store.listChildren(key, all);
      return scripts.cleanup({ connection, nativeIntegration, databases: rows.map((row) => fromPathKey(row.key)[1]!) });
    },
  };

  /** By the id that reads of the connection show; of an upgraded account, by its former integration's too. */
  async function connectionOf(integrationId: number): Promise<PathKey> {
    const key = await store.findObject(integrationId);
    if (key !== undefined && fromPathKey(key).length === 1) return key;
    const former = (await store.listLegacyIntegrations()).find(({ id }) => id === integrationId);
    const host = former && (await store.getLegacyHost(former.hostKey));
    if (host?.connectionKey != null) return toPathKey([host.connectionKey]);
    throw new NotFoundError(
      `id: no connection has integration ${integrationId}; give the nativeIntegrationId that GET /data/connection/{connectionKey} shows`,
      { field: "id" },
    );
  }
}

function needsNone(technology: string, field: string): BadRequestError {
  return new BadRequestError(`${field}: ${technology} needs no script; whoever can read its files sees everything`, { field });
}
