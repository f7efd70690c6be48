import { z } from "zod";
import { checkClientConfig, keyFields, oAuthClientConfig } from "../common/oauth-client-config";

/** Fields of every authentication type; `checkAuthentication` says which go together. */
export const authenticationFields = {
  authenticationType: z.enum(["userPassword", "keyPair", "oAuthClientCredentials"]),
  username: z.string().min(1, "is empty").optional(),
  password: z.string().min(1, "is empty").optional(),
  privateKey: z.strictObject({ keyName: z.literal("PRIV_KEY_FILE"), ...keyFields }).optional(),
  privateKeyPassword: z.string().optional(),
  oAuthClientConfig: oAuthClientConfig.optional(),
};

type Authentication = z.infer<z.ZodObject<typeof authenticationFields>>;
type AuthenticationType = Authentication["authenticationType"];
type Field = Exclude<keyof Authentication, "authenticationType">;

const FIELDS: Readonly<Record<AuthenticationType, { readonly required: readonly Field[]; readonly optional: readonly Field[] }>> = {
  userPassword: { required: ["username", "password"], optional: [] },
  keyPair: { required: ["username", "privateKey"], optional: ["privateKeyPassword"] },
  oAuthClientCredentials: { required: ["oAuthClientConfig"], optional: [] },
};

/** Every field that the authentication type lacks, and every one that belongs to another type. */
export function checkAuthentication(value: Authentication, context: z.RefinementCtx): void {
  const problem = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  const type = value.authenticationType;
  const { required, optional } = FIELDS[type];
  for (const field of required) {
    if (value[field] === undefined) problem([field], `is missing; authenticationType ${type} needs it`);
  }
  for (const field of Object.keys(authenticationFields) as (keyof Authentication)[]) {
    if (field === "authenticationType" || value[field] === undefined) continue;
    if (!required.includes(field) && !optional.includes(field)) problem([field], `does not go with authenticationType ${type}; remove it`);
  }
  if (value.oAuthClientConfig !== undefined) {
    checkClientConfig(value.oAuthClientConfig, (field, message) => problem(["oAuthClientConfig", field], message));
  }
}
