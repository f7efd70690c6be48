import type { PathKey } from "../../model/path-key";
import { SETTING_NAMES, type SettingsPatch } from "../../model/settings";
import type { SettingNote } from "../../model/store";
import type { Trx } from "./database";

/** Writes down what a program declares; what it lets inherit again it declares no more. */
export async function declareSettings(trx: Trx, key: PathKey, patch: SettingsPatch, { at, by }: SettingNote): Promise<void> {
  for (const setting of SETTING_NAMES) {
    const value = patch[setting];
    if (value === undefined) continue;
    if (value === null) {
      await trx.deleteFrom("declared_setting").where("path_key", "=", key).where("setting", "=", setting).execute();
      continue;
    }
    const declared = { value: JSON.stringify(value), declared_at: at, declared_by: by };
    await trx
      .insertInto("declared_setting")
      .values({ path_key: key, setting, ...declared })
      .onConflict((conflict) => conflict.columns(["path_key", "setting"]).doUpdateSet(declared))
      .execute();
  }
}
