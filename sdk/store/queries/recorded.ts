import type { PathKey } from "../../model/path-key";
import type { Registered } from "../../model/store";
import { inChunks, type Db, type Trx } from "./database";

/** Only as long as the registration lasts. */
export async function ifRegistered<T>(trx: Trx, { connectionKey, createdAt }: Registered, work: () => Promise<T>): Promise<T | undefined> {
  const row = await trx
    .selectFrom("connection")
    .select("connection_key")
    .where("connection_key", "=", connectionKey)
    .where("created_at", "=", createdAt)
    .executeTakeFirst();
  return row === undefined ? undefined : work();
}

/** Which of some objects are recorded. */
export async function recordedAmong(db: Db, keys: Iterable<PathKey>): Promise<ReadonlySet<PathKey>> {
  const rows = await inChunks([...new Set(keys)], (some) =>
    db.selectFrom("object").select("path_key").where("path_key", "in", some).execute(),
  );
  return new Set(rows.map((row) => row.path_key));
}
