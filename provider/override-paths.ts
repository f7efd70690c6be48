import * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "./natural-key";
import { pathOrNone, textForm } from "./object-setting";
import { claimSetting, declaredConnection, tenantOf, type Tenant } from "./registry";
import type { SettingName } from "../sdk/model/settings";

/** Values by object path in its text form, elements percent-encoded; perhaps known later. */
type PathMap = pulumi.Input<Record<string, unknown>> | undefined;

/**
 * What sets of overrides share: each path is claimed for one resource once it is known, and the resource waits for the connections
 * that the program declares for them.
 * @param maps by the name of the input, with the setting that it holds
 */
export function setOptions(
  resource: string,
  maps: Readonly<Record<string, readonly [SettingName, PathMap]>>,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  const tenant = tenantOf(options);
  return Object.entries(maps)
    .map(([field, [setting, map]]) => pathsKnown(map, resource, field, tenant, setting))
    .reduce((merged, dependsOn) => pulumi.mergeOptions(merged, { dependsOn }), options ?? {});
}

function pathsKnown(map: PathMap, resource: string, field: string, tenant: Tenant, setting: SettingName): pulumi.Output<pulumi.Resource[]> {
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
