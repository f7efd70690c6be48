import { PlatformError, messageOf } from "../../model/errors";
import { redact, secretTexts } from "../../model/secret-fields";
import { TookTooLong } from "../common/wait";
import { addressOf, hostOf, type DatabricksConnection } from "./connection";
import { quoteIdentifier } from "./quote";
import { Refusal } from "./refusal";
import { isTimeout } from "./workspace-api";

/** What is wrong and what to do about it; the field is one of `connection`. */
interface Explanation {
  readonly field?: keyof DatabricksConnection;
  readonly text: string;
}

/** What the error was met at. */
interface Circumstances {
  readonly connection: DatabricksConnection;
  readonly database?: string | undefined;
  /** Of the warehouse, where it was asked for. */
  readonly warehouse?: string | undefined;
}

type Explain = (circumstances: Circumstances, said: string) => Explanation;

/** Where the credentials are, for either authentication type. */
const credentials = ({ authenticationType }: DatabricksConnection) => (authenticationType === "token" ? "token" : "oAuthClientConfig");

const wrongToken: Explain = ({ connection }) =>
  connection.authenticationType === "token"
    ? { field: "token", text: "the workspace does not accept this token; make one in the workspace's settings (Developer, Access tokens)" }
    : {
        field: "oAuthClientConfig",
        text: "the workspace does not accept the client's access token; add the service principal to this workspace, and see that authorityUrl is this workspace's or account's",
      };
