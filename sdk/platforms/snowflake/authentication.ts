import { z } from "zod";

/** A key's text in PEM form. `keyName` and `userFilename` are the contract's; the file itself is never read. */
const keyFields = {
  userFilename: z.string().optional(),
  content: z.string().min(1, "is empty; give the key's text, -----BEGIN to END-----"),
};

const oAuthClientConfig = z.strictObject({
  useCertificate: z.boolean(),
  clientId: z.string().min(1, "is empty"),
  clientSecret: z.string().min(1, "is empty").optional(),
  /** SHA-1 or SHA-256 thumbprint of the certificate, in hexadecimal or base64url. */
  publicCertificateThumbprint: z.string().min(1, "is empty").optional(),
  privateKey: z.strictObject({ keyName: z.string().optional(), ...keyFields }).optional(),
  privateKeyPassword: z.string().optional(),
  scope: z.string().min(1, "is empty"),
  /** Where tokens are asked for. */
  authorityUrl: z.url("expected the address of the token endpoint, as https://login.example.com/oauth2/v2.0/token"),
  resource: z.string().optional(),
});

export type OAuthClientConfig = z.infer<typeof oAuthClientConfig>;

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

function checkClientConfig(config: OAuthClientConfig, problem: (field: string, message: string) => void): void {
  const certificate = ["publicCertificateThumbprint", "privateKey"] as const;
  if (config.useCertificate) {
    for (const field of certificate) if (config[field] === undefined) problem(field, "is missing; useCertificate true needs it");
    if (config.clientSecret !== undefined) problem("clientSecret", "does not go with useCertificate true; remove it");
  } else {
    if (config.clientSecret === undefined) problem("clientSecret", "is missing; useCertificate false needs it");
    for (const field of [...certificate, "privateKeyPassword"] as const) {
      if (config[field] !== undefined) problem(field, "does not go with useCertificate false; remove it");
    }
  }
  if (!isSafe(config.authorityUrl)) problem("authorityUrl", "expected an https:// address: the client's secret is sent there");
}

/** Nobody listens in between on this machine's own address. */
function isSafe(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}
