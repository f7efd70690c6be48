import type { Kysely, Transaction } from "kysely";
import type { StoreSchema } from "../schema";

/** Any connection to the store's database; reads work on it, inside a transaction too. */
export type Db = Kysely<StoreSchema>;

/** Writes take a transaction: all of one call, or nothing. */
export type Trx = Transaction<StoreSchema>;

/** The lowest limit of bound values among the backends leaves room for this many keys in one statement. */
const KEYS_PER_QUERY = 10_000;

export async function inChunks<T, R>(values: readonly T[], query: (some: T[]) => Promise<R[]>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < values.length; from += KEYS_PER_QUERY) {
    results.push(...(await query(values.slice(from, from + KEYS_PER_QUERY))));
  }
  return results;
}
