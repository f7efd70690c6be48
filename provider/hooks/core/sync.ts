import { heldText } from "../../../sdk/drift/words";
import { PlatformError } from "../../../sdk/model/errors";
import type { CrawlOptions } from "../../../sdk/model/connections-api";
import { formatObjectPath, type ObjectPath } from "../../../sdk/model/object-path";
import { changeCount, skippedLines, type SyncPlan } from "../../../sdk/model/sync-plan";
import type { Runtime } from "./runtime";

/** Runs an object sync to its end. @throws PlatformError with the databases that could not be read. */
export async function syncNow(runtime: Runtime, objectPath: ObjectPath, options: CrawlOptions = {}): Promise<void> {
  const { bulkId } = await runtime.api.crawl(objectPath, options);
  await followSync(runtime, objectPath, bulkId);
}

/** Waits for a sync that was started, showing its progress. */
export async function followSync(runtime: Runtime, objectPath: ObjectPath, bulkId: string): Promise<void> {
  const name = formatObjectPath(objectPath);
  const jobs = await runtime.api.waitForJobs(bulkId, {
    onProgress: ({ objects, databasesDone, databasesTotal, waitingFor }) =>
      waitingFor === undefined
        ? runtime.log.status(`${name}: syncing, ${objects} objects read, ${databasesDone} of ${databasesTotal} databases done`)
        : showWait(runtime, name, waitingFor),
  });
  for (const { output } of jobs) {
    if (output?.plan) report(runtime, name, output.plan);
    if (output?.error !== undefined) throw new PlatformError(`${name}: the object sync failed: ${output.error}`);
  }
}

/** Live progress of what a platform is waited for. */
export function showWait({ log }: Pick<Runtime, "log">, name: string, what: string): void {
  log.status(`${name}: waiting for ${what}`);
}

function report({ log }: Runtime, name: string, plan: SyncPlan): void {
  const { counts, held } = plan;
  if (changeCount(counts) > 0) {
    log.info(
      `${name}: synced, ${counts.new} new, ${counts.changed} changed, ${counts.missing} missing, ${counts.returned} returned, ${counts.unchanged} unchanged`,
    );
    for (const line of skippedLines(plan)) log.info(line);
  }
  for (const database of held) {
    const path = formatObjectPath(database.objectPath);
    log.warn(`${path}: ${heldText(database)}. Check the grants, or set allowMassRemoval: true and run again`);
  }
}
