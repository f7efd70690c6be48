import * as pulumi from "@pulumi/pulumi";
import type { ObjectType } from "../sdk/model/data-object";
import { settingOptions, type ObjectPathInput } from "./object-setting";
import { activationSettingProvider } from "./shim";

export interface ActivationSettingArgs {
  /** The connection, database or schema. Changing it replaces the resource. */
  objectPath: ObjectPathInput;
  /** Whether objects that later syncs find beneath it start active. */
  activateNewChildren: pulumi.Input<boolean>;
}

/**
 * What newly found objects beneath one object start as. It decides at discovery only: objects already registered stay as
 * they are. Deleting the resource returns the object to what it inherits.
 *
 * @example
 * ```ts
 * new ActivationSetting("main", { objectPath: ["warehouse", "sales", "main"], activateNewChildren: true });
 * ```
 */
export class ActivationSetting extends pulumi.dynamic.Resource {
  declare readonly objectPath: pulumi.Output<string[]>;
  declare readonly activateNewChildren: pulumi.Output<boolean>;
  declare readonly objectType: pulumi.Output<ObjectType>;

  constructor(name: string, args: ActivationSettingArgs, options?: pulumi.CustomResourceOptions) {
    super(
      activationSettingProvider,
      name,
      { ...args, objectType: undefined },
      settingOptions(`ActivationSetting "${name}"`, "activateNewChildren", args.objectPath, options),
      "connections",
      "ActivationSetting",
    );
  }
}
