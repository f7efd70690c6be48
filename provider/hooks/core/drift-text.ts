import { changeText, countsText, heldText } from "../../../sdk/drift/words";
import { formatObjectPath } from "../../../sdk/model/object-path";
import { isWithin, toPathKey } from "../../../sdk/model/path-key";
import { changeCount, type SyncChange, type SyncPlan } from "../../../sdk/model/sync-plan";

/** Lines of drift shown for one resource; the rest is counted. */
export const SHOWN = 20;

/** What the platform shows and the connection has not recorded, a line each; whole schemas and databases in one. */
export function platformDrift(plan: SyncPlan): string[] {
  const lines = rollUp(plan.changes).map(({ change, beneath }) =>
    changeText(change, { path: formatObjectPath(change.objectPath), beneath }),
  );
  const shown = lines.slice(0, SHOWN);
  const total = changeCount(plan.counts);
  if (lines.length > SHOWN || plan.changes.length < total) {
    const command = `connections sync ${formatObjectPath(plan.objectPath)} --dry-run`;
    shown.push(`${total} changes on the platform in all (${countsText(plan.counts)}); \`${command}\` lists them`);
  }
  for (const held of plan.held) {
    shown.push(`${formatObjectPath(held.objectPath)}: ${heldText(held)}. Check the grants, or set allowMassRemoval`);
  }
  return shown;
}

/** The first lines, and where the rest can be read. */
export function shortened(lines: readonly string[], total: number, what: string, command: string): string[] {
  const shown = lines.slice(0, SHOWN);
  return total > shown.length ? [...shown, `${total} ${what} in all; ${command} lists them`] : shown;
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
