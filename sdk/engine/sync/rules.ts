import type { Column } from "../../model/data-object";
import type { EffectiveSettings } from "../../model/settings";
import type { ColumnChange } from "../../model/sync-plan";

/** From this many known objects on, losing most of them is suspicious. */
const MASS_REMOVAL_MINIMUM = 20;

/**
 * The `isActive` override that a newly found object starts with; undefined where it inherits. Under a known parent the
 * parent's `activateNewChildren` decides; what a first sync finds, and what lies in a container that is new itself,
 * inherits.
 */
export function overrideOfNewObject(
  parent: Pick<EffectiveSettings, "isActive" | "activateNewChildren">,
  found: { firstSync: boolean; parentIsNew: boolean },
): boolean | undefined {
  if (found.firstSync || found.parentIsNew) return undefined;
  return parent.activateNewChildren === parent.isActive ? undefined : parent.activateNewChildren;
}

/** More than half of at least 20 known objects gone: lost grants look like that. */
export function isMassRemoval(known: number, missing: number): boolean {
  return known >= MASS_REMOVAL_MINIMUM && missing > known / 2;
}

/** How the columns of a table changed, in order of position: those there now first, then those removed. */
export function diffColumns(recorded: readonly Column[], observed: readonly Column[]): ColumnChange[] {
  const before = new Map(recorded.map((column) => [column.name, column]));
  const now = new Set(observed.map(({ name }) => name));
  const changes: ColumnChange[] = [];
  for (const column of observed) {
    const old = before.get(column.name);
    if (old === undefined) changes.push({ kind: "added", name: column.name });
    else {
      const details = columnDetails(old, column);
      if (details.length > 0) changes.push({ kind: "changed", name: column.name, detail: details.join(", ") });
    }
  }
  const removed = recorded.filter(({ name }) => !now.has(name));
  return [...changes, ...removed.map(({ name }): ColumnChange => ({ kind: "removed", name }))];
}

/** A position that only moved because of another column is not a change of this one. */
function columnDetails(old: Column, column: Column): string[] {
  const fields = ["type", "nullable", "comment"] as const;
  return fields
    .filter((field) => (old[field] ?? null) !== (column[field] ?? null))
    .map((field) => `${field}: ${String(old[field] ?? null)} -> ${String(column[field] ?? null)}`);
}
