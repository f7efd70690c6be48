import * as pulumi from "@pulumi/pulumi";
import type { ObjectState, ObjectType } from "../sdk/model/data-object";
import { settingOptions, type ObjectPathInput } from "./object-setting";
import { objectStatusProvider } from "./shim";

export interface ObjectStatusArgs {
  /** The connection, database, schema or table. Changing it replaces the resource. */
  objectPath: ObjectPathInput;
  /** Whether the object, and what is beneath it without a status of its own, is active. */
  isActive: pulumi.Input<boolean>;
}

/**
 * The status of one object, set on the object itself: it holds whatever the objects above are set to. Deleting the
 * resource returns the object to what it inherits.
 *
 * @example
 * ```ts
 * new ObjectStatus("orders", { objectPath: ["warehouse", "sales", "main", "orders"], isActive: true });
 * new ObjectStatus("staging", { objectPath: "warehouse/sales/staging", isActive: false });
 * ```
 */
export class ObjectStatus extends pulumi.dynamic.Resource {
  declare readonly objectPath: pulumi.Output<string[]>;
  declare readonly isActive: pulumi.Output<boolean>;
  declare readonly state: pulumi.Output<ObjectState>;
  declare readonly objectType: pulumi.Output<ObjectType>;

  constructor(name: string, args: ObjectStatusArgs, options?: pulumi.CustomResourceOptions) {
    super(
      objectStatusProvider,
      name,
      { ...args, state: undefined, objectType: undefined },
      settingOptions(`ObjectStatus "${name}"`, "isActive", args.objectPath, options),
      "connections",
      "ObjectStatus",
    );
  }
}
