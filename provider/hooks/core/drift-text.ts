import type { SettingChange } from "../../../sdk/model/connections-api";
import { formatObjectPath } from "../../../sdk/model/object-path";
import { isWithin, toPathKey } from "../../../sdk/model/path-key";
import { changeCount, type ColumnChange, type SyncChange, type SyncPlan } from "../../../sdk/model/sync-plan";

/** Lines of drift shown for one resource; the rest is counted. */
export const SHOWN = 20;

const VERBS: Readonly<Record<SyncChange["kind"], string>> = {
  new: "appeared",
  missing: "vanished",
  returned: "came back",
  changed: "changed",
};

/** What the platform shows and the connection has not recorded, a line each; whole schemas and databases in one. */
export function platformDrift(plan: SyncPlan): string[] {
  const lines = rollUp(plan.changes).map(({ change, beneath }) => describe(change, beneath));
  const shown = lines.slice(0, SHOWN);
  const total = changeCount(plan.counts);
  if (lines.length > SHOWN || plan.changes.length < total) {
    const command = `connections sync ${formatObjectPath(plan.objectPath)} --dry-run`;
    shown.push(`${total} changes on the platform in all (${countsText(plan)}); \`${command}\` lists them`);
  }
  for (const { objectPath, known, missing } of plan.held) {
    shown.push(
      `${formatObjectPath(objectPath)}: ${missing} of ${known} known objects vanished, which lost grants look like; held back. ` +
        "Check the grants, or set allowMassRemoval",
    );
  }
  return shown;
}

/** The first lines, and where the rest can be read. */
export function shortened(lines: readonly string[], total: number, what: string, command: string): string[] {
  const shown = lines.slice(0, SHOWN);
  return total > shown.length ? [...shown, `${total} ${what} in all; ${command} lists them`] : shown;
}

/** One setting, recorded against observed. */
export function settingDrift(name: string, recorded: unknown, observed: unknown): string {
  return `${name}: recorded ${text(recorded)}, is ${text(observed)}`;
}

/** Who set it to what it is, where the engine knows. */
export function whoText(change: SettingChange | undefined): string {
  return change === undefined ? "" : ` (changed by ${change.by} at ${change.at})`;
}

function text(value: unknown): string {
  return value === undefined ? "not set (inherited)" : JSON.stringify(value);
}

function rollUp(changes: readonly SyncChange[]): { change: SyncChange; beneath: number }[] {
  const rolled: { change: SyncChange; beneath: number; key: string }[] = [];
  for (const change of changes) {
    const key = toPathKey(change.objectPath);
    const last = rolled[rolled.length - 1];
    // Changes come in order of the path: what lies beneath the last one follows it directly.
    if (last !== undefined && last.change.kind === change.kind && change.kind !== "changed" && isWithin(key, last.key)) last.beneath++;
    else rolled.push({ change, beneath: 0, key });
  }
  return rolled;
}

function describe(change: SyncChange, beneath: number): string {
  const what = `${change.objectType} ${formatObjectPath(change.objectPath)} ${VERBS[change.kind]}`;
  const details = [
    ...(beneath > 0 ? [`with ${beneath} object${beneath === 1 ? "" : "s"} beneath`] : []),
    ...(change.state === undefined ? [] : [`starts ${change.state}`]),
    ...(change.columns ?? []).map(describeColumn),
    ...(change.details ?? []),
  ];
  return details.length === 0 ? what : `${what}: ${details.join("; ")}`;
}

function describeColumn({ kind, name, detail }: ColumnChange): string {
  return `column ${name} ${kind}${detail === undefined ? "" : ` (${detail})`}`;
}

function countsText({ counts }: SyncPlan): string {
  return (["new", "changed", "missing", "returned"] as const).map((kind) => `${counts[kind]} ${kind}`).join(", ");
}
