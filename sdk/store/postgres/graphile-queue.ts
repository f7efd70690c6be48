import { createHash, randomUUID } from "node:crypto";
import { EventEmitter, once, setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Logger, makeWorkerUtils, run, type WorkerEvents, type WorkerUtils } from "graphile-worker";
import type { Pool } from "pg";
import { messageOf } from "../../model/errors";
import type { QueuedTask, TaskHandlers, TaskKind, WorkQueue } from "../../model/work-queue";
import { QUEUE_SCHEMA } from "../migrate";
import { parsePostgresAddress } from "./address";
import { openPool } from "./connect";
import { postgresError } from "./errors";
import { ServerBeats } from "./server-beats";
import { withRetries } from "./retry";

/** Tasks are looked for this often, beside being told of them. */
const POLL_MILLISECONDS = 1_000;
/** What throws is tried again after 3 s, 7 s, 20 s and so on; a whole sync is also taken on again for each server that stops under it. */
const ATTEMPTS: Readonly<Record<TaskKind, number>> = { sync: 25, database: 6 };
/** A process that dies uses one up too, and without one left nobody would tell the end of a task. */
const CLAIMS = 1_000;
const RESTART_MILLISECONDS = 1_000;
const BEAT_MILLISECONDS = 3_000;
/** A whole sync only waits for its databases. */
const SYNCS_AT_ONCE = 30;

export interface QueueOptions {
  /** Databases that this process takes on at a time. */
  readonly databasesAtOnce: number;
  /** Told what went wrong beside a task. */
  readonly onError: (error: unknown) => void;
}

/**
 * The queue in the tables of graphile-worker, in a schema beside the store's. It knows claims, retries, priorities and lanes; what it does
 * not know is that a process died, which signs of life tell: then what the dead one had claimed is given free.
 */
