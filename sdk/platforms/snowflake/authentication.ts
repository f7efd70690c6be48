import { z } from "zod";
import { checkAuthenticationType, type FieldsByType } from "../common/authentication-type";
import { keyFields, oAuthClientConfig } from "../common/oauth-client-config";

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
const FIELDS: FieldsByType<Authentication> = {
  userPassword: { required: ["username", "password"], optional: [] },
  keyPair: { required: ["username", "privateKey"], optional: ["privateKeyPassword"] },
  oAuthClientCredentials: { required: ["oAuthClientConfig"], optional: [] },
};

export function checkAuthentication(value: Authentication, context: z.RefinementCtx): void {
  checkAuthenticationType(value, FIELDS, context);
}
