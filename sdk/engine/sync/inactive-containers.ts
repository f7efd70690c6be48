import { fromPathKey, parentKey, toPathKey, type PathKey } from "../../model/path-key";
import type { EffectiveSettings, Settings } from "../../model/settings";
import type { Store } from "../../model/store";
import { effectiveSettings } from "../effective";

/** Tells whether a sync that spares inactive objects goes into a container. */
export interface InactiveContainers {
  /** @param isNew the platform shows it, but it is not recorded. */
  isSkipped(container: PathKey, isNew: boolean): boolean;
}

/**
 * A database or schema is skipped when it is inactive and nothing beneath it was made active on itself. Overrides of the
 * scope are held in memory: they are few beside the objects.
 */
export async function inactiveContainers(store: Store, scope: PathKey, firstSync: boolean): Promise<InactiveContainers> {
  const path = fromPathKey(scope);
  const ancestors = path.map((_, index) => toPathKey(path.slice(0, index + 1)));
  const overrides = new Map<PathKey, Settings>(await store.getOverrides(ancestors));
  const leadsToActive = new Set<PathKey>();
  for (const { key, overrides: own } of await store.listOverrides(scope)) {
    overrides.set(key, own);
    if (own.isActive !== true) continue;
    for (let above = parentKey(key); above !== undefined; above = parentKey(above)) leadsToActive.add(above);
  }
  const effective = (key: PathKey): EffectiveSettings => effectiveSettings(fromPathKey(key), overrides);

  return {
    isSkipped(container, isNew) {
      if (leadsToActive.has(container)) return false;
      // A new container starts as its parent's setting for new children says; at a first sync it inherits.
      const isActive =
        isNew && !firstSync ? effective(parentKey(container) ?? container).activateNewChildren : effective(container).isActive;
      return !isActive;
    },
  };
}
