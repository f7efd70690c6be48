import { formatObjectPath } from "../model/object-path";
import { changeCount, skippedLines, type SyncPlan } from "../model/sync-plan";

const MARKS = { new: "+", missing: "-", changed: "~", returned: "+" } as const;

/** A sync plan as people read it: a line for each change, then the counts. */
export function planLines(plan: SyncPlan, isDryRun: boolean): string[] {
  const changes = plan.changes.map(({ kind, objectPath, objectType, state, columns = [], details = [] }) => {
    const parts = [
      ...(state === undefined ? [] : [`starts ${state}`]),
      ...columns.map(({ kind: what, name, detail }) => `column ${name} ${what}${detail === undefined ? "" : ` (${detail})`}`),
      ...details,
    ];
    return `${MARKS[kind]} ${kind} ${objectType} ${formatObjectPath(objectPath)}${parts.length === 0 ? "" : `: ${parts.join("; ")}`}`;
  });
  const total = changeCount(plan.counts);
  const more = total > plan.changes.length ? [`... and ${total - plan.changes.length} more`] : [];
  const { counts } = plan;
  const verb = isDryRun ? "would be " : "";
  const summary =
    `${formatObjectPath(plan.objectPath)}: ${counts.new} ${verb}new, ${counts.changed} ${verb}changed, ` +
    `${counts.missing} ${verb}missing, ${counts.returned} ${verb}returned, ${counts.unchanged} unchanged`;
  return [...changes, ...more, ...skippedLines(plan), summary];
}
