import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { WaitOptions } from "../model/connections-api";
import { ConnectionsError, NotFoundError, isPassing, messageOf } from "../model/errors";
import { INTERRUPTED, isFinal, type Job, type JobOutput, type JobProgress, type JobType } from "../model/job";
import { formatObjectPath, type ObjectPath } from "../model/object-path";
import type { JobRow, Store } from "../model/store";
import type { TaskRun } from "../model/work-queue";
import type { Clock } from "./clock";
import { QUEUED, Liveness, isQueued } from "./liveness";

const HEARTBEAT_MILLISECONDS = 5_000;
const PROGRESS_MILLISECONDS = 1_000;
const POLL_MILLISECONDS = 200;
/** Jobs that ended longer ago leave the history. */
const HISTORY_MILLISECONDS = 90 * 24 * 3_600_000;
const DEFAULT_WAIT_SECONDS = 3_600;
const LONGEST_POLL_MILLISECONDS = 1_000;
/** A task may be taken on before its job is written. */
const APPEARS_MILLISECONDS = 5_000;
/** How long a job waits for another of the same connection to end. */
const TURN_SECONDS = 3_600;

/** What is asked for. */
export interface JobRequest {
  readonly objectPath: ObjectPath;
  /** Requests of the same path and variant join the job that is queued or runs here. */
  readonly variant: string;
  readonly requestedBy: string;
  /** Default: an object sync. */
  readonly jobType?: JobType;
  /** Default: a new one. */
  readonly id?: string | undefined;
}

/** What a job does: reports progress, stops at the signal, returns its output. A failure is its output's `error`. */
export type JobWork = (report: (progress: JobProgress) => void, signal: AbortSignal) => Promise<JobOutput>;

export interface QueuedWork {
  readonly enqueue: (jobId: string) => Promise<void>;
}

interface RunOptions {
  readonly signal: AbortSignal;
  /** Whether a failure is no end of the job, but for another attempt. */
  readonly handsOn: (error: unknown) => boolean;
}

