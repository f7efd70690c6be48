import type { SyncChange, SyncPlan } from "../../sdk/model/sync-plan";
import { number } from "../words";
import { Empty, Failure } from "./notice";

const KINDS = ["new", "returned", "changed", "missing"] as const;

/** What a sync would change, or has. */
export function PlanView({ plan, title }: { readonly plan: SyncPlan; readonly title: string }) {
  const changes = KINDS.filter((kind) => plan.counts[kind] > 0);
  const total = changes.reduce((sum, kind) => sum + plan.counts[kind], 0);
  return (
    <section class="plan" aria-label={title}>
      <h2>{title}</h2>
      <p>
        {total === 0 ? "Nothing" : changes.map((kind) => `${number(plan.counts[kind])} ${kind}`).join(", ")};{" "}
        {number(plan.counts.unchanged)} unchanged
      </p>
      {plan.failed.map(({ message }) => (
        <Failure key={message} error={new Error(message)} />
      ))}
      {plan.changes.length > 0 && (
        <ul class="changes" tabIndex={0} aria-label="Changes">
          {plan.changes.map((change) => (
            <li key={change.objectPath.join("/")}>
              <span class={`chip ${change.kind}`}>{change.kind}</span> {change.objectType} {change.objectPath.slice(1).join(" / ")}
              <span class="quiet">{detailText(change)}</span>
            </li>
          ))}
        </ul>
      )}
      {total > plan.changes.length && <Empty>The first {number(plan.changes.length)} are listed; the counts are complete.</Empty>}
    </section>
  );
}

function detailText({ state, columns = [], details = [] }: SyncChange): string {
  const parts = [
    ...(state === undefined ? [] : [`starts ${state}`]),
    ...details,
    ...columns.map(({ name, kind, detail }) => `${name} ${detail ?? kind}`),
  ];
  return parts.length === 0 ? "" : ` ${parts.join("; ")}`;
}
