import type { ManySettingsOptions, SettingsFailure, SettingsOutcome, SettingsUpdate } from "../model/connections-api";
import { parseObjectPath } from "../model/object-path";
import { toPathKey } from "../model/path-key";
import { settingsPatchSchema } from "../model/settings-schema";
import type { OverridePatch, SettingNote, Store } from "../model/store";
import { parse } from "../model/validate";
import { missingObjects } from "./objects";

/**
 * Writes what can be written in one transaction and names the rest: an object that does not exist is no reason to leave a
 * thousand others as they are. Where one object comes twice, the later change counts last, as with single calls.
 * @throws BadRequestError when a path or a setting is none; nothing is written then.
 */
export async function updateManySettings(
  store: Store,
  updates: readonly SettingsUpdate[],
  note: SettingNote,
  { dryRun = false }: ManySettingsOptions = {},
): Promise<SettingsOutcome> {
  const checked = updates.map(({ objectPath, settings }, index) => ({
    path: parseObjectPath(objectPath, `updates.${index}.objectPath`),
    patch: parse(settingsPatchSchema, settings, ["updates", index, "settings"]),
  }));
  const missing = await missingObjects(
    store,
    checked.map(({ path }) => path),
  );
  const patches: OverridePatch[] = [];
  const failures: SettingsFailure[] = [];
  for (const { path, patch } of checked) {
    const key = toPathKey(path);
    const error = missing.get(key);
    if (error === undefined) patches.push({ key, patch });
    else failures.push({ objectPath: [...path], statusCode: error.statusCode, message: error.message });
  }
  if (patches.length > 0 && !dryRun) await store.mergeManyOverrides(patches, note);
  return { updated: patches.length, failures };
}
