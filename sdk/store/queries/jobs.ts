import { INTERRUPTED } from "../../model/job";
import type { JobChange, JobRange, JobRow } from "../../model/store";
import { descendantRange, toPathKey } from "../../model/path-key";
import { jobInsert, jobRow } from "../rows";
import { inChunks, type Db, type Trx } from "./database";

export async function insertJob(trx: Trx, job: JobRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("job")
    .values(jobInsert(job, toPathKey(job.objectPath)))
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  if ((numInsertedOrUpdatedRows ?? 0n) > 0n) return true;
  // The same one again is no other job.
  const [known] = await getJobsById(trx, [job.id]);
  return known?.bulkId === job.bulkId;
}

export async function activateJob(trx: Trx, job: JobRow, at: string, isAlive: (other: JobRow) => boolean): Promise<JobRow | undefined> {
  const active = await trx
    .selectFrom("job")
    .selectAll()
    .where("connection_key", "=", job.objectPath[0] ?? "")
    .where("state", "=", "active")
    .where("id", "!=", job.id)
    .execute();
  for (const other of active.map(jobRow)) {
    if (isAlive(other)) return other;
    await updateJob(trx, other.id, { state: "failed", endedAt: at, output: INTERRUPTED, heartbeatAt: other.heartbeatAt });
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

export async function getJobsById(db: Db, ids: readonly string[]): Promise<JobRow[]> {
  const rows = await inChunks(ids, (some) => db.selectFrom("job").selectAll().where("id", "in", some).execute());
  return rows.map(jobRow);
}

export async function searchJobs(db: Db, range: JobRange, offset: number, limit: number): Promise<JobRow[]> {
  const rows = await jobsIn(db, range)
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .offset(offset)
    .limit(limit)
    .execute();
  return rows.map(jobRow);
}

export async function countJobs(db: Db, range: JobRange) {
  const rows = await jobsIn(db, range)
    .select(["job_type", "state", (eb) => eb.fn.countAll<number>().as("jobs")])
    .groupBy(["job_type", "state"])
    .execute();
  return rows.map((row) => ({ jobType: row.job_type as JobRow["jobType"], state: row.state as JobRow["state"], jobs: Number(row.jobs) }));
}

export async function deleteJobsBefore(trx: Trx, at: string): Promise<void> {
  await trx.deleteFrom("job").where("created_at", "<", at).where("ended_at", "<", at).execute();
}

function jobsIn(db: Db, { jobType, state, from, to, key }: JobRange) {
  let jobs = db.selectFrom("job");
  if (jobType !== undefined) jobs = jobs.where("job_type", "=", jobType);
  if (state !== undefined) jobs = jobs.where("state", "=", state);
  if (from !== undefined) jobs = jobs.where("created_at", ">=", from);
  if (to !== undefined) jobs = jobs.where("created_at", "<=", to);
  if (key !== undefined) jobs = jobs.where("object_path", ">=", key).where("object_path", "<", descendantRange(key).before);
  return jobs;
}
