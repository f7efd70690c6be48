import { descendantRange, type PathKey } from "../../model/path-key";
import type { SettingName, Settings, SettingsPatch } from "../../model/settings";
import type { OverrideRow } from "../../model/store";
import { overrideColumns, settingsOf } from "../rows";
import type { OverrideTable } from "../schema";
import { inChunks, type Db, type Trx } from "./database";

const COLUMNS: Readonly<Record<SettingName, Exclude<keyof OverrideTable, "path_key">>> = {
  isActive: "is_active",
  activateNewChildren: "activate_new_children",
  dataOwners: "data_owners",
  infrastructureAdmins: "infrastructure_admins",
};

export async function getOverrides(db: Db, keys: readonly PathKey[]): Promise<ReadonlyMap<PathKey, Settings>> {
  const rows = await inChunks(keys, (some) => db.selectFrom("override").selectAll().where("path_key", "in", some).execute());
  return new Map(rows.map((row) => [row.path_key, settingsOf(row)]));
}

export async function listOverrides(db: Db, key: PathKey): Promise<OverrideRow[]> {
  const rows = await db
    .selectFrom("override")
    .selectAll()
    .where("path_key", ">=", key)
    .where("path_key", "<", descendantRange(key).before)
    .orderBy("path_key")
    .execute();
  return rows.map((row) => ({ key: row.path_key, overrides: settingsOf(row) }));
}

export async function overriddenBeneath(db: Db, key: PathKey): Promise<ReadonlySet<SettingName>> {
  const { after, before } = descendantRange(key);
  const found = new Set<SettingName>();
  for (const [name, column] of Object.entries(COLUMNS) as [SettingName, (typeof COLUMNS)[SettingName]][]) {
    const row = await db
      .selectFrom("override")
      .select("path_key")
      .where("path_key", ">", after)
      .where("path_key", "<", before)
      .where(column, "is not", null)
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) found.add(name);
  }
  return found;
}

/** A row with nothing set in it is taken away, so that the rows are the overrides. */
export async function mergeOverrides(trx: Trx, key: PathKey, patch: SettingsPatch): Promise<void> {
  const columns = overrideColumns(patch);
  if (Object.keys(columns).length === 0) return;
  const nothing = { is_active: null, activate_new_children: null, data_owners: null, infrastructure_admins: null };
  await trx
    .insertInto("override")
    .values({ path_key: key, ...nothing, ...columns })
    .onConflict((conflict) => conflict.column("path_key").doUpdateSet(columns))
    .execute();
  let empty = trx.deleteFrom("override").where("path_key", "=", key);
  for (const column of Object.values(COLUMNS)) empty = empty.where(column, "is", null);
  await empty.execute();
}
