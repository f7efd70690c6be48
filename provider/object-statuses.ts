import * as pulumi from "@pulumi/pulumi";
import { formatObjectPath } from "../sdk/model/object-path";
import { setOptions } from "./override-paths";
import { objectStatusesProvider } from "./shim";

/** Values by object path in its text form, elements percent-encoded: `{ "warehouse/sales/main/orders": true }`. */
export type ObjectSettingMap = pulumi.Input<Record<string, pulumi.Input<boolean>>>;

export interface ObjectStatusesArgs {
  /** Whether each object, and what is beneath it without a status of its own, is active. */
  statuses?: ObjectSettingMap;
  /** Whether objects that later syncs find beneath each object start active. */
  activateNewChildren?: ObjectSettingMap;
}

/**
 * The statuses of many objects as one resource: thousands of them cost a few requests, a preview names each path that
 * changes, and drift is told path by path. An object that is taken out returns to what it inherits. An object that cannot
 * be set fails the update after the others were; what is set stands in the state.
 *
 * @example
 * ```ts
 * new ObjectStatuses("finance", { statuses: { "warehouse/sales/main/orders": true, "warehouse/sales/staging": false } });
 * ```
 */
export class ObjectStatuses extends pulumi.dynamic.Resource {
  declare readonly statuses: pulumi.Output<Record<string, boolean> | undefined>;
  declare readonly activateNewChildren: pulumi.Output<Record<string, boolean> | undefined>;
  /** How many overrides the set holds. */
  declare readonly count: pulumi.Output<number>;

  constructor(name: string, args: ObjectStatusesArgs, options?: pulumi.CustomResourceOptions) {
    super(
      objectStatusesProvider,
      name,
      { ...args, setName: name, count: undefined },
      setOptions(
        `ObjectStatuses "${name}"`,
        { statuses: ["isActive", args.statuses], activateNewChildren: ["activateNewChildren", args.activateNewChildren] },
        options,
      ),
      "connections",
      "ObjectStatuses",
    );
  }
}

/** The text form of an object path, as `statuses` takes it. */
export function objectPathText(...names: readonly string[]): string {
  return formatObjectPath(names);
}
