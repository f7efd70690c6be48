import { BadRequestError, ConflictError, NotFoundError } from "../../model/errors";
import type { IntegrationInput, LegacyApi, LegacyIntegration } from "../../model/legacy-api";
import { hostKeyOf, hostOf, hostText, type LegacyHost } from "../../model/legacy-data-source";
import type { LegacyHostRow, LegacyIntegrationRow } from "../../model/legacy-store";
import type { Store } from "../../model/store";
import type { Connections } from "../connections";
import type { LegacyAction } from "./blocked";

interface Access {
  readonly refuse: (host: Pick<LegacyHostRow, "host" | "connectionKey">, action: LegacyAction) => Error;
  readonly seal: (value: unknown) => string;
}

/**
 * Integrations of the time before connections, which an upgrade looks at (contract: upgrade preconditions). Those of connections are
 * listed beside them, by their `nativeIntegrationId` (contract: deregistration), and changed with the connection.
 */
export function createIntegrations(
  store: Store,
  connections: Pick<Connections, "eachHost">,
  { refuse, seal }: Access,
): Pick<LegacyApi, "listIntegrations" | "createIntegration" | "deleteIntegration"> {
  return {
    async listIntegrations() {
      const former = await Promise.all((await store.listLegacyIntegrations()).map(describe));
      const hosts = new Set(former.map(({ host }) => hostKeyOf(host)));
      return [...former, ...(await ofConnections()).filter(({ host }) => !hosts.has(hostKeyOf(host)))];
    },

    async createIntegration(input) {
      const { type, config, isEnabled = true } = input;
      const host = hostOfIntegration(input);
      const result = await store.insertLegacyIntegration({ host, type, isEnabled, secretConfig: seal(config) });
      if (result === undefined) {
        throw new ConflictError(`config.host: ${hostText(host)} has an integration already; delete that one first`, {
          field: "config.host",
        });
      }
      if ("conflict" in result)
        throw refuse({ host, connectionKey: "connectionKey" in result ? result.connectionKey : null }, "integration");
      return { id: result.id, type, host, status: isEnabled ? "enabled" : "disabled", connectionKey: null };
    },

    async deleteIntegration(id) {
      const result = await store.deleteLegacyIntegration(id);
      if (result === true) return;
      if (result === false) {
        const own = (await ofConnections()).find((one) => one.id === id);
        if (own !== undefined) throw refuse(own, "integration");
        throw new NotFoundError(`id: there is no integration ${id}; list them to see their ids`, { field: "id" });
      }
      const row = (await store.listLegacyIntegrations()).find((one) => one.id === id);
      throw refuse({ host: row!.host, connectionKey: "connectionKey" in result ? result.connectionKey : null }, "integration");
    },
  };

  async function ofConnections(): Promise<LegacyIntegration[]> {
    const found: LegacyIntegration[] = [];
    for await (const { id, host, connectionKey } of connections.eachHost()) {
      found.push({ id, type: host.technology, host, status: "enabled", connectionKey });
    }
    return found;
  }

  async function describe({ id, type, host, hostKey, isEnabled }: LegacyIntegrationRow): Promise<LegacyIntegration> {
    const row = await store.getLegacyHost(hostKey);
    return { id, type, host, status: isEnabled ? "enabled" : "disabled", connectionKey: row?.connectionKey ?? null };
  }
}

/** The scripts and the integration itself call the address otherwise than connections do (contract: setup script). */
function hostOfIntegration({ type, config }: IntegrationInput): LegacyHost {
  const hostname = config["host"] ?? config["hostname"] ?? config["workspaceUrl"];
  const technology = /^databricks/i.test(type) ? "Databricks" : type;
  const host = hostOf({ technology, hostname, port: config["port"] });
  if (host !== undefined) return host;
  throw new BadRequestError("config.host: is missing; name the host that the integration is for", { field: "config.host" });
}
