import type { TimedFeed } from "../../model/activity";
import { descendantRange, fromPathKey, toPathKey, type PathKey } from "../../model/path-key";
import type { Registered } from "../../model/store";
import type { Db, Trx } from "./database";
import { deleteLineageBefore } from "./lineage";
import { deleteQueriesBefore, deleteQueriesOf, deleteQueriesOfConnection } from "./queries";
import { ifRegistered } from "./recorded";

export async function getWatermark(db: Db, connectionKey: string, feed: TimedFeed): Promise<string | undefined> {
  const row = await db
    .selectFrom("watermark")
    .select("read_until")
    .where("connection_key", "=", connectionKey)
    .where("feed", "=", feed)
    .executeTakeFirst();
  return row?.read_until;
}

export function setWatermark(trx: Trx, connection: Registered, feed: TimedFeed, at: string): Promise<true | undefined> {
  return ifRegistered(trx, connection, async (): Promise<true> => {
    await trx
      .insertInto("watermark")
      .values({ connection_key: connection.connectionKey, feed, read_until: at })
      .onConflict((conflict) => conflict.columns(["connection_key", "feed"]).doUpdateSet({ read_until: at }))
      .execute();
    return true;
  });
}

export async function deleteActivityBefore(trx: Trx, connectionKey: string, at: string, limit: number): Promise<number> {
  await deleteLineageBefore(trx, toPathKey([connectionKey]), at);
  return deleteQueriesBefore(trx, connectionKey, at, limit);
}

/** All that belongs to an object and what is beneath it; with a connection, how far its feeds were read too. */
export async function deleteActivityOf(trx: Trx, key: PathKey): Promise<void> {
  const { before } = descendantRange(key);
  await trx.deleteFrom("tag").where("path_key", ">=", key).where("path_key", "<", before).execute();
  for (const end of ["source_key", "target_key"] as const) {
    await trx.deleteFrom("lineage").where(end, ">=", key).where(end, "<", before).execute();
  }
  const [connectionKey, ...beneath] = fromPathKey(key);
  if (connectionKey === undefined || beneath.length > 0) {
    await deleteQueriesOf(trx, key);
    return;
  }
  await deleteQueriesOfConnection(trx, connectionKey);
  await trx.deleteFrom("watermark").where("connection_key", "=", connectionKey).execute();
}
