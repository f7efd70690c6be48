import pLimit from "p-limit";
import { messageOf } from "../model/errors";
import type { Job, JobOutput, JobState } from "../model/job";
import type { ConnectionRow, JobRow, Store } from "../model/store";
import { fromPathKey, toPathKey } from "../model/path-key";
import type { Clock } from "./clock";

/** Every connection is synced this often; neither adjustable nor to be turned off (contract: object sync). */
export const SYNC_EVERY_MILLISECONDS = 24 * 3_600_000;
/** How long a schedule sleeps at most: connections come, and clocks are set. */
const LOOK_EVERY_MILLISECONDS = 60_000;
/** Connections synced side by side. */
const PARALLEL_SYNCS = 2;

export interface ScheduleEvents {
  readonly onStart?: (connectionKey: string) => void;
  readonly onEnd?: (connectionKey: string, state: JobState, output: JobOutput | null) => void;
  /** A look that could not be taken (the store is in use, say); the next one is due in a minute. */
  readonly onError?: (error: unknown) => void;
}

export interface ScheduleParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Starts the object sync of a connection as a job of that id; undefined when there is such a job already. */
  readonly start: (connectionKey: string, jobId: string) => Promise<{ readonly bulkId: string } | undefined>;
  readonly ended: (bulkId: string) => Promise<readonly Job[]>;
  /** Whether a job was stopped, or its process died. */
  readonly wasCutOff: (job: JobRow) => boolean;
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
export function createSchedule({ store, clock, start, ended, wasCutOff }: ScheduleParts): Schedule {
  const limit = pLimit(PARALLEL_SYNCS);
  const inHand = new Set<string>();
  return { runDue, keep };

  async function runDue(events: ScheduleEvents = {}): Promise<number> {
    const due = await dueSyncs();
    const ran = await Promise.all(
      due.map(async ({ connectionKey, jobId }) => {
        inHand.add(jobId);
        return limit(() => runOne(connectionKey, jobId, events)).finally(() => inHand.delete(jobId));
      }),
    );
    return ran.filter(Boolean).length;
  }

  async function keep(signal: AbortSignal, events: ScheduleEvents = {}): Promise<void> {
    while (!signal.aborted) {
      // Not waited for: a sync may take longer than the next one's time to come.
      runDue(events).catch((error: unknown) => events.onError?.(error));
      await clock.sleep(LOOK_EVERY_MILLISECONDS, signal);
    }
  }

  async function runOne(connectionKey: string, jobId: string, events: ScheduleEvents): Promise<boolean> {
    try {
      const started = await start(connectionKey, jobId);
      if (started === undefined) return false;
      events.onStart?.(connectionKey);
      for (const { state, output } of await ended(started.bulkId)) events.onEnd?.(connectionKey, state, output);
    } catch (error) {
      // One connection's trouble is no reason to leave the others.
      events.onEnd?.(connectionKey, "failed", { error: messageOf(error) });
    }
    return true;
  }

  async function dueSyncs(): Promise<{ connectionKey: string; jobId: string }[]> {
    const now = clock.now().getTime();
    const today = (await connections()).flatMap((row) => {
      const jobId = jobOfToday(row, now);
      return jobId === undefined ? [] : [{ connectionKey: row.connectionKey, attempts: [jobId, `${jobId}:again`] }];
    });
    const jobs = new Map((await store.getJobsById(today.flatMap(({ attempts }) => attempts))).map((job) => [job.id, job]));
    return today.flatMap(({ connectionKey, attempts }) => {
      const jobId = attempts.find((id) => !jobs.has(id));
      const earlier = attempts.flatMap((id) => jobs.get(id) ?? []);
      return jobId !== undefined && earlier.every(wasCutOff) && !inHand.has(jobId) ? [{ connectionKey, jobId }] : [];
    });
  }

  async function connections(): Promise<ConnectionRow[]> {
    const all = { offset: 0, size: Number.MAX_SAFE_INTEGER, sortOrder: "asc", searchText: undefined } as const;
    const { rows } = await store.listChildren(undefined, all);
    const found = await Promise.all(rows.map(({ key }) => store.getConnection(fromPathKey(key)[0]!)));
    return found.filter((row) => row !== undefined);
  }
}

/** Undefined on the day of the registration, which has its own sync. */
function jobOfToday({ connectionKey, createdAt }: ConnectionRow, now: number): string | undefined {
  const registered = Date.parse(createdAt);
  const day = Math.floor((now - registered) / SYNC_EVERY_MILLISECONDS);
  if (day < 1) return undefined;
  return `schedule:${toPathKey([connectionKey])}:${new Date(registered + day * SYNC_EVERY_MILLISECONDS).toISOString()}`;
}
