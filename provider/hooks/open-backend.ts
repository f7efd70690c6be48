import { resolve } from "node:path";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { LegacyApi } from "../../sdk/model/legacy-api";
import type { Backend } from "./backend";

/** What resources are registered in, and the API of the time before connections on the same. `api.close` closes both. */
export interface OpenBackend {
  readonly api: ConnectionsApi;
  readonly legacy: LegacyApi;
}

/** Relative names are relative to `baseDirectory`. Reads neither connect nor write anything that is not there. */
export async function openBackend(backend: Backend, baseDirectory: string): Promise<OpenBackend> {
  if (backend.kind === "store") {
    const { openLocal } = await import("../../sdk/engine/open-local.js");
    const engine = openLocal({ store: resolve(baseDirectory, backend.store), baseDirectory });
    return { api: engine, legacy: engine.legacy };
  }
  const [{ createClient }, { createLegacyClient }] = await Promise.all([
    import("../../sdk/client/client.js"),
    import("../../sdk/client/legacy-client.js"),
  ]);
  const client = createClient(backend);
  const legacy = createLegacyClient(backend);
  const close = async () => {
    legacy.close();
    await client.close();
  };
  return { api: { ...client, close }, legacy };
}
