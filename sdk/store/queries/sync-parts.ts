import type { Selectable } from "kysely";
import type { PathKey } from "../../model/path-key";
import type { FinishedPart, SyncPart } from "../../model/sync-part-store";
import type { SyncPartTable } from "../schema";
import { ROWS_PER_INSERT, eachChunk, type Db, type Trx } from "./database";

export async function insertSyncParts(trx: Trx, jobId: string, parts: readonly Pick<SyncPart, "key" | "details">[]): Promise<void> {
  const rows = parts.map(({ key, details }) => ({ job_id: jobId, path_key: key, details }));
  await eachChunk(rows, ROWS_PER_INSERT, (some) =>
    trx
      .insertInto("sync_part")
      .values(some)
      .onConflict((conflict) => conflict.columns(["job_id", "path_key"]).doNothing())
      .execute(),
  );
}

export async function getSyncParts(db: Db, jobId: string): Promise<SyncPart[]> {
  const rows = await db.selectFrom("sync_part").selectAll().where("job_id", "=", jobId).orderBy("path_key").execute();
  return rows.map(partOf);
}

export async function getSyncPart(db: Db, jobId: string, key: PathKey): Promise<SyncPart | undefined> {
  const row = await db.selectFrom("sync_part").selectAll().where("job_id", "=", jobId).where("path_key", "=", key).executeTakeFirst();
  return row && partOf(row);
}

function partOf({ path_key: key, details, objects, outcome }: Selectable<SyncPartTable>): SyncPart {
  return { key, details, objects, outcome };
}

export async function reportSyncPart(trx: Trx, jobId: string, key: PathKey, objects: number): Promise<void> {
  await trx.updateTable("sync_part").set({ objects }).where("job_id", "=", jobId).where("path_key", "=", key).execute();
}

export async function finishSyncPart(trx: Trx, { jobId, key, objects, outcome }: FinishedPart): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("sync_part")
    .set({ objects, outcome })
    .where("job_id", "=", jobId)
    .where("path_key", "=", key)
    .where("outcome", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deleteSyncParts(trx: Trx, jobId: string): Promise<void> {
  await trx.deleteFrom("sync_part").where("job_id", "=", jobId).execute();
}
