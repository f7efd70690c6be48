import type { ConnectionOptions } from "snowflake-sdk";
import { DEFAULT_PORT } from "../common/address";
import { accountOf, type SnowflakeConnection } from "./connection";
import { connect, type DriverSession } from "./driver";
import { isTokenRefused } from "./errors";
import type { Limits } from "./limits";
import { accessToken } from "../common/oauth-token";
import { openPrivateKey } from "../common/private-key";

/** A session of the driver. A kept access token that the server refuses is asked for anew, once. */
export async function logIn(connection: SnowflakeConnection, limits: Limits, signal?: AbortSignal): Promise<DriverSession> {
  const { oAuthClientConfig } = connection;
  if (oAuthClientConfig === undefined) return connect({ ...address(connection), ...credentials(connection) }, limits, signal);
  const withToken = (token: string) => connect({ ...address(connection), authenticator: "OAUTH", token }, limits, signal);
  const asked = { timeoutSeconds: limits.login, signal };
  const { token, isCached } = await accessToken(oAuthClientConfig, asked);
  try {
    return await withToken(token);
  } catch (error) {
    if (!isCached || !isTokenRefused(error)) throw error;
    return withToken((await accessToken(oAuthClientConfig, { ...asked, refresh: true })).token);
  }
}

function address(connection: SnowflakeConnection): ConnectionOptions {
  const { hostname, port = DEFAULT_PORT, protocol = "https", warehouse, role } = connection;
  return { account: accountOf(connection), accessUrl: `${protocol}://${hostname}:${port}`, host: hostname, warehouse, role };
}

function credentials(connection: SnowflakeConnection): Partial<ConnectionOptions> {
  const { username, password, privateKey, privateKeyPassword } = connection;
  if (privateKey === undefined) return { username: username!, password: password! };
  const key = openPrivateKey({
    content: privateKey.content,
    passphrase: privateKeyPassword,
    contentField: "connection.privateKey.content",
    passphraseField: "connection.privateKeyPassword",
  });
  return { username: username!, authenticator: "SNOWFLAKE_JWT", privateKey: key.export({ format: "pem", type: "pkcs8" }).toString() };
}
