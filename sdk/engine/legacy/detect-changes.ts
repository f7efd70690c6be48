import type { Detection, DetectionScope } from "../../model/legacy-api";
import type { LegacyHostRow, LegacySourceRow, MonitoredRow } from "../../model/legacy-store";
import type { TableNames } from "../../model/legacy/names";
import type { LegacyRegistration } from "../../model/legacy/registration";
import { BadRequestError } from "../../model/errors";
import type { Store } from "../../model/store";
import type { Connections } from "../connections";
import type { SecretBox } from "../secret-box";
import { connectionOf } from "./connection-of";
import { listTables } from "./list-tables";
import { placeOf, sourceOf } from "./read-payload";

interface DetectionParts {
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly connections: Connections;
  readonly now: () => string;
}

/**
 * Schema monitoring, once (contract: V1 calls): tables that a monitored schema has gained become data sources, those of data sources
 * that are gone are disabled. Each schema is looked at with the login of the registration that monitors it.
 */
export async function detectChanges(
  { store, secrets, connections, now }: DetectionParts,
  hosts: readonly LegacyHostRow[],
  scope: DetectionScope,
): Promise<Detection> {
  const created: string[] = [];
  const disabled: string[] = [];
  for (const { hostKey, host } of hosts) {
    for (const container of await store.listMonitored(hostKey)) {
      if (scope.database !== undefined && container.database !== scope.database) continue;
      const registration = await registrationOf(hostKey, container);
      const seen = await tablesNow(registration, container);
      const known = (await store.listLegacySources({ hostKey, isUpgraded: false })).filter((row) => liesIn(row, container));
      const places = new Set(known.map(placeOf));
      const there = new Set(seen.map(placeOf));
      const create = seen
        .filter((table) => !places.has(placeOf(table)) && isAsked(table))
        .map((table) => sourceOf(registration, table, []));
      const gone = known.filter((row) => row.isEnabled && !there.has(placeOf(row)) && isAsked(row));
      if (create.length + gone.length === 0) continue;
      const result = await store.changeLegacy({
        registration: {
          host,
          collection: container.collection,
          secretPayload: secrets.seal(JSON.stringify(registration)),
          createdAt: now(),
        },
        ...{ create, update: [], disable: gone.map(({ id }) => id), remove: [] },
        monitored: container.collection === null ? [] : (await store.listMonitored(hostKey)).filter(isOfSame(container)),
      });
      if (!("ids" in result)) {
        throw new BadRequestError(`detectRemoteChanges: ${container.database} was changed meanwhile; run it again`);
      }
      created.push(...create.map(({ name }) => name));
      disabled.push(...gone.map(({ name }) => name));
    }
  }
  return { created, disabled };

  function isAsked({ table }: TableNames): boolean {
    return scope.table === undefined || scope.table === table;
  }

  async function tablesNow(registration: LegacyRegistration, container: MonitoredRow): Promise<TableNames[]> {
    const session = await connections.openUnregistered({ connection: connectionOf(registration) });
    try {
      return await listTables(session, container);
    } finally {
      await session.close();
    }
  }

  /** The newest registration that monitors the container. */
  async function registrationOf(hostKey: string, { database, schema }: MonitoredRow): Promise<LegacyRegistration> {
    let found: LegacyRegistration | undefined;
    for await (const batch of store.streamLegacyRegistrations(hostKey)) {
      for (const { secretPayload } of batch) {
        const sent = JSON.parse(secrets.open(secretPayload)) as LegacyRegistration;
        if (sent.monitored.some(([name, inner = null]) => name === database && inner === schema)) found = sent;
      }
    }
    if (found !== undefined) return found;
    throw new BadRequestError(`detectRemoteChanges: the registration that monitors ${database} is gone; register the schema again`);
  }
}

function isOfSame({ collection }: MonitoredRow): (other: MonitoredRow) => boolean {
  return (other) => other.collection === collection;
}

function liesIn(row: LegacySourceRow, { database, schema }: MonitoredRow): boolean {
  return row.database === database && (schema === null || row.schema === schema);
}
