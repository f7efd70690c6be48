import * as pulumi from "@pulumi/pulumi";
import { Connection, type ConnectionArgs, type UpgradeFromArgs } from "../connection";
import { ObjectStatuses } from "../object-statuses";
import type { PlannedAccount } from "./plan-account";

/**
 * What the registrations of one account are since it has a connection. It belongs to none of them: where a table moves from one
 * payload to another, or one is taken out, neither the connection nor the status of what stays gets another name in the state.
 */
export class LegacyAccount extends pulumi.ComponentResource {
  constructor(
    { connectionKey, statuses, activateNewChildren }: PlannedAccount,
    connection: ConnectionArgs["connection"],
    upgradeFrom: UpgradeFromArgs | undefined,
  ) {
    super("connections:index:LegacyAccount", connectionKey);
    const settings = { isActive: false, activateNewChildren: false };
    new Connection(connectionKey, { connectionKey, connection, settings, ...(upgradeFrom && { upgradeFrom }) }, { parent: this });
    new ObjectStatuses(connectionKey, { statuses, activateNewChildren }, { parent: this });
    this.registerOutputs({});
  }
}
