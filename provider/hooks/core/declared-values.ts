import type { SettingValue } from "../../../sdk/model/settings";
import { mapIn, mapOfEach, type OverrideMaps, type ValueTexts } from "./override-maps";
import type { Properties } from "./resource-kind";

/** What the values of a set's inputs mean, once that was looked up. */
export interface Meaning {
  /** As the setting holds it; what is not known stays as it is declared. */
  readonly settingOf: (declared: SettingValue) => SettingValue;
  /** What is set, in the words of what is declared there, as far as there is something. */
  readonly declaredOf: (set: SettingValue, declared: SettingValue | undefined) => SettingValue;
  /** Why a value cannot be set; undefined where it can. */
  readonly problemOf: (declared: SettingValue) => string | undefined;
  /** How values read; as JSON by default. */
  readonly texts?: ValueTexts;
  /** What the state keeps beside the values. */
  readonly outputs: Properties;
}

/** Of values that are declared as settings hold them. */
export const AS_DECLARED: Meaning = {
  settingOf: (declared) => declared,
  declaredOf: (set) => set,
  problemOf: () => undefined,
  outputs: {},
};

/** Declared values as settings hold them. */
export function settingMaps({ settingOf }: Meaning, declared: OverrideMaps): OverrideMaps {
  return mapOfEach(declared, (setting) =>
    Object.fromEntries(Object.entries(mapIn(declared, setting)).map(([path, value]) => [path, settingOf(value)])),
  );
}

/** What is set, as inputs would say it. */
export function declaredMaps({ declaredOf }: Meaning, set: OverrideMaps, declared: OverrideMaps): OverrideMaps {
  return mapOfEach(set, (setting) => {
    const known = mapIn(declared, setting);
    return Object.fromEntries(Object.entries(mapIn(set, setting)).map(([path, value]) => [path, declaredOf(value, known[path])]));
  });
}

/** Why some of the values cannot be set, a line each. */
export function problemsIn({ problemOf }: Meaning, declared: OverrideMaps): string[] {
  return Object.entries(declared).flatMap(([setting, map]) =>
    Object.entries(map).flatMap(([path, value]) => {
      const problem = problemOf(value);
      return problem === undefined ? [] : [`${path}: ${setting}: ${problem}`];
    }),
  );
}
