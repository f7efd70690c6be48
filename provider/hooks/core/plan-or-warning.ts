import { ConnectionsError, messageOf } from "../../../sdk/model/errors";
import type { SyncPlan } from "../../../sdk/model/sync-plan";
import type { Runtime } from "./runtime";

/** The status of what a server without our additions is asked for. */
const NOT_OFFERED = 501;

/** A crawl that fails says nothing about drift; the user is told, and what else is known still counts. */
export async function planOrWarning(runtime: Runtime, connectionKey: string): Promise<SyncPlan | undefined> {
  try {
    const plan = await runtime.plan(connectionKey);
    for (const { message } of plan.failed) runtime.warnOnce(`${connectionKey}: not all of the platform could be read: ${message}`);
    return plan;
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    if (error.statusCode === NOT_OFFERED) runtime.warnOnce(messageOf(error));
    else runtime.warnOnce(`${connectionKey}: the platform could not be read: ${messageOf(error)}`);
    return undefined;
  }
}
