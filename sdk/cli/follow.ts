import type { ConnectionsApi } from "../model/connections-api";
import { PlatformError } from "../model/errors";
import type { JobProgress } from "../model/job";
import { formatObjectPath } from "../model/object-path";
import type { SyncPlan } from "../model/sync-plan";
import type { UpgradeResult } from "../model/upgrade";

const FIRST_LINE_AFTER_MILLISECONDS = 1_000;
const LINE_EVERY_MILLISECONDS = 2_000;

/**
 * Waits for a sync to end, with a line of progress on standard error every two seconds.
 * @throws PlatformError when a database could not be read or was held back; what was read is applied.
 */
export async function follow(api: ConnectionsApi, bulkId: string): Promise<SyncPlan> {
  const jobs = await api.waitForJobs(bulkId, { onProgress: progressLines() });
  const [output] = jobs.map((job) => job.output);
  if (output?.error !== undefined) throw new PlatformError(output.error);
  if (output?.plan === undefined) throw new PlatformError("the sync ended without a result; run it again");
  return output.plan;
}

/**
 * The same for an upgrade, which may have moved data sources though a database could not be read.
 * @throws PlatformError when it did not come to that.
 */
export async function followUpgrade(api: ConnectionsApi, bulkId: string): Promise<UpgradeResult> {
  const jobs = await api.waitForJobs(bulkId, { onProgress: progressLines() });
  const [output] = jobs.map((job) => job.output);
  if (output?.upgrade === undefined) throw new PlatformError(output?.error ?? "the upgrade ended without a result; run it again");
  if (output.error !== undefined) console.error(`not read: ${output.error}`);
  return output.upgrade;
}

/** @throws PlatformError naming the databases whose changes were not applied. */
export function refuseHeld(plan: SyncPlan): void {
  if (plan.held.length === 0) return;
  const databases = plan.held.map(({ objectPath, known, missing }) => `${formatObjectPath(objectPath)} (${missing} of ${known})`);
  throw new PlatformError(
    `held back, because most known objects vanished, which lost grants look like: ${databases.join(", ")}. ` +
      "Check the grants, or sync again with --allow-mass-removal",
  );
}

/** A line for what a platform is waited for; each of them counts. */
export function showWait(what: string): void {
  console.error(`waiting for ${what}`);
}

function progressLines(): (progress: JobProgress) => void {
  let next = Date.now() + FIRST_LINE_AFTER_MILLISECONDS;
  return ({ objects, databasesDone, databasesTotal, dataSourcesDone, dataSourcesTotal, waitingFor }) => {
    if (Date.now() < next) return;
    next = Date.now() + LINE_EVERY_MILLISECONDS;
    if (waitingFor !== undefined) return showWait(waitingFor);
    if (dataSourcesDone !== undefined) console.error(`upgrading: ${dataSourcesDone} of ${dataSourcesTotal} data sources moved`);
    else console.error(`syncing: ${objects} objects read, ${databasesDone} of ${databasesTotal} databases done`);
  };
}
