import type { DeclaredRow } from "../../model/browsing-store";
import { descendantRange, type PathKey } from "../../model/path-key";
import type { SettingName } from "../../model/settings";
import type { Db } from "./database";
import { getOverrides } from "./overrides";

/** Only what somebody changed since is compared; the change that declared it has its time and name. */
export async function listChangedSince(db: Db, key: PathKey, limit: number): Promise<DeclaredRow[]> {
  const rows = await db
    .selectFrom("declared_setting as d")
    .innerJoin("setting_change as c", (join) => join.onRef("c.path_key", "=", "d.path_key").onRef("c.setting", "=", "d.setting"))
    .where("d.path_key", ">=", key)
    .where("d.path_key", "<", descendantRange(key).before)
    .where((eb) => eb.or([eb("c.changed_at", "<>", eb.ref("d.declared_at")), eb("c.changed_by", "<>", eb.ref("d.declared_by"))]))
    .select(["d.path_key", "d.setting", "d.value", "d.declared_at", "d.declared_by", "c.changed_at", "c.changed_by"])
    .orderBy("d.path_key")
    .limit(limit)
    .execute();
  const overrides = await getOverrides(db, [...new Set(rows.map((row) => row.path_key))]);
  return rows.map((row) => {
    const setting = row.setting as SettingName;
    return {
      key: row.path_key,
      setting,
      declared: JSON.parse(row.value) as DeclaredRow["declared"],
      actual: overrides.get(row.path_key)?.[setting] ?? null,
      declaredAt: row.declared_at,
      declaredBy: row.declared_by,
      changedAt: row.changed_at,
      changedBy: row.changed_by,
    };
  });
}
