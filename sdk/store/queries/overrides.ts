import { descendantRange, type PathKey } from "../../model/path-key";
import { SETTING_NAMES, type Principal, type SettingName, type Settings, type SettingsPatch } from "../../model/settings";
import type { OverridePatch, OverrideRow, SettingChangeRow, SettingNote } from "../../model/store";
import { overrideColumns, settingsOf } from "../rows";
import type { OverrideTable } from "../schema";
import { logSettings } from "./changes";
import { declareSettings } from "./declare-settings";
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

/** Few objects have owners of their own, so all of those are looked at. */
export async function listRoles(db: Db, principals: readonly Principal[]): Promise<PathKey[]> {
  const rows = await db
    .selectFrom("override")
    .selectAll()
    .where((eb) => eb.or([eb("data_owners", "is not", null), eb("infrastructure_admins", "is not", null)]))
    .orderBy("path_key")
    .execute();
  const isOne = ({ type, id }: Principal) => principals.some((one) => one.type === type && one.id === id);
  return rows
    .filter((row) => {
      const { dataOwners = [], infrastructureAdmins = [] } = settingsOf(row);
      return dataOwners.some(isOne) || infrastructureAdmins.some(isOne);
    })
    .map((row) => row.path_key);
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

export async function listSettingChanges(db: Db, key: PathKey): Promise<SettingChangeRow[]> {
  const rows = await db
    .selectFrom("setting_change")
    .selectAll()
    .where("path_key", ">=", key)
    .where("path_key", "<", descendantRange(key).before)
    .orderBy("path_key")
    .execute();
  return rows.map((row) => ({ key: row.path_key, setting: row.setting as SettingName, at: row.changed_at, by: row.changed_by }));
}

export async function mergeManyOverrides(trx: Trx, patches: readonly OverridePatch[], note: SettingNote): Promise<void> {
  for (const { key, patch } of patches) await mergeOverrides(trx, key, patch, note);
}

/** A row with nothing set in it is taken away, so that the rows are the overrides. */
export async function mergeOverrides(trx: Trx, key: PathKey, patch: SettingsPatch, note?: SettingNote): Promise<void> {
  if (note !== undefined) await noteChange(trx, key, patch, note);
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

async function noteChange(trx: Trx, key: PathKey, patch: SettingsPatch, { at, by, isDeclared }: SettingNote): Promise<void> {
  const rows = SETTING_NAMES.filter((name) => patch[name] !== undefined).map((setting) => ({
    path_key: key,
    setting,
    changed_at: at,
    changed_by: by,
  }));
  if (rows.length === 0) return;
  await logSettings(trx, key, patch, { at, by });
  if (isDeclared === true) await declareSettings(trx, key, patch, { at, by });
  await trx
    .insertInto("setting_change")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["path_key", "setting"]).doUpdateSet({ changed_at: at, changed_by: by }))
    .execute();
}
