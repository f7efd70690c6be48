import * as pulumi from "@pulumi/pulumi";
import { formatObjectPath, parseObjectPath } from "../sdk/model/object-path";
import { whenKnown } from "./natural-key";
import { claimSetting, declaredConnection, knownConnection, tenantOf, type Tenant } from "./registry";

/** An object path in its array form, or in its text form with percent-encoded elements: `warehouse/sales/main/orders`. */
export type ObjectPathInput = pulumi.Input<string> | pulumi.Input<pulumi.Input<string>[]>;

/**
 * What ObjectStatus and ActivationSetting share: the path is claimed for one resource, and the resource waits for the
 * connection that the program declares for it.
 */
export function settingOptions(
  resource: string,
  setting: "isActive" | "activateNewChildren",
  objectPath: ObjectPathInput,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  const tenant = tenantOf(options);
  const accepted = whenKnown<string | pulumi.Input<string>[]>(objectPath, resource, "objectPath", (value) => {
    claimSetting(tenant, setting, textForm(value), resource, "objectPath");
  });
  if (!Array.isArray(accepted)) options = pulumi.mergeOptions(options, { dependsOn: accepted });
  return pulumi.mergeOptions(options, { dependsOn: connectionOf(objectPath, tenant) });
}

/** As the hooks will write it. */
export function textForm(value: string | string[]): string {
  const path = pathOrNone(value);
  return path.length === 0 ? JSON.stringify(value) : formatObjectPath(path);
}

/** A path that is no path is left for the hooks' check to refuse. */
export function pathOrNone(value: string | string[]): string[] {
  try {
    return [...parseObjectPath(value)];
  } catch {
    return [];
  }
}

/** The connection of the path, once the value is known: where it comes out of yet another resource, that is during the up. */
function connectionOf(objectPath: ObjectPathInput, tenant: Tenant): pulumi.Output<pulumi.Resource[]> | pulumi.Resource {
  // The usual case, without an output for each of thousands of resources: they are what a program spends its time with.
  const plainKey = typeof objectPath === "string" ? pathOrNone(objectPath)[0] : Array.isArray(objectPath) ? objectPath[0] : undefined;
  const known = typeof plainKey === "string" ? knownConnection(tenant, plainKey) : undefined;
  if (known !== undefined) return known;
  const key = Array.isArray(objectPath)
    ? pulumi.output(objectPath[0])
    : pulumi.output<string | pulumi.Input<string>[]>(objectPath).apply((path) => pathOrNone(path)[0]);
  return key.apply(async (known) => (typeof known === "string" ? declaredConnection(tenant, known) : []));
}
