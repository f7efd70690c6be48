import { readFileSync } from "node:fs";
import type { ConnectionUpdate } from "../../sdk/model/registration";

/** Which server, with whose key, and what to register on it. */
export interface Tenant {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly registration: ConnectionUpdate;
}

/**
 * The tenant that the environment names. All three variables are asked for, so that one that is set for other work does not start this.
 * @returns undefined where there is none.
 */
export function tenantOf(environment: NodeJS.ProcessEnv): Tenant | undefined {
  const { CONNECTIONS_ENDPOINT: endpoint, CONNECTIONS_API_KEY: apiKey, CONNECTIONS_TENANT_CONNECTION: source } = environment;
  if (!endpoint || !apiKey || !source) return undefined;
  const text = source.trimStart().startsWith("{") ? source : readFileSync(source, "utf8");
  return { endpoint, apiKey, registration: JSON.parse(text) as ConnectionUpdate };
}
