import { z } from "zod";
import { DEFAULT_PORT, keyWithLineEnds, port, withLineEnds } from "../common/address";
import { authenticationFields, checkAuthentication } from "./authentication";

/** The workspace's address: a host alone, or its URL. */
export const workspaceAddress = z
  .string()
  .regex(
    /^(https:\/\/)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?\/?$/i,
    "expected the workspace's host, as adb-1234567890123456.7.azuredatabricks.net, without port or path",
  );

const httpPath = z
  .string()
  .regex(/^\/?[\w.-]+(\/[\w.-]+)+(\?o=\d+)?$/, "expected the path of a SQL warehouse or cluster, as /sql/1.0/warehouses/1234567890abcdef");

const certificateAuthority = z
  .string()
  .regex(/-----BEGIN CERTIFICATE-----/, "expected the authority's certificate in PEM form, -----BEGIN CERTIFICATE----- to -----END");

export const addressFields = {
  port,
  httpPath,
  /** Beyond the contract: trusted beside the usual authorities, for a private host or an inspecting proxy. */
  certificateAuthority: certificateAuthority.optional(),
};

/** The same address has another name in each place (contract: Databricks Unity Catalog, setup script). */
const elsewhere = (place: string) => z.undefined(`is what ${place} calls the workspace's address; here it is hostname`).optional();

/**
 * `connection` of a Databricks connection (contract: Databricks Unity Catalog), with `certificateAuthority` beyond it. Each
 * authentication type takes its own fields and no others.
 */
export const databricksConnectionSchema = z
  .strictObject({
    technology: z.literal("Databricks"),
    hostname: workspaceAddress,
    host: elsewhere("nativeIntegration.config"),
    workspaceUrl: elsewhere("the setup script"),
    ...addressFields,
    ...authenticationFields,
  })
  .superRefine(checkAuthentication);

export type DatabricksConnection = Omit<z.infer<typeof databricksConnectionSchema>, "host" | "workspaceUrl">;

/** The same connection in one spelling: a host alone in lower case, a path from the root, PEM texts with real line ends. Secrets may be missing. */
export function normalizeConnection(connection: DatabricksConnection): DatabricksConnection {
  const { httpPath: path, certificateAuthority: authority, oAuthClientConfig } = connection;
  return {
    ...connection,
    hostname: hostOf(connection.hostname),
    httpPath: path.startsWith("/") ? path : `/${path}`,
    ...(authority !== undefined && { certificateAuthority: withLineEnds(authority) }),
    ...(oAuthClientConfig?.privateKey && {
      oAuthClientConfig: { ...oAuthClientConfig, privateKey: keyWithLineEnds(oAuthClientConfig.privateKey) },
    }),
  };
}

export function hostOf(address: string): string {
  return address
    .toLowerCase()
    .replace(/^https:\/\//, "")
    .replace(/\.?\/?$/, "");
}

/** `host:port`, as messages name the workspace. */
export function addressOf({ hostname, port: number = DEFAULT_PORT }: DatabricksConnection): string {
  return `${hostOf(hostname)}:${number}`;
}

/**
 * What the connection occupies: one workspace. Two workspaces may share a metastore, which cannot be told without asking
 * the server; then each object is registered under either connection.
 */
export function accountIdentity(connection: DatabricksConnection): string {
  return `Databricks workspace ${addressOf(connection)}`;
}

/** The warehouse's id; undefined for a cluster. */
export function warehouseId({ httpPath: path }: DatabricksConnection): string | undefined {
  return /\/sql\/1\.0\/(?:warehouses|endpoints)\/([\w-]+)/.exec(path)?.[1];
}
