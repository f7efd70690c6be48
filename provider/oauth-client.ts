import type * as pulumi from "@pulumi/pulumi";

/** Where tokens come from: a client with a secret, or with a certificate (contract: Snowflake and Databricks connection). */
export interface OAuthClientArgs {
  useCertificate: pulumi.Input<boolean>;
  clientId: pulumi.Input<string>;
  /** Kept secret in state and store. */
  clientSecret?: pulumi.Input<string>;
  /** Of the certificate, in hexadecimal or base64url. */
  publicCertificateThumbprint?: pulumi.Input<string>;
  /** The certificate's private key. */
  privateKey?: pulumi.Input<{ keyName?: pulumi.Input<string>; userFilename?: pulumi.Input<string>; content: pulumi.Input<string> }>;
  privateKeyPassword?: pulumi.Input<string>;
  scope: pulumi.Input<string>;
  /** The token endpoint's address. */
  authorityUrl: pulumi.Input<string>;
  resource?: pulumi.Input<string>;
}
