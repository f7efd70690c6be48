import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { WaitOptions } from "../model/connections-api";
import { ConnectionsError, NotFoundError, messageOf } from "../model/errors";
import { isFinal, type Job, type JobOutput, type JobProgress } from "../model/job";
import { formatObjectPath, type ObjectPath } from "../model/object-path";
import type { JobRow, Store } from "../model/store";
import type { Clock } from "./clock";

const HEARTBEAT_MILLISECONDS = 5_000;
const PROGRESS_MILLISECONDS = 1_000;
const POLL_MILLISECONDS = 200;
/** A process of another host counts as gone after this long without a sign of life. */
const SILENCE_MILLISECONDS = 60_000;
/** On the same host a process id tells; but ids are used again. */
const LOCAL_SILENCE_MILLISECONDS = 15 * 60_000;
const DEFAULT_WAIT_SECONDS = 3_600;
/** How long a job waits for another of the same connection to end. */
const TURN_SECONDS = 3_600;

/** What a job does: reports progress, stops at the signal, returns its output. A failure is its output's `error`. */
export type JobWork = (report: (progress: JobProgress) => void, signal: AbortSignal) => Promise<JobOutput>;

interface Running {
  readonly bulkId: string;
  readonly joinKey: string;
  readonly ended: Promise<void>;
  readonly listeners: Set<(progress: JobProgress) => void>;
}

/**
 * Runs jobs one at a time for each connection, also across processes that share the store. A job asked for again while
 * the same one is queued or runs here is joined.
 */
export class JobRunner {
  readonly #running = new Map<string, Running>();
  readonly #stop = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  async start(objectPath: ObjectPath, variant: string, work: JobWork): Promise<{ bulkId: string }> {
    const joinKey = `${formatObjectPath(objectPath)} ${variant}`;
    for (const running of this.#running.values()) if (running.joinKey === joinKey) return { bulkId: running.bulkId };

    const at = this.#now();
    const job: JobRow = {
      id: randomUUID(),
      bulkId: randomUUID(),
      jobType: "objectSync",
      state: "created",
      objectPath: [...objectPath],
      createdAt: at,
      endedAt: null,
      progress: { objects: 0, databasesDone: 0, databasesTotal: 0 },
      output: null,
      owner: { host: hostname(), pid: process.pid },
      heartbeatAt: at,
    };
    const listeners = new Set<(progress: JobProgress) => void>();
    const ended = this.store.insertJob(job).then(() => this.#run(job, work, listeners));
    this.#running.set(job.bulkId, { bulkId: job.bulkId, joinKey, ended, listeners });
    // Whoever waits sees the failure; without a waiter it stands in the store.
    ended.catch(() => undefined).finally(() => this.#running.delete(job.bulkId));
    return { bulkId: job.bulkId };
  }

  async get(bulkId: string): Promise<Job[]> {
    const rows = await this.store.getJobs(bulkId);
    return rows.map(({ owner: _owner, heartbeatAt: _heartbeatAt, ...job }) => job);
  }

  async wait(bulkId: string, options: WaitOptions = {}): Promise<Job[]> {
    const deadline = AbortSignal.timeout((options.timeoutSeconds ?? DEFAULT_WAIT_SECONDS) * 1_000);
    const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
    const running = this.#running.get(bulkId);
    if (running !== undefined) {
      if (options.onProgress) running.listeners.add(options.onProgress);
      await Promise.race([running.ended, aborted(signal)]);
      return this.get(bulkId);
    }
    for (;;) {
      const jobs = await this.get(bulkId);
      if (jobs.length === 0) throw new NotFoundError(`bulkId: there is no job of bulk operation ${bulkId}`, { field: "bulkId" });
      if (jobs.every(({ state }) => isFinal(state))) return jobs;
      for (const { progress } of jobs) options.onProgress?.(progress);
      await delay(POLL_MILLISECONDS, undefined, { signal });
    }
  }

  /** Stops what runs and waits for it to end. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([...this.#running.values()].map(({ ended }) => ended));
  }

  async #run(job: JobRow, work: JobWork, listeners: ReadonlySet<(progress: JobProgress) => void>): Promise<void> {
    const refusal = await this.#takeTurn(job);
    if (refusal !== undefined) {
      const at = this.#now();
      await this.store.updateJob(job.id, { state: "cancelled", output: { error: refusal }, endedAt: at, heartbeatAt: at });
      return;
    }
    let progress = job.progress;
    let written = 0;
    let writing: Promise<void> = Promise.resolve();
    const heartbeat = () => {
      written = Date.now();
      writing = writing.then(() => this.store.updateJob(job.id, { progress, heartbeatAt: this.#now() }));
      // A sign of life that cannot be written is no reason to stop; the final state is written with its errors seen.
      writing.catch(() => undefined);
    };
    const timer = setInterval(heartbeat, HEARTBEAT_MILLISECONDS);
    timer.unref();
    const output = await work((next) => {
      progress = next;
      for (const listener of listeners) listener(next);
      if (Date.now() - written >= PROGRESS_MILLISECONDS) heartbeat();
    }, this.#stop.signal).catch((error: unknown): JobOutput => ({ error: describeFailure(error) }));
    clearInterval(timer);
    await writing.catch(() => undefined);
    const at = this.#now();
    const state = output.error === undefined ? "completed" : "failed";
    await this.store.updateJob(job.id, { state, progress, output, endedAt: at, heartbeatAt: at });
  }

  /** Waits until no other job of the connection is active. @returns why not, when it does not come to that. */
  async #takeTurn(job: JobRow): Promise<string | undefined> {
    const deadline = Date.now() + TURN_SECONDS * 1_000;
    for (;;) {
      const other = await this.store.activateJob(job, this.#now(), (active) => this.#isAlive(active));
      if (other === undefined) return undefined;
      if (this.#stop.signal.aborted) return "stopped before its turn came; run the sync again";
      if (Date.now() > deadline) {
        return `the sync of ${formatObjectPath(other.objectPath)} by process ${other.owner.pid} on ${other.owner.host} did not end within an hour; try again later`;
      }
      await delay(POLL_MILLISECONDS);
    }
  }

  #isAlive(other: JobRow): boolean {
    const silence = this.clock.now().getTime() - Date.parse(other.heartbeatAt);
    if (other.owner.host !== hostname()) return silence < SILENCE_MILLISECONDS;
    return silence < LOCAL_SILENCE_MILLISECONDS && processExists(other.owner.pid);
  }

  #now(): string {
    return this.clock.now().toISOString();
  }
}

/** Only our own errors are written for people; of others the kind and the message. */
function describeFailure(error: unknown): string {
  if (error instanceof ConnectionsError) return error.message;
  const isAbort = (error as { name?: unknown } | undefined)?.name === "AbortError";
  return isAbort ? "stopped before it was done; run the sync again" : messageOf(error);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
