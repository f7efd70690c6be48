import { ConflictError, NotFoundError } from "../../model/errors";
import { hostKeyOf, hostText } from "../../model/legacy-data-source";
import type { LegacyChange, LegacyConflict, LegacyHostRow, LegacySourceRow } from "../../model/legacy-store";
import type { LegacyRegistration } from "../../model/legacy/registration";
import { fromPathKey } from "../../model/path-key";
import type { Store } from "../../model/store";
import type { Connections } from "../connections";
import { blocked, type LegacyAction } from "./blocked";
import { hostOfRegistration } from "./read-payload";

export type LegacyAccess = ReturnType<typeof createAccess>;

/** Hosts and data sources as long as they may be changed by the former API; what is refused names the call to use instead. */
export function createAccess(store: Store, connections: Connections) {
  return { refuse, requireOpen, requireOpenHosts, requireSource, requireHost, write, demand };

  /** @throws BadRequestError when a host was upgraded, naming the call to use instead. */
  async function requireOpen(hostKeys: readonly string[], action: LegacyAction, row?: LegacySourceRow): Promise<void> {
    for (const hostKey of new Set(hostKeys)) {
      const host = await store.getLegacyHost(hostKey);
      if (host?.connectionKey != null) throw refuse(host, action, row);
    }
  }

  function refuse({ host, connectionKey }: Pick<LegacyHostRow, "host" | "connectionKey">, action: LegacyAction, row?: LegacySourceRow) {
    if (row === undefined) return blocked(action, hostText(host), [connectionKey!]);
    const path = row.upgradedTo === null ? [connectionKey!, row.database, row.schema, row.table] : fromPathKey(row.upgradedTo);
    return blocked(action, `data source ${row.id} ("${row.name}") on ${hostText(host)}`, path);
  }

  async function requireOpenHosts(registrations: readonly LegacyRegistration[]): Promise<void> {
    for (const registration of registrations) {
      const host = hostOfRegistration(registration);
      const [first] = registration.tables;
      const path = first === undefined ? (registration.monitored[0] ?? []) : [first.database, first.schema, first.table];
      const connectionKey = (await store.getLegacyHost(hostKeyOf(host)))?.connectionKey ?? (await connections.findByHost(host));
      if (connectionKey != null) throw blocked("create", hostText(host), [connectionKey, ...path]);
    }
  }

  /** The data source, which may still be changed the old way. */
  async function requireSource(id: number, action: LegacyAction): Promise<LegacySourceRow> {
    const [row] = await store.listLegacySources({ ids: [id] });
    if (row !== undefined) {
      await requireOpen([row.hostKey], action, row);
      return row;
    }
    const key = await store.findObject(id);
    if (key === undefined) throw unknownSource(id);
    throw blocked(action, `data source ${id}`, fromPathKey(key));
  }

  /** @throws what a conflict of the change means. */
  async function write(action: LegacyAction, change: LegacyChange): Promise<readonly number[]> {
    const result = await store.changeLegacy(change);
    if ("ids" in result) return result.ids;
    throw await failureOf(result, action);
  }

  async function demand(conflict: LegacyConflict | undefined, action: LegacyAction): Promise<void> {
    if (conflict !== undefined) throw await failureOf(conflict, action);
  }

  /** The host may have been upgraded by another process since it was looked at. */
  async function failureOf(conflict: LegacyConflict, action: LegacyAction): Promise<Error> {
    if (conflict.conflict === "upgraded") return refuse(await requireHost(conflict.hostKey), action);
    return new ConflictError(
      conflict.what === "table"
        ? `the payload holds duplicate tables: one is data source ${conflict.id} ("${conflict.name}") already; leave it out, or change that one`
        : `the name "${conflict.name}" is that of data source ${conflict.id} already; give another name`,
    );
  }

  async function requireHost(hostKey: string): Promise<LegacyHostRow> {
    return (await store.getLegacyHost(hostKey))!;
  }
}

export function unknownSource(id: number): NotFoundError {
  return new NotFoundError(`dataSourceId: there is no data source ${id}; list them to see their ids`, { field: "dataSourceId" });
}
