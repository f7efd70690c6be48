import type * as pulumi from "@pulumi/pulumi";
import type { OAuthClientArgs } from "./oauth-client";

/** What every Databricks connection has, whatever it logs in with. */
export interface DatabricksWorkspaceArgs {
  technology: pulumi.Input<"Databricks">;
  /** The workspace's host, or its URL: `adb-1234567890123456.7.azuredatabricks.net`. */
  hostname: pulumi.Input<string>;
  /** 443 when left out. */
  port?: pulumi.Input<number>;
  /** Of a SQL warehouse or cluster: `/sql/1.0/warehouses/1234567890abcdef`. */
  httpPath: pulumi.Input<string>;
  /** PEM text of an authority that is trusted beside the usual ones, for a private host or an inspecting proxy. */
  certificateAuthority?: pulumi.Input<string>;
}

/** Logs in with a personal access token. */
export interface DatabricksTokenArgs extends DatabricksWorkspaceArgs {
  authenticationType: pulumi.Input<"token">;
  /** Kept secret in state and store. */
  token: pulumi.Input<string>;
}

/** Logs in as a service principal, with tokens that it asks for itself. */
export interface DatabricksOAuthArgs extends DatabricksWorkspaceArgs {
  authenticationType: pulumi.Input<"oAuthM2M">;
  /** `scope` is `all-apis`, `authorityUrl` the workspace's `https://<host>/oidc/v1/token`. */
  oAuthClientConfig: pulumi.Input<OAuthClientArgs>;
}

/** Connection information of a Databricks connection (contract: Databricks Unity Catalog). */
export type DatabricksConnectionArgs = DatabricksTokenArgs | DatabricksOAuthArgs;
