import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Binds, Connection, ConnectionOptions, RowStatement, StatementCallback } from "snowflake-sdk";
import { attachSignals, withSignal } from "./driver-requests";
import { secondsBeforeRetry } from "./errors";
import type { Limits } from "./limits";
import { within } from "../common/wait";

type Driver = typeof import("snowflake-sdk");

/** Rows handed on at once. */
const BATCH_ROWS = 1_000;
/** Of a login that meets a busy server or loses its connection. */
const LOGIN_TRIES = 3;
const DETECTION = "SNOWFLAKE_DISABLE_PLATFORM_DETECTION";

export type Row = readonly unknown[];

/** A session of the driver as promises and streams, each wait limited. Statements may run side by side. */
export interface DriverSession {
  /** All rows of a statement with few of them, by the names of their columns. */
  records(sql: string, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>[]>;
  /**
   * Runs the statement and answers its rows in batches. It has run when the promise resolves: what is committed later is
   * not in the rows. No row is fetched before it is asked for.
   */
  stream(sql: string, binds?: Binds, signal?: AbortSignal): Promise<AsyncGenerator<Row[]>>;
  close(): Promise<void>;
}

/** @throws what the driver or the server says, as it is. */
export async function connect(options: ConnectionOptions, limits: Limits, signal?: AbortSignal): Promise<DriverSession> {
  const driver = await loadDriver();
  const requests = new AbortController();
  const loggedIn = logInPatiently(driver, options, requests.signal);
  const connection = await within(loggedIn, limits.login, signal, () => requests.abort());
  return openSession(connection, requests, limits);
}

/** The driver's own tries do not tell a busy server from a wrong address, which they would repeat for a minute. */
async function logInPatiently(driver: Driver, options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
  for (let tries = 0; ; tries++) {
    try {
      return await logInOnce(driver, options, signal);
    } catch (error) {
      const pause = secondsBeforeRetry(error, tries);
      if (pause === undefined || tries + 1 >= LOGIN_TRIES) throw error;
      await delay(pause * 1_000, undefined, { signal });
    }
  }
}

function logInOnce(driver: Driver, options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
  const connection = driver.createConnection({
    ...options,
    rowMode: "array",
    sfRetryMaxLoginRetries: 0,
    // Read by the driver, but missing in its types.
    ...({ rowStreamHighWaterMark: BATCH_ROWS } as object),
  });
  return new Promise((resolve, reject) => {
    // The promise of `connectAsync` resolves even when the login fails; only the callback is told.
    withSignal(signal, () => connection.connect((error) => (error ? reject(error) : resolve(connection))));
  });
}

/** @param requests ends all requests of the session. */
function openSession(connection: Connection, requests: AbortController, limits: Limits): DriverSession {
  async function run(sql: string, binds: Binds, signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    const own = new AbortController();
    const ended = AbortSignal.any([requests.signal, own.signal]);
    let running: RowStatement | undefined;
    const ran = new Promise<RowStatement>((resolve, reject) => {
      const complete: StatementCallback = (error, statement) => (error ? reject(error) : resolve(statement));
      running = withSignal<RowStatement>(ended, () => connection.execute({ sqlText: sql, binds, streamResult: true, complete }));
    });
    const statement = await within(ran, limits.answer, signal, () => {
      own.abort();
      // On the server it may still run, on the warehouse's account.
      withSignal(requests.signal, () => running?.cancel(() => undefined));
    });
    return { statement, rows: batches(statement.streamRows(), limits.rows, signal, ended, own) };
  }

  return {
    stream: async (sql, binds = [], signal) => (await run(sql, binds, signal)).rows,
    async records(sql, signal) {
      const { statement, rows } = await run(sql, [], signal);
      const names = (statement.getColumns() ?? []).map((column) => column.getName());
      const records: Record<string, unknown>[] = [];
      for await (const batch of rows) {
        for (const row of batch) records.push(Object.fromEntries(names.map((name, index) => [name, row[index]])));
      }
      return records;
    },
    async close() {
      const end = new Promise<void>((resolve, reject) =>
        withSignal(requests.signal, () => connection.destroy((error) => (error ? reject(error) : resolve()))),
      );
      // The server ends a session that it hears nothing of; whoever closes has what they came for.
      await within(end, limits.close).catch(() => undefined);
      requests.abort();
    },
  };
}

/** Reads without a promise for every row. */
async function* batches(
  rows: Readable,
  seconds: number,
  signal: AbortSignal | undefined,
  ended: AbortSignal,
  own: AbortController,
): AsyncGenerator<Row[]> {
  const watched = watch(rows);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const batch = withSignal(ended, () => readBatch(rows));
      if (batch.length > 0) yield batch;
      else if (watched.hasEnded()) return;
      else await within(watched.moved(), seconds, signal);
    }
  } finally {
    rows.destroy();
    own.abort();
  }
}

function readBatch(rows: Readable): Row[] {
  const batch: Row[] = [];
  while (batch.length < BATCH_ROWS) {
    const row = rows.read() as Row | null;
    if (row === null) break;
    batch.push(row);
  }
  return batch;
}

/** Remembers the end and the failure, which the driver may tell before anyone waits. */
function watch(rows: Readable) {
  let ended = false;
  let failure: Error | undefined;
  let moved = false;
  let wake: (() => void) | undefined;
  const notice = () => {
    moved = true;
    wake?.();
  };
  rows.on("readable", notice);
  rows.on("end", () => {
    ended = true;
    notice();
  });
  rows.on("error", (error) => {
    failure = error;
    notice();
  });
  return {
    hasEnded(): boolean {
      if (failure !== undefined) throw failure;
      return ended;
    },
    /** Since the last time that it was asked for. */
    moved: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
        if (moved) resolve();
        moved = false;
      }),
  };
}

let loaded: Promise<Driver> | undefined;

/** Once, when it is first needed: it takes half a second. */
function loadDriver(): Promise<Driver> {
  return (loaded ??= importDriver());
}

async function importDriver(): Promise<Driver> {
  // On loading, the driver asks the metadata addresses of three clouds, and AWS for an identity, to report where it runs.
  const asked = process.env[DETECTION];
  process.env[DETECTION] = "true";
  try {
    const driver = (await import("snowflake-sdk")).default;
    // Otherwise it writes snowflake.log into the current folder.
    driver.configure({ logLevel: "OFF" });
    attachSignals();
    return driver;
  } finally {
    if (asked === undefined) delete process.env[DETECTION];
    else process.env[DETECTION] = asked;
  }
}
