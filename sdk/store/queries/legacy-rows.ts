import type { Selectable } from "kysely";
import type { LegacyHostRow, LegacySourceRow } from "../../model/legacy-store";
import { fromPathKey, toPathKey, type PathKey } from "../../model/path-key";
import { hostKeyOf, type LegacyHost, type LegacyPlace, type MonitoredContainer } from "../../model/legacy-data-source";
import type { LegacyHostTable, LegacySourceTable } from "../schema";

export function hostRow(row: Selectable<LegacyHostTable>): LegacyHostRow {
  const { host_key: hostKey, technology, hostname, port, connection_key: connectionKey, is_upgraded: isUpgraded } = row;
  return { hostKey, host: { technology, hostname, port: Number(port) }, connectionKey, isUpgraded: isUpgraded === 1 };
}

export function sourceRow(row: Selectable<LegacySourceTable>): LegacySourceRow {
  const [, database, schema, table] = fromPathKey(row.place_key) as [string, string, string, string];
  return {
    id: row.source_id,
    hostKey: row.host_key,
    registrationId: row.registration_id,
    collection: row.collection,
    name: row.name,
    ...{ database, schema, table },
    isEnabled: row.is_enabled === 1,
    tags: JSON.parse(row.tags) as LegacySourceRow["tags"],
    owners: JSON.parse(row.owners) as LegacySourceRow["owners"],
    policies: JSON.parse(row.policies) as LegacySourceRow["policies"],
    upgradedTo: row.upgraded_to,
    reason: row.reason,
  };
}

export function placeKey(host: LegacyHost, { database, schema, table }: LegacyPlace): PathKey {
  return toPathKey([hostKeyOf(host), database, schema, table]);
}

export function containerKey({ database, schema }: MonitoredContainer): PathKey {
  return toPathKey(schema === null ? [database] : [database, schema]);
}
