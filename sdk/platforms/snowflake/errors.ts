import { PlatformError, messageOf } from "../../model/errors";
import { redact, secretTexts } from "../../model/secret-fields";
import { DEFAULT_PORT } from "../common/address";
import type { SnowflakeConnection } from "./connection";
import { TookTooLong } from "../common/wait";

/** The parts of the driver's errors that are read. `cause` is the HTTP client's error, `response` the server's answer. */
interface DriverError {
  readonly code?: string | number;
  readonly message?: string;
  readonly sqlState?: string;
  readonly cause?: { readonly code?: string; readonly message?: string };
  readonly response?: {
    readonly statusCode?: number;
    readonly status?: number;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
}

/** What is wrong and what to do about it; the field is one of `connection`. */
interface Explanation {
  readonly field?: keyof SnowflakeConnection;
  readonly text: string;
}

type Explain = (connection: SnowflakeConnection) => Explanation;

const LOGIN_HISTORY = "an administrator sees the reason in SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY";

const wrongRole: Explain = ({ role }) => ({
  field: "role",
  text: `role ${role} does not exist, or is not granted to this user; correct it, or: GRANT ROLE ${role} TO USER <user>`,
});
const wrongWarehouse: Explain = ({ warehouse, role }) => ({
  field: "warehouse",
  text: `warehouse ${warehouse} does not exist, or role ${role} may not use it; correct it, or: GRANT USAGE ON WAREHOUSE ${warehouse} TO ROLE ${role}`,
});
const suspendedWarehouse: Explain = ({ warehouse, role }) => ({
  field: "warehouse",
  text:
    `warehouse ${warehouse} is suspended and role ${role} may not resume it; ` +
    `set AUTO_RESUME = TRUE on it, or: GRANT OPERATE ON WAREHOUSE ${warehouse} TO ROLE ${role}`,
});
const networkPolicy: Explain = () => ({
  field: "hostname",
  text: "a network policy of the account or the user does not admit this machine's address; have it added there",
});
const wrongToken: Explain = () => ({
  field: "oAuthClientConfig",
  text:
    "Snowflake does not accept the access token; see that the account has a security integration of type EXTERNAL_OAUTH for this " +
    `issuer and audience, and that its user mapping finds a user for this client (${LOGIN_HISTORY})`,
});
const sessionGone: Explain = () => ({ text: "the session ended on the server; run it again" });
const locked: Explain = ({ username }) => ({
  field: "username",
  text: `user ${username ?? "of this client"} is locked after failed logins; wait 15 minutes, or: ALTER USER <user> SET MINS_TO_UNLOCK = 0`,
});
const disabled: Explain = ({ username }) => ({
  field: "username",
  text: `user ${username ?? "of this client"} is disabled; have it enabled: ALTER USER <user> SET DISABLED = FALSE`,
});

/** By the code of the server (390xxx: login; others: statements) or of the driver (40xxxx). */
const BY_CODE: Readonly<Record<string, Explain>> = {
  390100: () => ({ field: "password", text: `the user name or the password is wrong; correct username and password` }),
  390101: disabled,
  390102: locked,
  390144: ({ username }) => ({
    field: "privateKey",
    text:
      `Snowflake does not accept this key for user ${username}; set its public key: ALTER USER <user> SET RSA_PUBLIC_KEY = '...', ` +
      `see that username is the login name, and that this machine's clock is right (${LOGIN_HISTORY})`,
  }),
  390186: wrongRole,
  390189: wrongRole,
  390201: wrongWarehouse,
  390303: wrongToken,
  390309: wrongToken,
  390317: ({ role }) => ({
    field: "role",
    text: `the access token does not allow role ${role}; ask for it in oAuthClientConfig.scope, as session:role:${role}`,
  }),
  390318: () => ({
    field: "oAuthClientConfig",
    text: "the access token has expired, and so has the new one that was asked for; see that the token endpoint's clock is right",
  }),
  390420: networkPolicy,
  390422: networkPolicy,
  390104: sessionGone,
  390111: sessionGone,
  390112: sessionGone,
  390114: sessionGone,
  405503: sessionGone,
  407002: sessionGone,
  402001: () => ({
    text: "the place where Snowflake keeps large results cannot be reached; allow the hosts that SELECT SYSTEM$ALLOWLIST() names (type STAGE)",
  }),
  402002: () => ({ text: "the place where Snowflake keeps large results refused to hand them out; run it again" }),
  "000606": wrongWarehouse,
  "002043": wrongWarehouse,
  "000604": () => ({ text: "the statement was cancelled on the server; run it again" }),
  "000630": () => ({
    text: "the statement ran into STATEMENT_TIMEOUT_IN_SECONDS of the user, role or warehouse; raise it, or sync one database at a time",
  }),
  "003030": () => ({ text: "the share behind this imported database is no longer available; ask its provider, or drop the database" }),
};

/** By the server's words, where several codes come with the same trouble. The first that fits. */
const BY_MESSAGE: readonly (readonly [RegExp, Explain])[] = [
  [/temporarily locked|user .*is locked|account .*locked/i, locked],
  [/user (access|account)?.*disabled/i, disabled],
  [
    /resource monitor/i,
    ({ warehouse }) => ({
      field: "warehouse",
      text: `a resource monitor keeps warehouse ${warehouse} from running; raise its quota, or name another warehouse`,
    }),
  ],
  [/cannot be resumed|insufficient privileges to operate on warehouse|warehouse .*(is )?suspended/i, suspendedWarehouse],
  [/role .*(not granted|does not exist or not authorized)/i, wrongRole],
  [/warehouse .*does not exist or not authorized/i, wrongWarehouse],
  [/is not allowed to access snowflake|network policy/i, networkPolicy],
  [
    /multi-factor|\bMFA\b|\bTOTP\b|duo/i,
    () => ({
      field: "authenticationType",
      text: "the user needs a second factor, which a connection cannot give; use a user of TYPE = SERVICE with keyPair",
    }),
  ],
  [/password .*expired/i, () => ({ field: "password", text: "the password has expired; set a new one, or use keyPair" })],
];

/** What a connection that was there ends with; one that was refused is refused again. */
const BROKEN_OFF = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED"]);
const LONGEST_PAUSE_SECONDS = 30;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/;

/** What the driver or the server said, as an error that names the field and the next step. Secrets in it are blanked out. */
export function snowflakeError(error: unknown, connection: SnowflakeConnection, database?: string): PlatformError {
  if (error instanceof PlatformError) return error;
  const { field, text } = explain(error as DriverError, connection);
  const where = field === undefined ? (database ?? address(connection)) : `connection.${field}`;
  const said = redact(firstLine(saidBy(error as DriverError)), secretTexts(connection));
  const codes = [(error as DriverError).code, (error as DriverError).sqlState].filter(Boolean).join(", ");
  return new PlatformError(`${where}: ${text} (Snowflake${codes === "" ? "" : ` ${codes}`}: ${said})`, {
    ...(field !== undefined && { field: `connection.${field}` }),
  });
}

/** The catalog is too large for one question to INFORMATION_SCHEMA. */
export function isTooMuchData(error: unknown): boolean {
  return /information schema query returned too much data/i.test(messageOf(error));
}

/** How long to wait before a login is tried again, in seconds; undefined where trying again is of no use. */
export function secondsBeforeRetry(error: unknown, tries: number): number | undefined {
  const { cause, response } = error as DriverError;
  const status = response?.statusCode ?? response?.status;
  const isBusy = status === 429 || (status !== undefined && status >= 500);
  if (!isBusy && !BROKEN_OFF.has(cause?.code ?? "")) return undefined;
  const asked = Number(response?.headers?.["retry-after"]);
  return Math.min(asked > 0 ? asked : 2 ** tries, LONGEST_PAUSE_SECONDS);
}

/** The access token was refused, although a new one may pass. */
export function isTokenRefused(error: unknown): boolean {
  const { code, response } = error as DriverError;
  return ["390303", "390318"].includes(String(code)) || (response?.statusCode ?? response?.status) === 401;
}

function explain(error: DriverError, connection: SnowflakeConnection): Explanation {
  if (error instanceof TookTooLong) {
    return { text: `did not answer within ${error.seconds} s; see that it is up, and run it again` };
  }
  if (isTooMuchData(error)) {
    return { text: "a single schema holds more than INFORMATION_SCHEMA can answer; spread its objects over several schemas" };
  }
  const known = BY_CODE[String(error.code)] ?? BY_MESSAGE.find(([pattern]) => pattern.test(error.message ?? ""))?.[1];
  if (known !== undefined) return known(connection);
  return unreachable(error, connection) ?? unavailable(error, connection) ?? { text: "Snowflake refused a statement; see what it says" };
}

/** The connection was never made, or broke off. */
function unreachable({ code, cause, message = "" }: DriverError, connection: SnowflakeConnection): Explanation | undefined {
  const network = cause?.code ?? "";
  if (String(code) !== "401001" && network === "") return undefined;
  if (CERTIFICATE.test(network)) {
    return {
      field: "hostname",
      text: `the certificate of ${address(connection)} is not trusted; for a private host or proxy, name its authority's file in NODE_EXTRA_CA_CERTS`,
    };
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(network) || /getaddrinfo/.test(message)) {
    return {
      field: "hostname",
      text: `there is no host ${connection.hostname}; correct it, as <organization>-<account>.snowflakecomputing.com`,
    };
  }
  return {
    field: "hostname",
    text: `${address(connection)} cannot be reached, or broke off; see that this machine may reach it (proxy: HTTPS_PROXY), and run it again`,
  };
}

/** There was an answer, but not Snowflake's. */
function unavailable({ code, message = "", response }: DriverError, connection: SnowflakeConnection): Explanation | undefined {
  const status = response?.statusCode ?? response?.status;
  if (status === 403 || status === 404) {
    return {
      field: "hostname",
      text: `there is no account at ${address(connection)} (HTTP ${status}); correct it, or give connection.account`,
    };
  }
  if (status === 429) return { text: "Snowflake is asked too often (HTTP 429); run it again later" };
  if (status !== undefined) return { text: `Snowflake is not available (HTTP ${status}); run it again later` };
  // A page of something else has neither a code nor a message.
  if (String(code) === "401003" || (code === undefined && message === "")) {
    return { field: "hostname", text: `what answers at ${address(connection)} is not Snowflake; correct hostname and port` };
  }
  return undefined;
}

function address({ hostname, port = DEFAULT_PORT }: SnowflakeConnection): string {
  return `${hostname}:${port}`;
}

function saidBy({ message = "", cause }: DriverError): string {
  return message || cause?.message || cause?.code || "nothing more";
}

function firstLine(text: string): string {
  // The first line of a statement's error says no more than that it is one.
  return text.replace(/^SQL (compilation|execution|access control) error:\s*/i, "").split("\n")[0] ?? text;
}
