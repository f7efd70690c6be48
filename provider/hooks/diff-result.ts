import { sameValue } from "./core/equal";
import type { Properties, ResourceKind } from "./core/resource-kind";

/**
 * The two answers that reach the engine as meant. `changes: undefined` leaves the comparison to the engine, which then
 * shows each property; `true` would not, and `replaces` without `undefined` would be lost. The natural keys are unique,
 * so a replacement deletes first.
 */
export type DiffResult =
  { readonly changes: false } | { readonly changes: undefined; readonly replaces: string[]; readonly deleteBeforeReplace: true };

/** A drift note that is there asks for an update; one that is gone is no change. */
export function diffResult(kind: ResourceKind, recorded: Properties, inputs: Properties): DiffResult {
  const isChanged =
    (inputs["drift"] as unknown[] | undefined)?.length || kind.inputNames.some((name) => !sameValue(recorded[name], inputs[name]));
  if (!isChanged) return { changes: false };
  const replaces = kind.replaceNames.filter((name) => !sameValue(kind.replaceValue(name, recorded), kind.replaceValue(name, inputs)));
  return { changes: undefined, replaces, deleteBeforeReplace: true };
}
