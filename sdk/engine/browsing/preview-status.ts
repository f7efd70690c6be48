import type { StatusPreview } from "../../model/browsing";
import { lineage, type ObjectPath } from "../../model/object-path";
import { toPathKey } from "../../model/path-key";
import type { Store } from "../../model/store";
import { activeRanges } from "../active-ranges";
import { DEFAULT_SETTINGS, effectiveSettings } from "../effective";
import { requireObject } from "../objects";

const NOTHING = { databases: 0, schemas: 0, tables: 0 };

/** What setting `isActive` on an object, or taking the override away (null), would change. Nothing is written. */
export async function previewStatus(store: Store, path: ObjectPath, isActive: boolean | null): Promise<StatusPreview> {
  const { key } = await requireObject(store, path);
  const overrides = await store.getOverrides(lineage(path).map(toPathKey));
  const from = effectiveSettings(path, overrides).isActive;
  const above = path.length === 1 ? DEFAULT_SETTINGS : effectiveSettings(path.slice(0, -1), overrides);
  const to = isActive ?? above.isActive;
  const state = (active: boolean) => (active ? "active" : "inactive");
  const preview = { objectPath: [...path], from: state(from), to: state(to) } as const;
  if (from === to) return { ...preview, changed: NOTHING };

  // What the object rules is what would be active if it alone were, and everything that overrides it were not.
  const beneath = (await store.listOverrides(key)).map(({ key: at, overrides: own }) => ({
    key: at,
    overrides: own.isActive === undefined ? {} : { isActive: false },
  }));
  const counts = await store.countInRanges(activeRanges(key, true, beneath));
  return { ...preview, changed: { databases: counts.get(2) ?? 0, schemas: counts.get(3) ?? 0, tables: counts.get(4) ?? 0 } };
}
