import type { DataObject } from "../../sdk/model/data-object";
import { isFinal, type Job } from "../job";
import { useConnection, useLastJob } from "../queries";
import { fromNow, nextSync, time } from "../words";

export type Health = "healthy" | "failing" | "held" | "syncing" | "unknown";

export function healthOf(job: Job | undefined): Health {
  if (job === undefined) return "unknown";
  if (!isFinal(job.state)) return "syncing";
  if (job.state !== "completed") return "failing";
  return (job.output?.plan?.held.length ?? 0) > 0 ? "held" : "healthy";
}

export const HEALTH_WORDS: Readonly<Record<Health, string>> = {
  healthy: "healthy",
  failing: "last sync failed",
  held: "changes held back",
  syncing: "syncing",
  unknown: "no sync known",
};

/** How a connection is, what it is, and when it was and will be synced. */
export function ConnectionHealth({ object }: { readonly object: DataObject }) {
  const connectionKey = object.objectPath[0] ?? "";
  const job = useLastJob(connectionKey).data?.jobs[0];
  const details = useConnection(connectionKey).data;
  const health = healthOf(job);
  const last = details?.lastSync?.at;
  return (
    <span class="health">
      <span class={`dot ${health}`} title={HEALTH_WORDS[health]} />
      <span class="visually-hidden">{HEALTH_WORDS[health]}</span>
      <span class="quiet">
        {object.technology}
        {last !== undefined && <span title={time(last)}>{`, synced ${fromNow(last)}`}</span>}
        {details !== undefined && (
          <span class="wide" title={time(nextSync(details.createdAt))}>{`, next ${fromNow(nextSync(details.createdAt))}`}</span>
        )}
      </span>
    </span>
  );
}