const expiredToken: Explain = ({ connection }) => ({
  field: credentials(connection),
  text:
    connection.authenticationType === "token"
      ? "the token has expired; make a new one, or use oAuthM2M, whose tokens are renewed"
      : "the access token has expired, and so has the new one that was asked for; see that the token endpoint's clock is right",
});
const noWarehouse: Explain = ({ connection }) => ({
  field: "httpPath",
  text: `there is no warehouse or cluster at ${connection.httpPath}: it may have been deleted; copy the path from its connection details`,
});
const deletedWarehouse: Explain = ({ connection, warehouse }) => ({
  field: "httpPath",
  text: `the warehouse of ${connection.httpPath} is ${warehouse === "DELETED" ? "deleted" : "being deleted"}; name another one`,
});
const stoppedWarehouse: Explain = ({ connection }) => ({
  field: "httpPath",
  text: `the warehouse of ${connection.httpPath} is stopped and does not start on demand; start it, and see that this identity has CAN USE on it`,
});
const startingWarehouse: Explain = ({ connection }) => ({
  field: "httpPath",
  text: `the warehouse of ${connection.httpPath} is still starting; run it again when it runs`,
});
const mayNotUseWarehouse: Explain = ({ connection }) => ({
  field: "httpPath",
  text: `this identity may not use the warehouse of ${connection.httpPath}; give it CAN USE there`,
});
const notAdmitted: Explain = () => ({
  field: "hostname",
  text: "an IP access list of the workspace or account does not admit this machine's address; have it added there",
});
const sessionGone: Explain = () => ({ text: "the session ended on the server; run it again" });
const noCatalog: Explain = ({ database }, said) => {
  const catalog = /on catalog [`'"]?([^`'"\s.]+)/i.exec(said)?.[1] ?? database ?? "<catalog>";
  return { text: `the identity may not use the catalog; GRANT USE CATALOG ON CATALOG ${quoteIdentifier(catalog)} TO \`<principal>\`` };
};
const noPrivilege: Explain = () => ({
  text: "the identity lacks a privilege; docs/databricks-privileges.md lists what a connection needs",
});
const noDatabase: Explain = ({ database }) => ({
  text: `there is no catalog ${database === undefined ? "of this name" : quoteIdentifier(database)}, or it is not visible to this identity`,
});
const notAWorkspace: Explain = ({ connection }) => ({
  field: "hostname",
  text: `what answers at ${addressOf(connection)} is not a Databricks workspace; correct hostname and port`,
});

const BY_WAREHOUSE: Readonly<Record<string, Explain>> = {
  DELETED: deletedWarehouse,
  DELETING: deletedWarehouse,
  STOPPED: stoppedWarehouse,
  STOPPING: stoppedWarehouse,
  STARTING: startingWarehouse,
};

const SESSION_GONE = /invalid sessionhandle|session ?handle.*(not been initialized|already closed)|invalid operationhandle/i;

/** By the server's words. The first that fits. */
const BY_MESSAGE: readonly (readonly [RegExp, Explain])[] = [
  [/token.{0,40}expired|expired.{0,40}token/i, expiredToken],
  [/IP ACL|IP access list/i, notAdmitted],
  [/invalid (access )?token|credential was not sent/i, wrongToken],
  [/permission.*(warehouse|endpoint)|CAN_USE/i, mayNotUseWarehouse],
  [/(warehouse|endpoint).*(does not exist|was not found|not found|deleted)|RESOURCE_DOES_NOT_EXIST/i, noWarehouse],
  [/(warehouse|endpoint|cluster).*(stopped|terminated|cannot be started)/i, stoppedWarehouse],
  [/TEMPORARILY_UNAVAILABLE|(warehouse|endpoint|cluster).*starting/i, startingWarehouse],
  [/USE[ _]CATALOG/i, noCatalog],
  [SESSION_GONE, sessionGone],
  [/INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED|insufficient privileges/i, noPrivilege],
  [/NO_SUCH_CATALOG|catalog .*(not found|does not exist)/i, noDatabase],
];

/** By the code of the network, wherever the driver or the HTTP client keeps it. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/;
const NO_HOST = /ENOTFOUND|EAI_AGAIN/;
const BROKEN_OFF = /ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE/;
const BROKEN_OFF_MESSAGE = /socket hang up|premature close|client network socket disconnected/i;

/** What the driver or the server said, as an error that names the field and the next step. Secrets in it are blanked out. */
export function databricksError(error: unknown, circumstances: Circumstances): PlatformError {
  if (error instanceof PlatformError) return error;
  const { connection, database } = circumstances;
  const said = messageOf(error);
  const { field, text } = explain(error, circumstances, said);
  const where = field === undefined ? (database ?? addressOf(connection)) : `connection.${field}`;
  const facts = error instanceof Refusal ? error.facts : {};
  const codes = [facts.status === undefined ? undefined : `HTTP ${facts.status}`, facts.sqlState].filter(Boolean).join(", ");
  const quoted = redact(said.split("\n")[0] ?? said, secretTexts(connection)) || "nothing more";
  return new PlatformError(`${where}: ${text} (Databricks${codes === "" ? "" : ` ${codes}`}: ${quoted})`, {
    ...(field !== undefined && { field: `connection.${field}` }),
  });
}

/** The session is lost, or the way to it: another one may be opened. */
export function isSessionLost(error: unknown): boolean {
  return isBrokenOff(error) || SESSION_GONE.test(messageOf(error));
}

/**
 * What a warehouse that starts on demand answers meanwhile: 503 to any request, or a session that it gives out and does not know
 * yet. Databricks documents neither; both are known from its drivers' issues.
 */
export function isStarting(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  const { status } = error.facts;
  if (status === 503 || status === 429) return true;
  return /TEMPORARILY_UNAVAILABLE|not been initialized or had already closed|couldn't create directory/i.test(error.message);
}

/** The access token was refused, although a new one may pass. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof Refusal && (error.facts.status === 401 || error.facts.status === 403);
}

/** The catalog's rows may be read, but not from the views of all catalogs. */
export function isSystemRefused(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  return /INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED|TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|NO_SUCH_CATALOG|USE[ _]SCHEMA|USE[ _]CATALOG/.test(
    error.message,
  );
}

function explain(error: unknown, circumstances: Circumstances, said: string): Explanation {
  const { connection, warehouse } = circumstances;
  const known = warehouse === undefined ? undefined : BY_WAREHOUSE[warehouse];
  if (known !== undefined) return known(circumstances, said);
  if (error instanceof TookTooLong) return { text: `did not answer within ${error.seconds} s; see that it is up, and run it again` };
  if (isTimeout(error) || said === "Request timed out")
    return { text: "the workspace did not answer in time; see that it is up, and run it again" };
  const { status, isPage, place } = error instanceof Refusal ? error.facts : {};
  if (isPage === true && (status === undefined || status < 500)) return notAWorkspace(circumstances, said);
  const named = BY_MESSAGE.find(([pattern]) => pattern.test(said))?.[1];
  if (named !== undefined) return named(circumstances, said);
  if (status === 401) return wrongToken(circumstances, said);
  if (status === 403) {
    return place === undefined
      ? wrongToken(circumstances, said)
      : {
          field: credentials(connection),
          text: `may not ask the workspace's API ${place}, which tells isolated and shared catalogs; give it the scope all-apis`,
        };
  }
  if (status === 404) return place === undefined ? noWarehouse(circumstances, said) : notAWorkspace(circumstances, said);
  if (status === 429) return { text: "the workspace is asked too often; run it again later" };
  if (status !== undefined) return { text: "the workspace is not available; run it again later" };
  return unreachable(error, connection) ?? { text: "Databricks refused a statement; see what it says" };
}

/** The connection was never made, or broke off. */
function unreachable(error: unknown, connection: DatabricksConnection): Explanation | undefined {
  const network = networkCode(error);
  if (CERTIFICATE.test(network)) {
    return {
      field: "certificateAuthority",
      text: `the certificate of ${addressOf(connection)} is not trusted; for a private host or proxy, give its authority's certificate`,
    };
  }
  if (NO_HOST.test(network)) {
    return {
      field: "hostname",
      text: `there is no host ${hostOf(connection.hostname)}; correct it, as the workspace's own address has it`,
    };
  }
  if (!isBrokenOff(error)) return undefined;
  return {
    field: "hostname",
    text: `${addressOf(connection)} cannot be reached, or broke off; see that this machine may reach it, and run it again`,
  };
}

function isBrokenOff(error: unknown): boolean {
  return BROKEN_OFF.test(networkCode(error)) || (!(error instanceof Refusal) && BROKEN_OFF_MESSAGE.test(messageOf(error)));
}

function networkCode(error: unknown): string {
  const { code, errno, cause } = (error ?? {}) as { code?: unknown; errno?: unknown; cause?: { code?: unknown } };
  return [code, errno, cause?.code].filter((one) => typeof one === "string").join(" ");
}