export function openGraphileQueue(text: string, { databasesAtOnce, onError }: QueueOptions): WorkQueue {
  const address = parsePostgresAddress(text);
  const stop = new AbortController();
  /** Comes after `stop`, when what runs was given back already: so others take it on at once. */
  const stopTasks = new AbortController();
  const limits: Readonly<Record<TaskKind, number>> = { sync: SYNCS_AT_ONCE, database: databasesAtOnce };
  // Every task that runs listens to them.
  setMaxListeners(0, stop.signal, stopTasks.signal);
  let opening: Promise<{ pool: Pool; utils: WorkerUtils }> | undefined;
  let working: Promise<unknown> | undefined;

  const open = (): Promise<{ pool: Pool; utils: WorkerUtils }> => (opening ??= connect().catch(forget));
  const forget = (error: unknown): never => {
    opening = undefined;
    throw error;
  };

  async function connect() {
    // The library reads its own ids as text.
    const pool = openPool({ ...address, poolMax: address.poolMax + 4 }, { plainTypes: true });
    try {
      const utils = await makeWorkerUtils({ pgPool: pool, schema: QUEUE_SCHEMA, logger: quiet(onError) });
      // Of servers that start at once, those that come second find the tables half made.
      await withRetries(() => migrateQueue(utils), { wasReached: () => true, signal: stop.signal });
      return { pool, utils };
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  return {
    async add(tasks) {
      const addAll = async () => {
        const { utils } = await open();
        for (const task of tasks) await utils.addJob(task.kind, task.payload, specOf(task));
      };
      try {
        await withRetries(addAll, { wasReached: () => opening !== undefined, signal: stop.signal });
      } catch (error) {
        throw postgresError(address.name, error);
      }
    },

    work(handlers) {
      working ??= keepWorking(handlers);
    },

    async sizes() {
      const { pool } = await open();
      const { rows } = await pool.query<{ task: TaskKind; tasks: string }>(
        `SELECT task_identifier AS task, count(*) AS tasks FROM ${QUEUE_SCHEMA}.jobs GROUP BY task_identifier`,
      );
      const sizes = { sync: 0, database: 0 };
      for (const { task, tasks } of rows) sizes[task] = Number(tasks);
      return sizes;
    },

    async close() {
      stop.abort();
      await working;
      const opened = await opening?.catch(() => undefined);
      await opened?.utils.release();
      await opened?.pool.end();
    },
  };

  async function keepWorking(handlers: TaskHandlers): Promise<void> {
    const beats = new ServerBeats(randomUUID());
    stop.signal.addEventListener("abort", () => void giveBack(beats).catch(onError), { once: true });
    await Promise.all([keepRunning("sync", handlers, beats), keepRunning("database", handlers, beats), keepBeating(beats)]);
  }

  async function giveBack(beats: ServerBeats): Promise<void> {
    try {
      const opened = await opening;
      if (beats.busy.size > 0) await opened?.utils.forceUnlockWorkers([...beats.busy]);
    } finally {
      stopTasks.abort();
    }
  }

  /**
   * A worker of the library that cannot say that its task is done, as when the database restarts, is gone with its claim, and the library
   * puts none in its place: then all of them start anew, and those that are at a task end with it.
   */
  async function keepRunning(kind: TaskKind, handlers: TaskHandlers, beats: ServerBeats): Promise<void> {
    const abandoned = new Set<string>();
    const ending = new Set<Promise<void>>();
    const stopped = once(stop.signal, "abort");
    while (!stop.signal.aborted) {
      try {
        const { pool, utils } = await open();
        const free = [...abandoned];
        if (free.length > 0) await utils.forceUnlockWorkers(free);
        for (const worker of free) abandoned.delete(worker);
        const { runner, lostWorker, end } = await start(pool, kind, handlers, beats, abandoned);
        await Promise.race([runner.promise, lostWorker, stopped]);
        const last = end().catch(onError);
        ending.add(last);
        void last.finally(() => ending.delete(last));
      } catch (error) {
        if (stop.signal.aborted) break;
        onError(error);
        await delay(RESTART_MILLISECONDS, undefined, { signal: stop.signal }).catch(() => undefined);
      }
    }
    await Promise.all(ending);
  }

  async function start(pool: Pool, kind: TaskKind, handlers: TaskHandlers, { busy }: ServerBeats, abandoned: Set<string>) {
    const events = new EventEmitter() as WorkerEvents;
    events.on("job:start", ({ worker }) => void busy.add(worker.workerId));
    events.on("job:complete", ({ worker }) => void busy.delete(worker.workerId));
    const lostWorker = new Promise<void>((resolve) => {
      events.on("worker:fatalError", ({ worker }) => {
        busy.delete(worker.workerId);
        abandoned.add(worker.workerId);
        resolve();
      });
    });
    let isStopped = false;
    events.on("stop", () => (isStopped = true));
    const runner = await run({
      ...{ pgPool: pool, schema: QUEUE_SCHEMA, events, logger: quiet(onError) },
      ...{ noHandleSignals: true, concurrency: limits[kind], pollInterval: POLL_MILLISECONDS },
      parsedCronItems: [],
      taskList: {
        [kind]: (payload, { job }) =>
          handlers[kind]({
            payload: payload as Record<string, string>,
            isLastAttempt: job.attempts >= ATTEMPTS[kind],
            signal: stopTasks.signal,
          }),
      },
    });
    const end = async () => {
      if (!isStopped) await runner.stop();
      await runner.promise;
    };
    return { runner, lostWorker, end };
  }

  async function keepBeating(beats: ServerBeats): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const { pool, utils } = await open();
        const gone = await beats.beat(pool);
        if (gone.length > 0) await utils.forceUnlockWorkers(gone);
      } catch (error) {
        beats.forgetOthers();
        onError(error);
      }
      await delay(BEAT_MILLISECONDS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    const opened = await opening?.catch(() => undefined);
    if (opened !== undefined) await beats.leave(opened.pool).catch(onError);
  }
}

async function migrateQueue(utils: WorkerUtils): Promise<void> {
  try {
    await utils.migrate();
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    // Unique violation, and "exists already" of schemas, tables and functions: another server makes them now.
    if (/^(23505|42P06|42P07|42710|42723)$/.test(code)) throw Object.assign(new Error(messageOf(error)), { code: "40001" });
    throw error;
  }
}

function specOf({ key, priority, lane }: QueuedTask) {
  return {
    jobKey: shortened(key),
    jobKeyMode: "unsafe_dedupe" as const,
    priority,
    maxAttempts: CLAIMS,
    ...(lane !== undefined && { queueName: shortened(lane) }),
  };
}

/** The library's names have a limit that object paths do not keep to. */
function shortened(name: string): string {
  return createHash("sha256").update(name).digest("base64url");
}

/** It logs every task; what went wrong is for the caller to say. */
function quiet(onError: (error: unknown) => void): Logger {
  return new Logger(() => (level, message) => {
    if (String(level) === "error" && !/^Failed task/.test(message)) onError(new Error(`queue: ${message.split("\n")[0]}`));
  });
}
