import { z } from "zod";
import { ConnectionsError, NotFoundError, PlatformError } from "../../../sdk/model/errors";
import type { UpgradePlan, UpgradeRequest, UpgradeStatus } from "../../../sdk/model/upgrade";
import { acknowledgeSchema } from "../../../sdk/model/upgrade-schema";
import type { Runtime } from "./runtime";

/** How many of the data sources that stay behind a message names. */
const NAMED = 5;

export const upgradeFromSchema = z.strictObject({
  hostname: z.string().min(1, "is empty; name the host that the data sources were registered on"),
  acknowledge: acknowledgeSchema.optional(),
});

export type UpgradeFrom = z.infer<typeof upgradeFromSchema>;

/** Tells what the upgrade would do. What stands in its way is a warning: `up` is what fails. */
export async function showUpgradePlan({ api, log }: Runtime, request: UpgradeRequest): Promise<void> {
  try {
    const plan = await api.planUpgrade(request, { limit: NAMED });
    for (const { message } of plan.blockers) log.warn(`${request.connectionKey}: the upgrade is blocked: ${message}`);
    for (const warning of plan.warnings) log.info(`${request.connectionKey}: ${warning}`);
    for (const { name, reason } of plan.remaining) log.warn(`${request.connectionKey}: "${name}" would not be upgraded: ${reason}`);
    log.info(`${request.connectionKey}: ${countsText(plan)}`);
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    log.warn(`${request.connectionKey}: what the upgrade would do could not be found out: ${error.message}`);
  }
}

/** Waits for an upgrade that was started. @throws PlatformError when it did not come to its end. */
export async function followUpgrade({ api, log }: Runtime, connectionKey: string, bulkId: string): Promise<void> {
  const jobs = await api.waitForJobs(bulkId, {
    onProgress: ({ objects, dataSourcesDone, dataSourcesTotal }) =>
      log.status(
        dataSourcesDone === undefined
          ? `${connectionKey}: upgrading, ${objects} objects read`
          : `${connectionKey}: upgrading, ${dataSourcesDone} of ${dataSourcesTotal} data sources moved`,
      ),
  });
  for (const { output } of jobs) {
    if (output?.upgrade) {
      log.info(`${connectionKey}: upgraded ${output.upgrade.upgraded} data sources`);
      if (output.upgrade.remaining > 0) await warnOfRemaining({ api, log }, connectionKey, output.upgrade.remaining);
      for (const owner of output.upgrade.unknownOwners) log.warn(`${connectionKey}: ${owner} is not known here and owns nothing yet`);
    }
    if (output?.error !== undefined) throw new PlatformError(`${connectionKey}: the upgrade failed: ${output.error}`);
  }
}

/** Undefined where there is nothing left to upgrade. */
export async function unfinishedUpgrade({ api }: Runtime, connectionKey: string): Promise<UpgradeStatus | undefined> {
  try {
    const status = await api.getUpgrade(connectionKey);
    return status.status === "complete" ? undefined : status;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

export function unfinishedText({ status, counts }: UpgradeStatus): string {
  return `upgrade: ${status}, ${counts.remaining} of ${counts.dataSources} data sources are not upgraded`;
}

async function warnOfRemaining({ api, log }: Pick<Runtime, "api" | "log">, connectionKey: string, remaining: number): Promise<void> {
  const { hits } = await api.listUpgradeSources(connectionKey, { state: "remaining", size: NAMED });
  for (const { name, reason } of hits) log.warn(`${connectionKey}: "${name}" was not upgraded: ${reason ?? "it was not tried"}`);
  if (remaining > hits.length) log.warn(`${connectionKey}: ${remaining - hits.length} more data sources were not upgraded`);
}

function countsText({ counts: { moving, remaining, activated, inactive } }: UpgradePlan): string {
  return (
    `the upgrade would move ${moving} data sources and leave ${remaining}; ` +
    `${activated} more tables would become active and ${inactive} appear inactive`
  );
}
