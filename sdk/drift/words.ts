import type { SettingChange } from "../model/settings";
import type { ColumnChange, HeldDatabase, SyncChange, SyncCounts } from "../model/sync-plan";

/*
 * The words of drift, wherever it is told: in previews, by the command, in a report.
 */

const VERBS: Readonly<Record<SyncChange["kind"], string>> = {
  new: "appeared",
  missing: "vanished",
  returned: "came back",
  changed: "changed",
};

/** One setting, recorded against observed. @param textOf how a value reads; as JSON by default */
export function settingText<Value>(
  name: string,
  recorded: Value | undefined,
  observed: Value | undefined,
  textOf: (value: Value) => string = JSON.stringify,
): string {
  const text = (value: Value | undefined) => (value === undefined ? "not set (inherited)" : textOf(value));
  return `${name}: recorded ${text(recorded)}, is ${text(observed)}`;
}

/** Who set it to what it is, where the engine knows; to be put behind it. */
export function whoText(change: SettingChange | undefined): string {
  return change === undefined ? "" : ` (changed by ${change.by} at ${change.at})`;
}

/**
 * What happened to an object on the platform.
 * @param path the object's, in text form, where it does not stand before the text.
 * @param beneath objects under it to which the same happened.
 */
export function changeText(change: SyncChange, { path, beneath = 0 }: { readonly path?: string; readonly beneath?: number } = {}): string {
  const { objectType, kind, state, columns = [], details = [] } = change;
  const what = [objectType, ...(path === undefined ? [] : [path]), VERBS[kind]].join(" ");
  const more = [
    ...(beneath > 0 ? [`with ${beneath} object${beneath === 1 ? "" : "s"} beneath`] : []),
    ...(state === undefined ? [] : [`starts ${state}`]),
    ...columns.map(columnText),
    ...details,
  ];
  return more.length === 0 ? what : `${what}: ${more.join("; ")}`;
}

/** A database of which so much vanished that a sync leaves it as it was. */
export function heldText({ missing, known }: Pick<HeldDatabase, "missing" | "known">): string {
  return `${missing} of ${known} known objects vanished, which lost grants look like; held back`;
}

/** Of a connection, behind its key. */
export const UNREGISTERED = "is not registered any more";

export function countsText(counts: SyncCounts): string {
  return (["new", "changed", "missing", "returned"] as const).map((kind) => `${counts[kind]} ${kind}`).join(", ");
}

function columnText({ kind, name, detail }: ColumnChange): string {
  return `column ${name} ${kind}${detail === undefined ? "" : ` (${detail})`}`;
}
