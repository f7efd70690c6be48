import type { z } from "zod";
import { checkClientConfig, type OAuthClientConfig } from "./oauth-client-config";

/** What a connection gives to log in with: `authenticationType` and the fields that belong to its types. */
interface Authentication {
  readonly authenticationType: string;
  readonly oAuthClientConfig?: OAuthClientConfig | undefined;
}

/** For each authentication type, the fields that it needs and those that it may have. */
export type FieldsByType<Value extends Authentication> = Readonly<
  Record<Value["authenticationType"], { readonly required: readonly (keyof Value)[]; readonly optional: readonly (keyof Value)[] }>
>;

/** Reports every field that the authentication type lacks, and every one that belongs to another type. */
export function checkAuthenticationType<Value extends Authentication>(
  value: Value,
  fields: FieldsByType<Value>,
  context: z.RefinementCtx,
): void {
  const problem = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  const type: Value["authenticationType"] = value.authenticationType;
  const { required, optional } = fields[type];
  for (const field of required) {
    if (value[field] === undefined) problem([String(field)], `is missing; authenticationType ${type} needs it`);
  }
  for (const field of ownedFields(fields)) {
    if (value[field] === undefined || required.includes(field) || optional.includes(field)) continue;
    problem([String(field)], `does not go with authenticationType ${type}; remove it`);
  }
  if (value.oAuthClientConfig !== undefined) {
    checkClientConfig(value.oAuthClientConfig, (field, message) => problem(["oAuthClientConfig", field], message));
  }
}

function ownedFields<Value extends Authentication>(fields: FieldsByType<Value>): Set<keyof Value> {
  const types = Object.values<FieldsByType<Value>[Value["authenticationType"]]>(fields);
  return new Set(types.flatMap(({ required, optional }) => [...required, ...optional]));
}
