import type { SyncPlan } from "./sync-plan";

/** Job states of the contract; the last four are final. */
export type JobState = "created" | "active" | "retry" | "completed" | "failed" | "expired" | "cancelled";

export interface JobProgress {
  /** Objects read from the platform so far. */
  readonly objects: number;
  readonly databasesDone: number;
  readonly databasesTotal: number;
}

/** One object sync with its outcome (contract: jobs). Times are ISO-8601 UTC. */
export interface Job {
  readonly id: string;
  readonly bulkId: string;
  readonly jobType: "objectSync";
  readonly state: JobState;
  readonly objectPath: readonly string[];
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly progress: JobProgress;
  /** Set when the job has ended. */
  readonly output: JobOutput | null;
}

export interface JobOutput {
  readonly plan?: SyncPlan;
  readonly error?: string;
}

/** The error of a job that runs no more, but did not record how it ended. */
export const INTERRUPTED = "interrupted: its process is gone, or could not write how it ended; run the sync again";

export function isFinal(state: JobState): boolean {
  return state === "completed" || state === "failed" || state === "expired" || state === "cancelled";
}
