import * as pulumi from "@pulumi/pulumi";
import { formatObjectPath } from "../sdk/model/object-path";
import { whenKnown } from "./natural-key";
import { pathOrNone, textForm } from "./object-setting";
import { claimSetting, declaredConnection, tenantOf, type Tenant } from "./registry";
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
    const resource = `ObjectStatuses "${name}"`;
    const tenant = tenantOf(options);
    const accepted = [
      pathsKnown(args.statuses, resource, "statuses", tenant, "isActive"),
      pathsKnown(args.activateNewChildren, resource, "activateNewChildren", tenant, "activateNewChildren"),
    ];
    super(
      objectStatusesProvider,
      name,
      { ...args, setName: name, count: undefined },
      accepted.reduce((merged, dependsOn) => pulumi.mergeOptions(merged, { dependsOn }), options ?? {}),
      "connections",
      "ObjectStatuses",
    );
  }
}

/** Claims each path once it is known, and waits for the connections of all. */
function pathsKnown(
  map: ObjectSettingMap | undefined,
  resource: string,
  field: string,
  tenant: Tenant,
  setting: string,
): pulumi.Output<pulumi.Resource[]> {
  const accept = (paths: readonly string[]) => {
    for (const path of paths) claimSetting(tenant, setting, textForm(path), resource, field);
  };
  const isPlain = typeof map !== "object" || !(pulumi.Output.isInstance(map) || map instanceof Promise);
  const paths = isPlain ? Object.keys(map ?? {}) : pulumi.output(map).apply((known) => Object.keys(known));
  const accepted = whenKnown<string[]>(paths, resource, field, accept);
  const connections = pulumi.output(paths).apply(async (known) => {
    const keys = new Set(known.flatMap((path) => pathOrNone(path).slice(0, 1)));
    const declared = await Promise.all([...keys].map((key) => declaredConnection(tenant, key)));
    return declared.flat();
  });
  return pulumi.all([accepted, connections]).apply(([first, second]) => [...first, ...second]);
}

/** The text form of an object path, as `statuses` takes it. */
export function objectPathText(...names: readonly string[]): string {
  return formatObjectPath(names);
}
