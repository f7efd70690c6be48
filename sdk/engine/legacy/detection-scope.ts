import { NotFoundError } from "../../model/errors";
import type { DetectionScope } from "../../model/legacy-api";
import type { LegacyHostRow } from "../../model/legacy-store";
import type { Store } from "../../model/store";
import type { LegacyAccess } from "./access";

/** The hosts that are looked at for changes; without a scope all that were not upgraded. */
export async function hostsInScope(
  store: Store,
  { requireSource }: LegacyAccess,
  { dataSourceIds, hostname, port }: DetectionScope,
): Promise<LegacyHostRow[]> {
  if (dataSourceIds !== undefined) {
    const keys = new Set<string>();
    for (const id of dataSourceIds) keys.add((await requireSource(id, "detect")).hostKey);
    return (await store.listLegacyHosts()).filter(({ hostKey }) => keys.has(hostKey));
  }
  const all = await store.listLegacyHosts();
  if (hostname === undefined) return all.filter(({ connectionKey }) => connectionKey === null);
  const found = all.filter(({ host }) => host.hostname === hostname.toLowerCase() && host.port === (port ?? host.port));
  if (found.length > 0) return found;
  throw new NotFoundError(`hostname: nothing is registered on ${hostname}`, { field: "hostname" });
}
