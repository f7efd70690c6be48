import * as pulumi from "@pulumi/pulumi";
import type { LegacyDataSourceArgs } from "./legacy-declaration";
import { settledWith } from "./legacy-run";
import { tenantOf } from "./registry";
import { runError } from "./run-error";

/**
 * A registration of the old way, taken as it is. Where its account was upgraded, or no registration of it says `registerOldWay`, all of
 * the account's registrations together are one `Connection` with the fewest statuses that mean the same; until then, and only where it
 * is asked for, each is registered by the former API. The account's state is looked up when the program runs.
 *
 * All of one account have to be made in the program's body, before anything is waited for: they are planned together.
 *
 * @example
 * ```ts
 * new LegacyDataSource("sales", { payload: readFileSync("sales.yaml", "utf8"), registerOldWay: true });
 * ```
 */
export class LegacyDataSource extends pulumi.ComponentResource {
  /** The connection that it is part of; undefined while it is registered the old way. */
  readonly connectionKey: pulumi.Output<string | undefined>;

  constructor(name: string, args: LegacyDataSourceArgs, options?: pulumi.ComponentResourceOptions) {
    super("connections:index:LegacyDataSource", name, {}, options);
    const owner = `LegacyDataSource "${name}"`;
    if (tenantOf(options) !== undefined) {
      throw runError(`${owner}: provider: the state of its account is looked up at the stack's own server or store; declare it without`);
    }
    const settled = settledWith({ resource: this, name, owner, args });
    this.connectionKey = pulumi.output(settled.then(({ connectionKey }) => connectionKey));
    this.registerOutputs({ connectionKey: this.connectionKey });
  }
}
