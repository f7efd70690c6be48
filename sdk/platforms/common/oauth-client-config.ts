import { z } from "zod";

/** A key's text in PEM form. `keyName` and `userFilename` are the contract's; the file itself is never read. */
export const keyFields = {
  userFilename: z.string().optional(),
  content: z.string().min(1, "is empty; give the key's text, -----BEGIN to END-----"),
};

/** `oAuthClientConfig` of a connection (contract: Snowflake and Databricks connection); `checkClientConfig` says what goes together. */
export const oAuthClientConfig = z.strictObject({
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

/** Reports what a configuration lacks, and what does not go with the rest of it. */
export function checkClientConfig(config: OAuthClientConfig, problem: (field: string, message: string) => void): void {
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

/** Nobody listens in between on this machine's own address. What is no address at all is refused by the schema. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}
