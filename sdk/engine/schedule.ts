import pLimit from "p-limit";
import { messageOf } from "../model/errors";
import type { Job, JobOutput, JobState } from "../model/job";
import type { ConnectionRow, JobRow, Store } from "../model/store";
import type { ObjectPath } from "../model/object-path";
import { fromPathKey, toPathKey } from "../model/path-key";
import type { Clock } from "./clock";

/** Every connection is synced this often; neither adjustable nor to be turned off (contract: object sync). */
export const SYNC_EVERY_MILLISECONDS = 24 * 3_600_000;
/** How long a schedule sleeps at most: connections come, and clocks are set. */
const LOOK_EVERY_MILLISECONDS = 60_000;
/** Connections synced side by side by default. */
const PARALLEL_SYNCS = 2;

/** What the ids of the schedule's own jobs start with. */
const SCHEDULED = "schedule:";
/** Looked at for each connection; more are left to the sync of the day. */
const HANDED_BACK_AT_ONCE = 100;

/** A sync to be run, as the job of that id. */
interface Due {
  readonly objectPath: ObjectPath;
  readonly jobId: string;
}

export interface ScheduleEvents {
  readonly onStart?: (connectionKey: string) => void;
  readonly onEnd?: (connectionKey: string, state: JobState, output: JobOutput | null) => void;
  /** A look that could not be taken (the store is in use, say); the next one is due in a minute. */
  readonly onError?: (error: unknown) => void;
}

export interface ScheduleParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Starts an object sync as a job of that id; undefined when there is such a job already. */
  readonly start: (objectPath: ObjectPath, jobId: string) => Promise<{ readonly bulkId: string } | undefined>;
  readonly ended: (bulkId: string) => Promise<readonly Job[]>;
  /** Whether a job was stopped, or its process died. */
  readonly wasCutOff: (job: JobRow) => boolean;
  /** Called when the schedule begins to be kept: from then on this process takes on what others started too. */
  readonly takeOn?: () => void;
  /** Connections synced side by side. */
  readonly parallelSyncs?: number;
}

export interface Schedule {
  /** Runs the syncs that are due now and waits for them. @returns how many there were. */
  runDue(events?: ScheduleEvents): Promise<number>;
  /** Keeps the schedule until the signal; a sync that runs then is left to whoever closes the engine. */
  keep(signal: AbortSignal, events?: ScheduleEvents): Promise<void>;
}

/**
 * The 24-hour schedule. The days of a connection are counted from its registration; the job of a day has an id made of the
 * connection and the day. So a day's sync runs once however many processes keep the schedule or start again, days that went by
 * while none did are made up by one sync, and a clock that is set back repeats nothing. One that was cut off is made up once.
 */
export function createSchedule({ store, clock, start, ended, wasCutOff, takeOn, parallelSyncs = PARALLEL_SYNCS }: ScheduleParts): Schedule {
  const limit = pLimit(parallelSyncs);
  const inHand = new Set<string>();
  return { runDue, keep };

  async function runDue(events: ScheduleEvents = {}): Promise<number> {
    const due = await dueSyncs();
    const ran = await Promise.all(
      due.map(async ({ objectPath, jobId }) => {
        inHand.add(jobId);
        return limit(() => runOne(objectPath, jobId, events)).finally(() => inHand.delete(jobId));
      }),
    );
    return ran.filter(Boolean).length;
  }

  async function keep(signal: AbortSignal, events: ScheduleEvents = {}): Promise<void> {
    takeOn?.();
    while (!signal.aborted) {
      // Not waited for: a sync may take longer than the next one's time to come.
      runDue(events).catch((error: unknown) => events.onError?.(error));
      await clock.sleep(LOOK_EVERY_MILLISECONDS, signal);
    }
  }

  async function runOne(objectPath: ObjectPath, jobId: string, events: ScheduleEvents): Promise<boolean> {
    const [connectionKey = ""] = objectPath;
    try {
      const started = await start(objectPath, jobId);
      if (started === undefined) return false;
      events.onStart?.(connectionKey);
      for (const { state, output } of await ended(started.bulkId)) events.onEnd?.(connectionKey, state, output);
    } catch (error) {
      // One connection's trouble is no reason to leave the others.
      events.onEnd?.(connectionKey, "failed", { error: messageOf(error) });
    }
    return true;
  }

  async function dueSyncs(): Promise<Due[]> {
    const now = clock.now().getTime();
    const rows = await connections();
    const today = rows.flatMap((row) => {
      const jobId = jobOfToday(row, now);
      return jobId === undefined ? [] : [{ objectPath: [row.connectionKey], attempts: [jobId, again(jobId)] }];
    });
    const jobs = new Map((await store.getJobsById(today.flatMap(({ attempts }) => attempts))).map((job) => [job.id, job]));
    const scheduled = today.flatMap(({ objectPath, attempts }) => {
      const jobId = attempts.find((id) => !jobs.has(id));
      const earlier = attempts.flatMap((id) => jobs.get(id) ?? []);
      return jobId !== undefined && earlier.every(wasCutOff) ? [{ objectPath, jobId }] : [];
    });
    const due = [...scheduled, ...(await handedBack(rows, now))];
    return due.filter(({ jobId }) => !inHand.has(jobId));
  }

  /** Syncs that a server stopped with itself. Those of the schedule are made up as its others are. */
  async function handedBack(rows: readonly ConnectionRow[], now: number): Promise<Due[]> {
    const from = new Date(now - SYNC_EVERY_MILLISECONDS).toISOString();
    const range = { jobType: "objectSync", state: "cancelled", from, to: undefined } as const;
    const stopped: Due[] = [];
    for (const { connectionKey, createdAt, lastSync } of rows) {
      const since = lastSync !== null && lastSync.at > createdAt ? lastSync.at : createdAt;
      const cancelled = await store.searchJobs({ ...range, key: toPathKey([connectionKey]) }, 0, HANDED_BACK_AT_ONCE);
      for (const { id, objectPath, output, endedAt } of cancelled) {
        if (output?.handedBack !== true || isOfSchedule(id) || (endedAt ?? "") < since) continue;
        stopped.push({ objectPath, jobId: again(id) });
      }
    }
    const ran = new Set((await store.getJobsById(stopped.map(({ jobId }) => jobId))).map(({ id }) => id));
    return stopped.filter(({ jobId }) => !ran.has(jobId));
  }

  async function connections(): Promise<ConnectionRow[]> {
    const all = { offset: 0, size: Number.MAX_SAFE_INTEGER, sortOrder: "asc", searchText: undefined } as const;
    const { rows } = await store.listChildren(undefined, all);
    const found = await Promise.all(rows.map(({ key }) => store.getConnection(fromPathKey(key)[0]!)));
    return found.filter((row) => row !== undefined);
  }
}

/** The id of the job that makes up for another, once. */
function again(jobId: string): string {
  return `${jobId}:again`;
}

function isOfSchedule(jobId: string): boolean {
  return jobId.startsWith(SCHEDULED);
}

/** Undefined on the day of the registration, which has its own sync. */
function jobOfToday({ connectionKey, createdAt }: ConnectionRow, now: number): string | undefined {
  const registered = Date.parse(createdAt);
  const day = Math.floor((now - registered) / SYNC_EVERY_MILLISECONDS);
  if (day < 1) return undefined;
  return `${SCHEDULED}${toPathKey([connectionKey])}:${new Date(registered + day * SYNC_EVERY_MILLISECONDS).toISOString()}`;
}