interface Running {
  readonly inserted: Promise<boolean>;
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
  #handsBack = false;
  readonly #liveness: Liveness;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.#liveness = new Liveness(clock);
  }

  /**
   * @param release called when the job has ended, also when its work was not needed or never got its turn.
   * @returns undefined when there is a job of the requested id already.
   */
  async start(request: JobRequest & { id: string }, work: JobWork): Promise<{ bulkId: string } | undefined>;
  async start(request: JobRequest & { id?: undefined }, work: JobWork, release?: () => Promise<void>): Promise<{ bulkId: string }>;
  /** @param work puts the job of that id into a queue, out of which `runQueued` runs it, here or in another process. */
  async start(request: JobRequest, work: QueuedWork): Promise<{ bulkId: string } | undefined>;
  async start(
    { objectPath, variant, requestedBy, jobType = "objectSync", id }: JobRequest,
    work: JobWork | QueuedWork,
    release: () => Promise<void> = () => Promise.resolve(),
  ): Promise<{ bulkId: string } | undefined> {
    const joinKey = id ?? `${jobType} ${formatObjectPath(objectPath)} ${variant}`;
    for (const running of this.#running.values()) {
      if (running.joinKey !== joinKey) continue;
      await Promise.all([running.inserted, release()]);
      return { bulkId: running.bulkId };
    }

    const at = this.#now();
    const job: JobRow = {
      id: id ?? randomUUID(),
      bulkId: randomUUID(),
      jobType,
      state: "created",
      objectPath: [...objectPath],
      requestedBy,
      createdAt: at,
      endedAt: null,
      progress: { objects: 0, databasesDone: 0, databasesTotal: 0 },
      output: null,
      owner: typeof work === "function" ? { host: hostname(), pid: process.pid } : QUEUED,
      heartbeatAt: at,
    };
    const listeners = new Set<(progress: JobProgress) => void>();
    const life = this.#liveness.begin(job.id);
    const inserted = typeof work === "function" ? this.store.insertJob(job) : work.enqueue(job.id).then(() => this.store.insertJob(job));
    const ended = inserted
      .then((isNew) => {
        if (!isNew) return undefined;
        return typeof work === "function" ? this.#run(job, work, listeners) : this.#untilFinal(job.bulkId, listeners);
      })
      .finally(() => {
        life.end();
        return release();
      });
    this.#running.set(job.bulkId, { inserted, bulkId: job.bulkId, joinKey, ended, listeners });
    // Whoever waits sees the failure; whoever comes later sees that the job was interrupted.
    ended.catch(() => undefined).finally(() => this.#running.delete(job.bulkId));
    if (!(await inserted)) return undefined;
    return { bulkId: job.bulkId };
  }

  /**
   * Runs a job out of the queue, to its end unless the signal comes before. One that has ended is left alone.
   * @throws when it has to be taken on again.
   */
  async runQueued(id: string, work: JobWork, { signal, isLastAttempt }: Pick<TaskRun, "signal" | "isLastAttempt">): Promise<void> {
    const job = await this.#appears(id, signal);
    if (job === undefined || isFinal(job.state)) return;
    const handsOn = (error: unknown) => signal.aborted || (isPassing(error) && !isLastAttempt);
    await this.#run(job, work, new Set(), { signal, handsOn });
  }

  get(bulkId: string): Promise<Job[]> {
    return this.show(() => this.store.getJobs(bulkId));
  }

  /** Jobs as a read shows them: without what only their processes need, and as failed where their process died. */
  async show(read: () => Promise<JobRow[]>): Promise<Job[]> {
    let rows = await read();
    // One that seems to be gone may have ended just now.
    if (rows.some((row) => this.#isInterrupted(row))) rows = await read();
    return rows.map(({ owner, heartbeatAt, ...job }) =>
      this.#isInterrupted({ ...job, owner, heartbeatAt }) ? { ...job, state: "failed", endedAt: heartbeatAt, output: INTERRUPTED } : job,
    );
  }

  /** Waits for a job that was started here, however long it takes. */
  async ended(bulkId: string): Promise<Job[]> {
    await this.#running.get(bulkId)?.ended;
    return this.get(bulkId);
  }

  /** A job that ended, or has to be seen as ended, through no fault of the platform: it was stopped, or its process died. */
  wasCutOff(job: JobRow): boolean {
    if (isFinal(job.state)) return job.state === "cancelled" || job.output?.interrupted === true;
    return this.#isInterrupted(job);
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

  /** Stops what runs and waits for it to end. @param handBack whether it is to be run again by whoever keeps the schedule next. */
  async close(handBack = false): Promise<void> {
    this.#handsBack = handBack;
    this.#stop.abort();
    await Promise.allSettled([...this.#running.values()].map(({ ended }) => ended));
  }

  async #run(
    job: JobRow,
    work: JobWork,
    listeners: ReadonlySet<(progress: JobProgress) => void>,
    { signal, handsOn }: RunOptions = { signal: this.#stop.signal, handsOn: () => false },
  ): Promise<void> {
    const refusal = await this.#takeTurn(job, signal);
    if (refusal !== undefined && handsOn(undefined)) throw new Error(refusal);
    if (refusal !== undefined) {
      const at = this.#now();
      const output = { error: refusal, ...this.#handedBack() };
      await this.store.updateJob(job.id, { state: "cancelled", output, endedAt: at, heartbeatAt: at });
      return;
    }
    let progress = job.progress;
    let written = 0;
    let writing: Promise<void> = Promise.resolve();
    const heartbeat = () => {
      written = this.clock.elapsed();
      writing = writing.then(() => this.store.updateJob(job.id, { progress, heartbeatAt: this.#now() }));
      // A sign of life that cannot be written is no reason to stop; the final state is written with its errors seen.
      writing.catch(() => undefined);
    };
    const timer = setInterval(heartbeat, HEARTBEAT_MILLISECONDS);
    timer.unref();
    const report = (next: JobProgress) => {
      progress = next;
      for (const listener of listeners) listener(next);
      if (this.clock.elapsed() - written >= PROGRESS_MILLISECONDS) heartbeat();
    };
    let output: JobOutput;
    try {
      output = await work(report, signal);
    } catch (error) {
      if (handsOn(error)) throw error;
      output = { error: describeFailure(error) };
    } finally {
      clearInterval(timer);
      await writing.catch(() => undefined);
    }
    const at = this.#now();
    const state = output.error === undefined ? "completed" : signal.aborted ? "cancelled" : "failed";
    const outcome = state === "cancelled" ? { ...output, ...this.#handedBack() } : output;
    await this.store.updateJob(job.id, { state, progress, output: outcome, endedAt: at, heartbeatAt: at });
    await this.store.deleteJobsBefore(new Date(this.clock.now().getTime() - HISTORY_MILLISECONDS).toISOString());
  }

  /** Waits until no other job of the connection is active. @returns why not, when it does not come to that. */
  async #takeTurn(job: JobRow, signal: AbortSignal): Promise<string | undefined> {
    const start = this.clock.elapsed();
    let beat = start;
    for (;;) {
      const other = await this.store.activateJob(job, this.#now(), (active) => this.#liveness.isAlive(active));
      if (other === undefined) return undefined;
      if (signal.aborted) return "stopped before its turn came; run the sync again";
      const now = this.clock.elapsed();
      if (now - start > TURN_SECONDS * 1_000) {
        const by = isQueued(other.owner) ? "" : ` by process ${other.owner.pid} on ${other.owner.host}`;
        return `the sync of ${formatObjectPath(other.objectPath)}${by} did not end within an hour; try again later`;
      }
      if (now - beat >= HEARTBEAT_MILLISECONDS) {
        beat = now;
        await this.store.updateJob(job.id, { heartbeatAt: this.#now() });
      }
      await delay(POLL_MILLISECONDS);
    }
  }

  async #appears(id: string, signal: AbortSignal): Promise<JobRow | undefined> {
    const start = this.clock.elapsed();
    for (;;) {
      const [job] = await this.store.getJobsById([id]);
      if (job !== undefined || signal.aborted || this.clock.elapsed() - start > APPEARS_MILLISECONDS) return job;
      await delay(POLL_MILLISECONDS);
    }
  }

  /** Looks less often the longer it takes. */
  async #untilFinal(bulkId: string, listeners: ReadonlySet<(progress: JobProgress) => void>): Promise<void> {
    for (let pause = POLL_MILLISECONDS / 4; !this.#stop.signal.aborted; pause = Math.min(pause * 1.2, LONGEST_POLL_MILLISECONDS)) {
      const [job] = await this.store.getJobs(bulkId);
      if (job === undefined || isFinal(job.state)) return;
      for (const listener of listeners) listener(job.progress);
      await delay(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  #handedBack(): Pick<JobOutput, "handedBack"> {
    return this.#stop.signal.aborted && this.#handsBack ? { handedBack: true } : {};
  }

  #isInterrupted(row: JobRow): boolean {
    return !isFinal(row.state) && !this.#liveness.isAlive(row);
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

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
