import type { ActivityReader } from "../../model/activity";
import { ConnectionsError, PlatformError, messageOf } from "../../model/errors";
import type { PlatformSession } from "../../model/platform";

/** How long a platform may keep the engine waiting, in milliseconds. */
export interface PlatformTimeouts {
  /** For one answer: a connection, a check, a list of databases, a batch of objects, the columns of some tables. */
  readonly answer: number;
  /** For stopping what it was told to stop, and for closing a session. */
  readonly stop: number;
}

export const DEFAULT_PLATFORM_TIMEOUTS: PlatformTimeouts = { answer: 10 * 60_000, stop: 5_000 };

/**
 * A session whose every call ends in time, also when the platform neither answers nor heeds its signal: by an answer, a
 * `PlatformError`, or the reason of the caller's signal.
 */
export function guardSession(session: PlatformSession, timeouts: PlatformTimeouts): PlatformSession {
  let closing: Promise<void> | undefined;

  return {
    check: (signal) => answered((stop) => session.check(stop), { what: "the check of the credentials", timeouts, signal }),
    listDatabases: (signal) => answered((stop) => session.listDatabases(stop), { what: "the list of databases", timeouts, signal }),
    readColumns: (database, tables, signal) =>
      answered((stop) => session.readColumns(database, tables, stop), { what: "the columns of tables", timeouts, signal }),

    streamObjects: (scope, { columns, signal }) =>
      answeredStream((stop) => session.streamObjects(scope, { columns, signal: stop }), { what: "the next objects", timeouts, signal }),

    ...(session.activity && { activity: guardActivity(session.activity, timeouts) }),

    ...(session.diagnose && {
      diagnose: (connectionKey, objects, integration, signal) =>
        answered((stop) => session.diagnose!(connectionKey, objects, integration, stop), { what: "the grants", timeouts, signal }),
    }),
    ...(session.skipped && { skipped: () => session.skipped!() }),
    close: () => (closing ??= ended(() => session.close(), timeouts.stop)),
  };
}

function guardActivity(reader: ActivityReader, timeouts: PlatformTimeouts): ActivityReader {
  const stream = <T>(read: (stop: AbortSignal) => AsyncIterable<T>, what: string, signal: AbortSignal | undefined) =>
    answeredStream(read, { what, timeouts, signal });
  return {
    latencySeconds: reader.latencySeconds,
    serverTime: (signal) => answered((stop) => reader.serverTime(stop), { what: "its time", timeouts, signal }),
    streamTags: (signal) => stream((stop) => reader.streamTags(stop), "the next tags", signal),
    ...(reader.streamDependencies && {
      streamDependencies: (signal) => stream((stop) => reader.streamDependencies!(stop), "the next dependencies", signal),
    }),
    streamLineage: (range, signal) => stream((stop) => reader.streamLineage(range, stop), "the next lineage", signal),
    streamQueries: (range, signal) => stream((stop) => reader.streamQueries(range, stop), "the next statements", signal),
  };
}

/** Opens a session, guarded; one that opens too late is closed again. */
export async function openGuarded(
  open: () => Promise<PlatformSession>,
  timeouts: PlatformTimeouts,
  signal?: AbortSignal,
): Promise<PlatformSession> {
  let tooLate = false;
  const opening = open().then(async (session) => {
    if (tooLate) await session.close();
    return session;
  });
  try {
    return guardSession(await answered(() => opening, { what: "the connection", timeouts, signal }), timeouts);
  } catch (error) {
    tooLate = true;
    throw error;
  }
}

interface Limits {
  /** What is waited for, in words. */
  readonly what: string;
  readonly timeouts: PlatformTimeouts;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
}

/** An answer of the platform; when it does not come, the platform is told to stop, and given a moment to do so. */
function answered<T>(
  call: (stop: AbortSignal) => Promise<T>,
  { what, timeouts, signal }: Limits,
  stop = new AbortController(),
): Promise<T> {
  signal?.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    let timer = setTimeout(() => giveUp(noAnswer(what, timeouts.answer)), timeouts.answer);
    let reason: Error | undefined;
    const giveUp = (why: Error) => {
      if (reason !== undefined) return;
      reason = why;
      clearTimeout(timer);
      timer = setTimeout(() => settle(() => reject(why)), timeouts.stop);
      stop.abort(reason);
    };
    const abort = () => giveUp(signal?.reason as Error);
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      outcome();
    };
    signal?.addEventListener("abort", abort);
    Promise.resolve(stop.signal)
      .then(call)
      .then(
        (value) => settle(() => (reason === undefined ? resolve(value) : reject(reason))),
        (error: unknown) => settle(() => reject(reason ?? inWords(error))),
      );
  });
}

/** A stream of the platform, each of whose batches comes in time. */
async function* answeredStream<T>(read: (stop: AbortSignal) => AsyncIterable<T>, limits: Limits): AsyncGenerator<T> {
  const stop = new AbortController();
  const iterator = read(stop.signal)[Symbol.asyncIterator]();
  const finish = async () => void (await iterator.return?.());
  let reading = true;
  try {
    for (;;) {
      reading = true;
      const next = await answered(() => iterator.next(), limits, stop);
      if (next.done === true) return;
      reading = false;
      yield next.value;
    }
  } finally {
    // Where the platform still owes an answer, its end may never come.
    const finished = ended(finish, limits.timeouts.stop);
    if (!reading) await finished;
  }
}

function noAnswer(what: string, milliseconds: number): PlatformError {
  return new PlatformError(
    `the platform did not answer within ${milliseconds / 1_000} s (${what}); nothing was changed here. ` +
      "Check that it is up and can be reached, and try again",
  );
}

/** Drivers throw errors of their own where a platform did not expect any. */
function inWords(error: unknown): ConnectionsError {
  if (error instanceof ConnectionsError) return error;
  return new PlatformError(`the platform could not be read: ${messageOf(error)}. Try again`, { cause: error });
}

/** What was read stays read: a session that does not close well, or not in time, changes nothing of that. */
function ended(end: () => Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    Promise.resolve()
      .then(end)
      .then(undefined, () => undefined)
      .finally(() => {
        clearTimeout(timer);
        resolve();
      });
  });
}
