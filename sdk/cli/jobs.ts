import type { ConnectionsApi } from "../model/connections-api";
import type { Job, JobState } from "../model/job";
import type { SyncCounts } from "../model/sync-plan";
import { formatObjectPath, parseObjectPath } from "../model/object-path";

const PAGE = 1_000;
const STATE_WIDTH = 10;

export interface JobsOptions {
  readonly state?: JobState;
  readonly since?: string;
  readonly limit: number;
}

/** Hands on the jobs of the history, newest first. */
export async function printJobs(
  api: ConnectionsApi,
  text: string | undefined,
  { state, since, limit }: JobsOptions,
  print: (job: Job) => void,
): Promise<void> {
  const filter = {
    ...(text !== undefined && { objectPath: parseObjectPath(text) }),
    ...(state !== undefined && { state }),
    ...(since !== undefined && { startDate: since }),
  };
  for (let offset: string | null = "0", left = limit; offset !== null && left > 0;) {
    const { jobs, next } = await api.searchJobs({ ...filter, offset: Number(offset), size: Math.min(left, PAGE) });
    jobs.forEach(print);
    left -= jobs.length;
    offset = next;
  }
}

/** A job as people read it. */
export function jobLine({ createdAt, endedAt, state, objectPath, requestedBy, output, progress }: Job): string {
  const seconds = endedAt === null ? undefined : Math.round((Date.parse(endedAt) - Date.parse(createdAt)) / 1_000);
  const parts = [
    createdAt,
    state.padEnd(STATE_WIDTH),
    formatObjectPath(objectPath),
    `by ${requestedBy}`,
    ...(seconds === undefined ? [] : [`in ${seconds} s`]),
    output?.error ?? (output?.plan && counts(output.plan.counts)) ?? `${progress.objects} objects read`,
  ];
  return parts.join("  ");
}

function counts(of: SyncCounts): string {
  const kinds = Object.entries(of).filter(([, count]) => count > 0);
  return kinds.map(([kind, count]) => `${count} ${kind}`).join(", ");
}
