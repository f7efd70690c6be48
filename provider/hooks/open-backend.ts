import { resolve } from "node:path";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { LegacyApi } from "../../sdk/model/legacy-api";
import type { Backend } from "./backend";

/** What resources are registered in, and the API of the time before connections on the same. `api.close` closes both. */
export interface OpenBackend {
  readonly api: ConnectionsApi;
  readonly legacy: LegacyApi;
}

/**
 * Relative names are relative to `baseDirectory`. Nothing is written before the first call that writes.
 * @param learn told what no message may show
 */
export async function openBackend(backend: Backend, baseDirectory: string, learn: (secret: string) => void): Promise<OpenBackend> {
  if (backend.kind === "store") {
    const { isPostgresAddress, openLocal } = await import("../../sdk/engine/open-local.js");
    const isAddress = isPostgresAddress(backend.store);
    if (isAddress) learn(backend.store);
    const engine = openLocal({ store: isAddress ? backend.store : resolve(baseDirectory, backend.store), baseDirectory, isProgram: true });
    return { api: engine, legacy: engine.legacy };
  }
  learn(backend.apiKey);
  const [{ createClient }, { createLegacyClient }] = await Promise.all([
    import("../../sdk/client/client.js"),
    import("../../sdk/client/legacy-client.js"),
  ]);
  const client = createClient({ ...backend, isProgram: true });
  const legacy = createLegacyClient(backend);
  const close = async () => {
    legacy.close();
    await client.close();
  };
  return { api: { ...client, close }, legacy };
}
