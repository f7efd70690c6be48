import * as pulumi from "@pulumi/pulumi";
import { KEY_PASSWORD_OPTION } from "../../sdk/model/legacy/read-address";
import { markSecrets, secretFieldsOf } from "../secret-inputs";
import { legacyRegistrationProvider } from "../shim";

/** One payload that is registered by the former API; a `LegacyDataSource` makes it. */
export class LegacyRegistration extends pulumi.dynamic.Resource {
  /** Names of its data sources; of V1, with their ids and tables. */
  declare readonly dataSources: pulumi.Output<readonly { readonly id?: number; readonly name: string; readonly table?: string }[]>;

  constructor(
    name: string,
    { payload, technology }: { readonly payload: Readonly<Record<string, unknown>>; readonly technology: string | undefined },
    options: pulumi.CustomResourceOptions,
  ) {
    const hidden = hideOptions(payload) as Readonly<Record<string, unknown>>;
    super(
      legacyRegistrationProvider,
      name,
      {
        payload: markSecrets(hidden),
        technology,
        secretFields: secretFieldsOf(hidden, "payload").apply((fields) => (fields.length === 0 ? undefined : fields)),
        dataSources: undefined,
      },
      options,
      "connections",
      "LegacyRegistration",
    );
  }
}

/** Options of the driver are one text, in which the key's password may stand. */
function hideOptions(value: unknown, name = ""): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return value;
  if (typeof value === "string") {
    return name === "connectionStringOptions" && value.toLowerCase().includes(KEY_PASSWORD_OPTION) ? pulumi.secret(value) : value;
  }
  if (Array.isArray(value)) return value.map((member) => hideOptions(member));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hideOptions(member, key)]));
}
