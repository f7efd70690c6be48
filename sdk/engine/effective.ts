import { lineage, type ObjectPath } from "../model/object-path";
import { toPathKey, type PathKey } from "../model/path-key";
import type { EffectiveSettings, Principal, Settings } from "../model/settings";

export const DEFAULT_SETTINGS: EffectiveSettings = {
  isActive: false,
  activateNewChildren: false,
  dataOwners: [],
  infrastructureAdmins: [],
};

/** One step down the hierarchy: what the overrides of an object make of what it inherits. */
export function inherit(parent: EffectiveSettings, overrides: Settings | undefined): EffectiveSettings {
  if (overrides === undefined) return parent;
  return {
    isActive: overrides.isActive ?? parent.isActive,
    activateNewChildren: overrides.activateNewChildren ?? parent.activateNewChildren,
    dataOwners: union(parent.dataOwners, overrides.dataOwners),
    infrastructureAdmins: union(parent.infrastructureAdmins, overrides.infrastructureAdmins),
  };
}

/** The effective settings of a path, out of the overrides of itself and its ancestors. */
export function effectiveSettings(path: ObjectPath, overrides: ReadonlyMap<PathKey, Settings>): EffectiveSettings {
  return lineage(path).reduce((parent, at) => inherit(parent, overrides.get(toPathKey(at))), DEFAULT_SETTINGS);
}

function union(inherited: readonly Principal[], own: readonly Principal[] | undefined): readonly Principal[] {
  if (own === undefined) return inherited;
  const added = own.filter(({ type, id }) => !inherited.some((one) => one.type === type && one.id === id));
  return [...inherited, ...added];
}
