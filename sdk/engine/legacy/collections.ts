import { ConflictError, NotFoundError } from "../../model/errors";
import type { CollectionResult, LegacyApi } from "../../model/legacy-api";
import { hostKeyOf, hostText, type LegacyHost } from "../../model/legacy-data-source";
import type { TableNames } from "../../model/legacy/names";
import type { LegacyRegistration } from "../../model/legacy/registration";
import type { Store } from "../../model/store";
import type { Connections } from "../connections";
import type { LegacyAccess } from "./access";
import { changesOf } from "./collection-changes";
import { connectionOf } from "./connection-of";
import { listTables } from "./list-tables";
import { hostOfRegistration, placeOf, readCollection, sourceOf } from "./read-payload";
import { monitoredOf, requireDistinct } from "./registered";
import type { RegistrationRow } from "./registration-row";

interface CollectionParts {
  readonly store: Store;
  readonly connections: Connections;
  readonly access: LegacyAccess;
  readonly registrationRow: RegistrationRow;
}

/** Registering data sources as a whole, by a key (contract: V2 payloads). */
export function createCollections({
  store,
  connections,
  access,
  registrationRow,
}: CollectionParts): Pick<LegacyApi, "saveCollection" | "deleteCollection"> {
  const { requireOpen, requireOpenHosts, write, demand } = access;

  return {
    async saveCollection(payload, { dryRun = false } = {}) {
      const registration = readCollection(payload);
      const host = hostOfRegistration(registration);
      await requireOpenHosts([registration]);
      await requireOwnDatabase(host, registration);
      const hardDelete = (payload as { options?: { hardDelete?: boolean } | null }).options?.hardDelete === true;
      const wanted = (await tablesOf(registration)).map((table) => sourceOf(registration, table, []));
      requireDistinct(wanted);
      const known = await store.listLegacySources({ collection: registration.name, isUpgraded: false });
      const changes = changesOf(known, wanted, hostKeyOf(host), hardDelete);
      if (!dryRun) {
        await write("create", {
          registration: registrationRow(host, registration.name, registration),
          ...changes.writes,
          monitored: monitoredOf([registration]),
        });
      }
      return { dryRun, ...changes.result };
    },

    async deleteCollection(collection, { dryRun = false } = {}) {
      const rows = await store.listLegacySources({ collection });
      if (rows.length === 0) {
        throw new NotFoundError(`connectionKey: nothing is registered under "${collection}"`, { field: "connectionKey" });
      }
      await requireOpen(
        rows.map(({ hostKey }) => hostKey),
        "delete",
        rows[0],
      );
      if (!dryRun) await demand(await store.deleteLegacySources(rows.map(({ id }) => id)), "delete");
      const nothing: CollectionResult = {
        ...{ dryRun, creating: [], updating: [], noChange: [] },
        ...{ deleting: rows.map(({ name }) => name), detectionRunning: false, tagsUpdated: false },
      };
      return nothing;
    },
  };

  /** Two collections may not share a database of one host (contract: V2 payloads). */
  async function requireOwnDatabase(host: LegacyHost, { name, database }: LegacyRegistration): Promise<void> {
    const others = await store.listLegacySources({ hostKey: hostKeyOf(host), isUpgraded: false });
    const other = others.find((row) => row.collection !== null && row.collection !== name && row.database === database);
    if (other === undefined) return;
    throw new ConflictError(
      `connectionKey: database ${database} of ${hostText(host)} is registered under "${other.collection}" already; use that key`,
      { field: "connectionKey" },
    );
  }

  /** Those that the payload names; of a whole container, those that the platform shows now. */
  async function tablesOf(registration: LegacyRegistration): Promise<TableNames[]> {
    const named: TableNames[] = [...registration.tables];
    const [container] = monitoredOf([registration]);
    if (container === undefined) return named;
    const session = await connections.openUnregistered({ connection: connectionOf(registration) });
    try {
      const own = new Set(named.map(placeOf));
      return [...named, ...(await listTables(session, container)).filter((table) => !own.has(placeOf(table)))];
    } finally {
      await session.close();
    }
  }
}
