import { INTERRUPTED } from "../../model/job";
import type { JobChange, JobRow } from "../../model/store";
import { toPathKey } from "../../model/path-key";
import { jobInsert, jobRow } from "../rows";
import type { Db, Trx } from "./database";

export async function insertJob(trx: Trx, job: JobRow): Promise<void> {
  await trx
    .insertInto("job")
    .values(jobInsert(job, toPathKey(job.objectPath)))
    .execute();
}

export async function activateJob(trx: Trx, job: JobRow, at: string, isAlive: (other: JobRow) => boolean): Promise<JobRow | undefined> {
  const active = await trx
    .selectFrom("job")
    .selectAll()
    .where("connection_key", "=", job.objectPath[0] ?? "")
    .where("state", "=", "active")
    .execute();
  for (const other of active.map(jobRow)) {
    if (isAlive(other)) return other;
    await updateJob(trx, other.id, { state: "failed", endedAt: at, output: { error: INTERRUPTED }, heartbeatAt: other.heartbeatAt });
  }
  await updateJob(trx, job.id, { state: "active", heartbeatAt: at });
  return undefined;
}

export async function updateJob(trx: Trx, id: string, change: JobChange): Promise<void> {
  await trx
    .updateTable("job")
    .set({
      heartbeat_at: change.heartbeatAt,
      ...(change.state !== undefined && { state: change.state }),
      ...(change.progress !== undefined && { progress: JSON.stringify(change.progress) }),
      ...(change.output !== undefined && { output: JSON.stringify(change.output) }),
      ...(change.endedAt !== undefined && { ended_at: change.endedAt }),
    })
    .where("id", "=", id)
    .execute();
}

export async function getJobs(db: Db, bulkId: string): Promise<JobRow[]> {
  const rows = await db.selectFrom("job").selectAll().where("bulk_id", "=", bulkId).orderBy("created_at").execute();
  return rows.map(jobRow);
}
