import { hostKeyOf } from "../../model/legacy-data-source";
import { toPathKey } from "../../model/path-key";
import type { LegacyConflict, LegacyIntegrationRow } from "../../model/legacy-store";
import type { Db, Trx } from "./database";
import { hostRow } from "./legacy-rows";
import { nextObjectId, openHost, upgradedAmong } from "./legacy-sources";

export async function insertLegacyIntegration(
  trx: Trx,
  { host, type, isEnabled, secretConfig }: Omit<LegacyIntegrationRow, "id" | "hostKey">,
): Promise<{ readonly id: number } | LegacyConflict | undefined> {
  const blocked = await openHost(trx, host);
  if (blocked !== undefined) return blocked;
  const row = await trx
    .insertInto("legacy_integration")
    .values({
      integration_id: await nextObjectId(trx, toPathKey([hostKeyOf(host), "integration"])),
      host_key: hostKeyOf(host),
      type,
      is_enabled: Number(isEnabled),
      secret_config: secretConfig,
    })
    .onConflict((conflict) => conflict.column("host_key").doNothing())
    .returning("integration_id")
    .executeTakeFirst();
  return row && { id: row.integration_id };
}

export async function listLegacyIntegrations(db: Db): Promise<LegacyIntegrationRow[]> {
  const rows = await db
    .selectFrom("legacy_integration as i")
    .innerJoin("legacy_host as h", "h.host_key", "i.host_key")
    .selectAll("h")
    .select(["i.integration_id", "i.type", "i.is_enabled", "i.secret_config"])
    .orderBy("i.integration_id")
    .execute();
  return rows.map((row) => ({
    id: row.integration_id,
    hostKey: row.host_key,
    host: hostRow(row).host,
    type: row.type,
    isEnabled: row.is_enabled === 1,
    secretConfig: row.secret_config,
  }));
}

export async function deleteLegacyIntegration(trx: Trx, id: number): Promise<LegacyConflict | boolean> {
  const row = await trx.selectFrom("legacy_integration").select("host_key").where("integration_id", "=", id).executeTakeFirst();
  if (row === undefined) return false;
  const blocked = await upgradedAmong(trx, [row.host_key]);
  if (blocked !== undefined) return blocked;
  await trx.deleteFrom("legacy_integration").where("integration_id", "=", id).execute();
  return true;
}
