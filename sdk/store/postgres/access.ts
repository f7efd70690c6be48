import { sql, type IsolationLevel } from "kysely";
import type { Pool, PoolClient } from "pg";
import { StoreError } from "../../model/errors";
import type { Access } from "../shared-methods";
import type { Db, Trx } from "../queries/database";
import { postgresError, troubleOf } from "./errors";
import { withRetries } from "./retry";

/** For one statement that writes what a sync found. */
const WRITE_MUCH_MILLISECONDS = 30 * 60_000;

export interface PostgresAccess extends Access {
  /** Runs work on a connection of its own; `isAgain` where an earlier attempt may have gone through. */
  readonly copy: <T>(work: (client: PoolClient, isAgain: boolean) => Promise<T>) => Promise<T>;
}

export interface AccessParts {
  readonly name: string;
  readonly forReading: () => Promise<Db>;
  readonly forWriting: () => Promise<{ readonly db: Db; readonly pool: Pool }>;
  /** Whether the database answered before, so that it is worth waiting for. */
  readonly wasReached: () => boolean;
  readonly signal: AbortSignal;
}

/** Reads and writes that outlive a restart of the database, and go on where transactions are in each other's way. */
export function createAccess({ name, forReading, forWriting, ...retry }: AccessParts): PostgresAccess {
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await withRetries(work, retry);
    } catch (error) {
      throw postgresError(name, error);
    }
  };

  return {
    read: (work) => attempt(async () => work(await forReading())),
    write: (work) => attempt(() => transaction("serializable", work)),
    writeOnce: (work) => attempt(() => transaction("serializable", work, commitUnknown)),
    writeMuch: (connectionKey, beside, work) =>
      // Serializable, large transactions would be in each other's way all the time; what they must not run beside, the lock keeps away.
      attempt(() =>
        transaction("read committed", async (trx) => {
          await sql`set local statement_timeout = ${sql.lit(WRITE_MUCH_MILLISECONDS)}`.execute(trx);
          const row = trx.selectFrom("connection").select("connection_key").where("connection_key", "=", connectionKey);
          await (beside === "others" ? row.forShare() : row.forUpdate()).execute();
          return work(trx);
        }),
      ),
    copy: (work) => {
      let attempts = 0;
      return attempt(async () => {
        const client = await (await forWriting()).pool.connect();
        let failure: unknown;
        try {
          return await work(client, attempts++ > 0);
        } catch (error) {
          failure = error;
          throw error;
        } finally {
          client.release(failure !== undefined);
        }
      });
    },
  };

  async function transaction<T>(level: IsolationLevel, work: (trx: Trx) => Promise<T>, onUnknown?: (error: unknown) => never): Promise<T> {
    const { db } = await forWriting();
    let isDone = false;
    try {
      return await db
        .transaction()
        .setIsolationLevel(level)
        .execute(async (trx) => {
          const result = await work(trx);
          isDone = true;
          return result;
        });
    } catch (error) {
      if (isDone && troubleOf(error) === "lost") onUnknown?.(error);
      throw error;
    }
  }

  function commitUnknown(cause: unknown): never {
    throw new StoreError(`store ${name}: the connection was lost while a change was committed; look whether it was made, and try again`, {
      cause,
    });
  }
}
