import * as pulumi from "@pulumi/pulumi";
import { formatObjectPath, parseObjectPath } from "../sdk/model/object-path";
import { whenKnown } from "./natural-key";
import { claim, declaredConnection } from "./registry";

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
  const accepted = whenKnown<string | pulumi.Input<string>[]>(objectPath, resource, "objectPath", (value) => {
    claim(`${setting} of ${textForm(value)}`, resource, "objectPath");
  });
  const connection = connectionKeyOf(objectPath).then((key) => (key === undefined ? [] : declaredConnection(key)));
  return pulumi.mergeOptions(pulumi.mergeOptions(options, { dependsOn: accepted }), { dependsOn: connection });
}

/** As the hooks will write it; a path that is no path is left for their check to refuse. */
function textForm(value: string | string[]): string {
  try {
    return formatObjectPath(parseObjectPath(value));
  } catch {
    return JSON.stringify(value);
  }
}

/** Undefined where the path comes out of another resource: then it waits for that one anyway. */
async function connectionKeyOf(objectPath: ObjectPathInput): Promise<string | undefined> {
  const path = await objectPath;
  if (typeof path === "string") return decodeURIComponent(path.split("/")[0] ?? "");
  if (!Array.isArray(path)) return undefined;
  const first = await path[0];
  return typeof first === "string" ? first : undefined;
}
