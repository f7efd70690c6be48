import { resolve } from "node:path";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { Backend } from "./backend";

/** Opens what a stack's resources are registered in; either side's code is loaded only where it is needed. */
export async function openApi(backend: Backend, baseDirectory: string): Promise<ConnectionsApi> {
  if (backend.kind === "store") {
    const { openLocal } = await import("../../sdk/engine/open-local.js");
    return openLocal({ store: resolve(baseDirectory, backend.store), baseDirectory });
  }
  const { createClient } = await import("../../sdk/client/client.js");
  return createClient(backend);
}
