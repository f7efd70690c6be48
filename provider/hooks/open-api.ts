import { resolve } from "node:path";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { Backend } from "./backend";

/**
 * Opens what a stack's resources are registered in; either side's code is loaded only where it is needed.
 * @param learn is told each secret before it is used.
 */
export async function openApi(backend: Backend, baseDirectory: string, learn: (secret: string) => void): Promise<ConnectionsApi> {
  if (backend.kind === "store") {
    const { isPostgresAddress, openLocal } = await import("../../sdk/engine/open-local.js");
    const isAddress = isPostgresAddress(backend.store);
    if (isAddress) learn(backend.store);
    return openLocal({ store: isAddress ? backend.store : resolve(baseDirectory, backend.store), baseDirectory });
  }
  learn(backend.apiKey);
  const { createClient } = await import("../../sdk/client/client.js");
  return createClient(backend);
}
