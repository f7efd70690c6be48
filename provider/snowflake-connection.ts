import type * as pulumi from "@pulumi/pulumi";
import type { OAuthClientArgs } from "./oauth-client";

/** What every Snowflake connection has, whatever it logs in with. */
export interface SnowflakeAccountArgs {
  technology: pulumi.Input<"Snowflake">;
  /** The account's host alone: `acme.snowflakecomputing.com`. */
  hostname: pulumi.Input<string>;
  /** 443 when left out. */
  port?: pulumi.Input<number>;
  /** `GOV_WH` in any case, or an exact name in quotes: `"gov wh"`. */
  warehouse: pulumi.Input<string>;
  /** The role that sees what is to be governed; spelled as `warehouse` is. */
  role: pulumi.Input<string>;
  /** Names the account where the host's first label does not (a private host). */
  account?: pulumi.Input<string>;
  /** `https` when left out. */
  protocol?: pulumi.Input<"https" | "http">;
}

/** Logs in with a user's name and password. */
export interface SnowflakePasswordArgs extends SnowflakeAccountArgs {
  authenticationType: pulumi.Input<"userPassword">;
  username: pulumi.Input<string>;
  /** Kept secret in state and store. */
  password: pulumi.Input<string>;
}

/** A private key in PEM form; its text is kept secret in state and store. */
export interface SnowflakePrivateKeyArgs {
  keyName: pulumi.Input<"PRIV_KEY_FILE">;
  /** What the file is called where the key comes from; it is never read. */
  userFilename?: pulumi.Input<string>;
  /** `-----BEGIN PRIVATE KEY-----` to its end; an encrypted one needs `privateKeyPassword`. */
  content: pulumi.Input<string>;
}

/** Logs in with a user's key pair. */
export interface SnowflakeKeyPairArgs extends SnowflakeAccountArgs {
  authenticationType: pulumi.Input<"keyPair">;
  username: pulumi.Input<string>;
  privateKey: pulumi.Input<SnowflakePrivateKeyArgs>;
  /** Kept secret in state and store. */
  privateKeyPassword?: pulumi.Input<string>;
}

export type SnowflakeOAuthClientArgs = OAuthClientArgs;

/** Logs in with tokens that a client asks for itself. */
export interface SnowflakeOAuthArgs extends SnowflakeAccountArgs {
  authenticationType: pulumi.Input<"oAuthClientCredentials">;
  oAuthClientConfig: pulumi.Input<SnowflakeOAuthClientArgs>;
}

/** Connection information of a Snowflake connection (contract: Snowflake connection). */
export type SnowflakeConnectionArgs = SnowflakePasswordArgs | SnowflakeKeyPairArgs | SnowflakeOAuthArgs;
