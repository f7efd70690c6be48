import type { ConnectionsApi } from "../model/connections-api";
import type { Defaults } from "./rules";

/** What holds where no rule does: what the file says of the top, else what is registered there. */
export async function topSettings(
  api: Pick<ConnectionsApi, "getObject">,
  connectionKey: string,
  declared: Partial<Defaults>,
): Promise<Defaults> {
  const { overrides } = await api.getObject([connectionKey]);
  return {
    isActive: declared.isActive ?? overrides.isActive ?? false,
    activateNewChildren: declared.activateNewChildren ?? overrides.activateNewChildren ?? false,
  };
}
