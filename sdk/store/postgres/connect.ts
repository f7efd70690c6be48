import { Kysely } from "kysely";
import { Pool, types, type PoolClient } from "pg";
import type { StoreSchema } from "../schema";
import type { PostgresAddress } from "./address";
import { StorePostgresDialect } from "./dialect";

const INT8: number = types.builtins.INT8;
/** What a process that stands still in a transaction may hold up. */
const IDLE_TRANSACTION_MILLISECONDS = 60_000;

export interface OpenDatabase {
  readonly db: Kysely<StoreSchema>;
  /** For COPY and for the queue, which kysely knows nothing of. */
  readonly pool: Pool;
  readonly close: () => Promise<void>;
}

const numbersOfIds = {
  getTypeParser: (oid: number, format?: string) =>
    oid === INT8 ? parseInt8 : (types.getTypeParser(oid, format as "text") as (text: string) => unknown),
};

/** Connections are made when they are needed, at most as many as the address says. */
export function openPool(address: PostgresAddress, { plainTypes = false }: { readonly plainTypes?: boolean } = {}): Pool {
  const { host, port, database, user, password, tls, poolMax, connectTimeout, statementTimeout } = address;
  const pool = new Pool({
    ...{ host, port, database, max: poolMax },
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ssl: tls ?? false,
    connectionTimeoutMillis: connectTimeout,
    statement_timeout: statementTimeout,
    lock_timeout: statementTimeout,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MILLISECONDS,
    keepAlive: true,
    application_name: "pulumi-connections",
    ...(!plainTypes && { types: numbersOfIds }),
  });
  // Whoever uses a connection that breaks gets the error; one that nobody uses is just replaced.
  pool.on("error", () => undefined);
  pool.on("connect", (client: PoolClient) => client.on("error", () => undefined));
  return pool;
}

export async function connect(address: PostgresAddress): Promise<OpenDatabase> {
  const pool = openPool(address);
  try {
    const db = new Kysely<StoreSchema>({
      dialect: new StorePostgresDialect({ pool }, { textType: await textType(pool) }),
    });
    return { db, pool, close: () => db.destroy() };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Path keys are ordered by bytes; CockroachDB orders all text so and has no such collation. */
async function textType(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ version: string }>("SELECT version() AS version");
  return /CockroachDB/i.test(rows[0]?.version ?? "") ? "text" : 'text collate "C"';
}

/** Counts and ids arrive as text, since they may be larger than a number can tell apart. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`the store holds the number ${text}, which is too large`);
}
