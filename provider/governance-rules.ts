import * as pulumi from "@pulumi/pulumi";
import { formatObjectPath } from "../sdk/model/object-path";
import { claimEverythingBeneath, declaredConnection, tenantOf } from "./registry";
import { governanceRulesProvider } from "./shim";

export interface GovernanceRulesArgs {
  readonly connectionKey: string;
  readonly rules: pulumi.Input<unknown>;
  /** What the program declares at the top of the connection. */
  readonly top?: pulumi.Input<unknown>;
}

/** The overrides that the rules of one connection come to; a `Governance` makes it. */
export class GovernanceRules extends pulumi.dynamic.Resource {
  /** Statuses by object path, as few as there can be. */
  declare readonly statuses: pulumi.Output<Record<string, boolean> | undefined>;
  declare readonly activateNewChildren: pulumi.Output<Record<string, boolean> | undefined>;
  /** How many overrides there are. */
  declare readonly count: pulumi.Output<number>;

  constructor(name: string, args: GovernanceRulesArgs, owner: string, options: pulumi.CustomResourceOptions) {
    const tenant = tenantOf(options);
    claimEverythingBeneath(tenant, formatObjectPath([args.connectionKey]), owner);
    super(
      governanceRulesProvider,
      name,
      { ...args, count: undefined },
      pulumi.mergeOptions(options, { dependsOn: pulumi.output(declaredConnection(tenant, args.connectionKey)) }),
      "connections",
      "GovernanceRules",
    );
  }
}
