import { z } from "zod";
import { checkAuthenticationType, type FieldsByType } from "../common/authentication-type";
import { oAuthClientConfig } from "../common/oauth-client-config";

/** Fields of every authentication type; `checkAuthentication` says which go together. */
export const authenticationFields = {
  authenticationType: z.enum(["token", "oAuthM2M"]),
  /** A personal access token. */
  token: z.string().min(1, "is empty").optional(),
  oAuthClientConfig: oAuthClientConfig.optional(),
};

type Authentication = z.infer<z.ZodObject<typeof authenticationFields>>;

const FIELDS: FieldsByType<Authentication> = {
  token: { required: ["token"], optional: [] },
  oAuthM2M: { required: ["oAuthClientConfig"], optional: [] },
};

export function checkAuthentication(value: Authentication, context: z.RefinementCtx): void {
  checkAuthenticationType(value, FIELDS, context);
}
