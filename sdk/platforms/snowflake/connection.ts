import { z } from "zod";
import { DEFAULT_PORT, keyWithLineEnds, port } from "../common/address";
import { authenticationFields, checkAuthentication } from "./authentication";

/** A host alone: what follows it in an address has fields of its own. */
const hostname = z
  .string()
  .regex(
    /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/,
    "expected a host alone, as acme.snowflakecomputing.com, without https://, port or path",
  );

export const addressFields = {
  /** Names the account to the server where the host's first label does not (a private host). */
  account: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, "expected an account's name without region, as acme or org-acme")
    .optional(),
  /** `http` is for test servers. */
  protocol: z.enum(["https", "http"]).optional(),
};

/** A warehouse or role as connection parameters take one: `GOV_WH` in any case, or `"gov wh"` in quotes as it is. */
export const identifier = z.string().min(1, "is empty");

/**
 * `connection` of a Snowflake connection (contract: Snowflake connection), with `account` and `protocol` beyond it. Each
 * authentication type takes its own fields and no others.
 */
export const snowflakeConnectionSchema = z
  .strictObject({
    technology: z.literal("Snowflake"),
    hostname,
    port,
    warehouse: identifier,
    role: identifier,
    ...authenticationFields,
    ...addressFields,
  })
  .superRefine(checkAuthentication);

export type SnowflakeConnection = z.infer<typeof snowflakeConnectionSchema>;

/** The same connection in one spelling: a host in lower case, keys with real line ends. Secrets may be missing. */
export function normalizeConnection(connection: SnowflakeConnection): SnowflakeConnection {
  const { privateKey, oAuthClientConfig } = connection;
  return {
    ...connection,
    hostname: connection.hostname.toLowerCase().replace(/\.$/, ""),
    ...(privateKey && { privateKey: keyWithLineEnds(privateKey) }),
    ...(oAuthClientConfig?.privateKey && {
      oAuthClientConfig: { ...oAuthClientConfig, privateKey: keyWithLineEnds(oAuthClientConfig.privateKey) },
    }),
  };
}

/** The account as the login names it. */
export function accountOf({ account, hostname }: SnowflakeConnection): string {
  return account ?? hostname.split(".")[0]!;
}

/**
 * What the connection occupies. An account's private-link address and its address with `-` for `_` are the same account;
 * its locator (`xy12345.eu-west-1`) and its name (`org-acme`) cannot be told to be one without asking the server.
 */
export function accountIdentity(connection: SnowflakeConnection): string {
  const { hostname, port = DEFAULT_PORT } = normalizeConnection(connection);
  const isOwn = hostname.endsWith(".snowflakecomputing.com") || hostname.endsWith(".snowflakecomputing.cn");
  const host = isOwn ? hostname.replace(".privatelink.", ".").replaceAll("_", "-") : hostname;
  const account = accountOf(connection).toLowerCase().replaceAll("_", "-");
  return `Snowflake account ${account} at ${host}:${port}`;
}
