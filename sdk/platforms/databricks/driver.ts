import type { IncomingMessage } from "node:http";
import type { DBSQLClient } from "@databricks/sql";
import { chunks } from "../common/chunks";
import { within } from "../common/wait";
import { addressOf, type DatabricksConnection } from "./connection";
import type { Limits } from "./limits";
import { refusalOf } from "./refusal";

type Driver = typeof import("@databricks/sql");
type Operation = Awaited<ReturnType<Awaited<ReturnType<DBSQLClient["openSession"]>>["executeStatement"]>>;

/** Rows that one request asks for. */
const FETCH_ROWS = 10_000;
/** Rows handed on at once. */
const BATCH_ROWS = 500;
/** Of requests that may be repeated without harm, by the driver itself; its pauses double from the first. */
const REQUEST_TRIES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** By the names of the statement's columns. */
export type Row = Readonly<Record<string, unknown>>;
/** Values that a statement names as `:name`. */
export type Parameters = Readonly<Record<string, string>>;

/** A session of the driver as promises and streams, each wait limited. Statements may run side by side. */
export interface DriverSession {
  /** All rows of a statement with few of them. */
  records(sql: string, parameters?: Parameters, signal?: AbortSignal): Promise<Row[]>;
  /**
   * Runs the statement and answers its rows in batches. It has run when the promise resolves: what is committed later is
   * not in the rows. No row is fetched before it is asked for.
   */
  stream(sql: string, parameters?: Parameters, signal?: AbortSignal): Promise<AsyncGenerator<Row[]>>;
  close(): Promise<void>;
}

/**
 * @param token asked before every request.
 * @throws a Refusal, or what the driver says, as it is.
 */
export async function connect(
  connection: DatabricksConnection,
  token: () => Promise<string>,
  limits: Limits,
  signal?: AbortSignal,
): Promise<DriverSession> {
  const driver = await loadDriver();
  const client = new driver.DBSQLClient({ logger: { log: () => undefined } });
  const [host, port] = addressOf(connection).split(":") as [string, string];
  await client.connect({
    host,
    port: Number(port),
    path: connection.httpPath,
    authType: "custom",
    provider: { authenticate: async () => ({ Authorization: `Bearer ${await token()}` }) },
    ...(connection.certificateAuthority !== undefined && { customCaCert: connection.certificateAuthority }),
    userAgentEntry: "pulumi-connections",
    telemetryEnabled: false,
    socketTimeout: limits.answer * 1_000,
    retryMaxAttempts: REQUEST_TRIES,
    retryDelayMin: FIRST_PAUSE_MS,
    retryDelayMax: LONGEST_PAUSE_MS,
  });
  const endRequests = await requestsOf(client);
  try {
    const opening = client.openSession();
    const session = await told(() => within(opening, limits.answer, signal));
    return openSession(session, endRequests, limits);
  } catch (error) {
    endRequests();
    throw error;
  }
}

function openSession(session: Awaited<ReturnType<DBSQLClient["openSession"]>>, endRequests: () => void, limits: Limits): DriverSession {
  async function run(sql: string, parameters: Parameters, signal: AbortSignal | undefined): Promise<Operation> {
    signal?.throwIfAborted();
    let running: Operation | undefined;
    const ran = (async () => {
      // Not from cloud storage, whose hosts a private network may not reach: a catalog is small.
      const options = {
        maxRows: FETCH_ROWS,
        useCloudFetch: false,
        ...(Object.keys(parameters).length > 0 && { namedParameters: parameters }),
      };
      running = await session.executeStatement(sql, options);
      await running.finished();
      return running;
    })();
    return told(() =>
      within(ran, limits.answer, signal, () => {
        // On the server it may still run, on the warehouse's account; it may also be given out only later.
        const cancel = () => running?.cancel().catch(() => undefined);
        if (running !== undefined) void cancel();
        else void ran.then(cancel, cancel);
      }),
    );
  }

  return {
    stream: async (sql, parameters = {}, signal) => batches(await run(sql, parameters, signal), limits, signal),
    async records(sql, parameters = {}, signal) {
      const records: Row[] = [];
      for await (const batch of batches(await run(sql, parameters, signal), limits, signal)) records.push(...batch);
      return records;
    },
    async close() {
      // The server ends a session that it hears nothing of; whoever closes has what they came for.
      await within(session.close(), limits.close).catch(() => undefined);
      endRequests();
    },
  };
}

async function* batches(operation: Operation, limits: Limits, signal: AbortSignal | undefined): AsyncGenerator<Row[]> {
  const next = <T>(work: Promise<T>) => told(() => within(work, limits.rows, signal));
  try {
    do {
      signal?.throwIfAborted();
      const rows = (await next(operation.fetchChunk({ maxRows: FETCH_ROWS, disableBuffering: true }))) as Row[];
      yield* chunks(rows, BATCH_ROWS);
    } while (await next(operation.hasMoreRows()));
  } finally {
    const ended = signal?.aborted === true ? operation.cancel() : operation.close();
    await within(ended, limits.close).catch(() => undefined);
  }
}

/** What the server said in refusing, where that is what the driver throws. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await refusalOf(error);
  }
}

/** The parts of the agent that are used: the driver's HTTP client, which it lets nobody stop. */
interface RequestAgent {
  destroy(): void;
  createConnection(...args: unknown[]): IncomingMessage["socket"];
}

/**
 * The driver waits for an answer and repeats requests whatever its caller still wants, and keeps the process alive by that.
 * @returns what ends all requests of the client, and lets it send none any more.
 */
async function requestsOf(client: DBSQLClient): Promise<() => void> {
  const provider = (await client.getConnectionProvider()) as unknown as { getAgent(): Promise<RequestAgent> };
  const agent = await provider.getAgent();
  return () => {
    agent.createConnection = () => {
      throw new Error("the session is closed");
    };
    agent.destroy();
  };
}

let loaded: Promise<Driver> | undefined;

/** Once, when it is first needed: it takes a while. */
export function loadDriver(): Promise<Driver> {
  return (loaded ??= import("@databricks/sql"));
}
