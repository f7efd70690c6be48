import type { FeedResult } from "./activity";
import type { SyncPlan } from "./sync-plan";
import type { UpgradeResult } from "./upgrade";

/** Job states of the contract; the last four are final. */
export const JOB_STATES = ["created", "active", "retry", "completed", "failed", "expired", "cancelled"] as const;
export type JobState = (typeof JOB_STATES)[number];

export const JOB_TYPES = ["objectSync", "upgrade", "deregistration"] as const;
export type JobType = (typeof JOB_TYPES)[number];

export interface JobProgress {
  /** Objects read from the platform so far. */
  readonly objects: number;
  readonly databasesDone: number;
  readonly databasesTotal: number;
  /** What the platform is waited for, in words; left out while it is not. */
  readonly waitingFor?: string;
  /** Of an upgrade: data sources that were looked at, of those that are left. */
  readonly dataSourcesDone?: number;
  readonly dataSourcesTotal?: number;
}

/** One object sync, upgrade or deregistration of a connection, with its outcome (contract: jobs). Times are ISO-8601 UTC. */
export interface Job {
  readonly id: string;
  readonly bulkId: string;
  readonly jobType: JobType;
  readonly state: JobState;
  readonly objectPath: readonly string[];
  /** `schedule`, or who asked for it. */
  readonly requestedBy: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly progress: JobProgress;
  /** Set when the job has ended. */
  readonly output: JobOutput | null;
}

export interface JobOutput {
  readonly plan?: SyncPlan;
  /** Of a whole connection's sync: the feeds that are switched on. */
  readonly feeds?: readonly FeedResult[];
  /** Of an upgrade. */
  readonly upgrade?: UpgradeResult;
  /** Of a deregistration: how many objects beneath the connection went with it. */
  readonly childCount?: number;
  readonly error?: string;
  /** The process that ran the job died before it was done, or could not write how it ended. */
  readonly interrupted?: true;
  /** It was stopped with the server that ran it; whoever keeps the schedule next runs it again. */
  readonly handedBack?: true;
}

/** The output of a job that runs no more, but did not record how it ended. */
export const INTERRUPTED: JobOutput = {
  error: "interrupted: its process is gone, or could not write how it ended; run the sync again",
  interrupted: true,
};

/** Filters of the history; all of them apply. */
export interface JobFilter {
  readonly jobType?: JobType;
  readonly state?: JobState;
  /** Jobs made at or after this time, ISO-8601 (a date alone: from its start, UTC). */
  readonly startDate?: string;
  /** Jobs made at or before this time, ISO-8601 (a date alone: until its end, UTC). */
  readonly endDate?: string;
  /** Jobs at and beneath this object. */
  readonly objectPath?: readonly string[];
}

export interface JobSearch extends JobFilter {
  /** Jobs to skip; default 0. */
  readonly offset?: number;
  /** Jobs to return, 1 to 1,000; default 25. */
  readonly size?: number;
}

/** A part of the history, newest first; `next` is the `offset` that continues it, null at its end. */
export interface JobPage {
  readonly jobs: readonly Job[];
  readonly next: string | null;
}

/** How many jobs of each type are in each state; what there is none of is left out. */
export type JobSummary = { readonly [type in JobType]?: { readonly [state in JobState]?: number } };

export interface JobStatusQuery {
  readonly jobIds: readonly string[];
  /** How many seconds to wait for all of them to end; default 0, -1 waits for ever. */
  readonly wait?: number;
  /** Seconds between two looks, at least 1; default 1. */
  readonly pollInterval?: number;
  /** Ends the wait: the states are then as they are. */
  readonly signal?: AbortSignal;
}

export type JobStatus = Pick<Job, "id" | "state" | "output">;

export function isFinal(state: JobState): boolean {
  return state === "completed" || state === "failed" || state === "expired" || state === "cancelled";
}
