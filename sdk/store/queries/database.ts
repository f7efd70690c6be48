import type { Kysely, Transaction } from "kysely";
import type { StoreSchema } from "../schema";

/** Any connection to the store's database; reads work on it, inside a transaction too. */
export type Db = Kysely<StoreSchema>;

/** Writes take a transaction: all of one call, or nothing. */
export type Trx = Transaction<StoreSchema>;

/** The lowest limit of bound values among the backends leaves room for this many keys in one statement. */
export const KEYS_PER_QUERY = 10_000;
/** The same for rows of a few columns each. */
export const ROWS_PER_INSERT = 500;

export async function inChunks<T, R>(values: readonly T[], query: (some: T[]) => Promise<R[]>): Promise<R[]> {
  const results: R[] = [];
  await eachChunk(values, KEYS_PER_QUERY, async (some) => void results.push(...(await query(some))));
  return results;
}

export async function eachChunk<T>(values: readonly T[], size: number, work: (some: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < values.length; from += size) await work(values.slice(from, from + size));
}
