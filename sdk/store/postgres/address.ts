import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { BadRequestError, messageOf } from "../../model/errors";

const SCHEME = /^postgres(ql)?:\/\//i;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;
const SSL_MODES = ["disable", "require", "verify-ca", "verify-full"];
/** What the address may set, with its default; all are whole numbers. */
const LIMITS = {
  /** Connections of one process at most. */
  pool_max: 10,
  connect_timeout_seconds: 10,
  /** For one statement; a sync's changes are written under a limit of their own. */
  statement_timeout_seconds: 60,
};
const FILES = ["sslrootcert", "sslcert", "sslkey"];
const SECONDS = 1_000;

/** Where a PostgreSQL store is and how it is spoken to. Durations are milliseconds. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly tls: ConnectionOptions | undefined;
  readonly poolMax: number;
  readonly connectTimeout: number;
  readonly statementTimeout: number;
  /** For people: without the password. */
  readonly name: string;
}

/** Whether the place of a store is a database's address rather than a file. */
export function isPostgresAddress(store: string): boolean {
  return SCHEME.test(store);
}

/**
 * `postgres://user:password@host:port/database`, with `sslmode` (disable, require, verify-ca, verify-full), `sslrootcert`, `sslcert`,
 * `sslkey`, `pool_max`, `connect_timeout_seconds` and `statement_timeout_seconds` behind a `?`. Without `sslmode`, loopback goes without TLS and any other
 * host must prove who it is.
 * @throws BadRequestError that names the part that is wrong, without the password.
 */
export function parsePostgresAddress(text: string): PostgresAddress {
  const url = parseUrl(text);
  const host = decodeURIComponent(url.hostname) || "localhost";
  const database = decodeURIComponent(url.pathname.slice(1));
  const user = decodeURIComponent(url.username) || process.env["PGUSER"];
  if (database === "") throw wrong("names no database; write postgres://user@host:5432/database");
  const known = ["sslmode", ...FILES, ...Object.keys(LIMITS)];
  for (const name of url.searchParams.keys()) {
    if (!known.includes(name)) throw wrong(`unknown parameter "${name}"; it takes ${known.join(", ")}`);
  }
  const limit = (name: keyof typeof LIMITS) => wholeNumber(name, url.searchParams.get(name) ?? String(LIMITS[name]));
  const port = Number(url.port || 5_432);
  return {
    ...{ host, port, database, user },
    password: decodeURIComponent(url.password) || process.env["PGPASSWORD"],
    tls: tlsOf(host, url.searchParams),
    poolMax: limit("pool_max"),
    connectTimeout: limit("connect_timeout_seconds") * SECONDS,
    statementTimeout: limit("statement_timeout_seconds") * SECONDS,
    name: `postgres://${user === undefined ? "" : `${user}@`}${host}:${port}/${database}`,
  };
}

function parseUrl(text: string): URL {
  try {
    return new URL(text.replace(SCHEME, "postgres://"));
  } catch {
    // The parser's own message would quote the password.
    throw wrong("is no valid URL; write postgres://user:password@host:5432/database, with special characters percent-encoded");
  }
}

function tlsOf(host: string, parameters: URLSearchParams): ConnectionOptions | undefined {
  const mode = parameters.get("sslmode") ?? (LOOPBACK.test(host) ? "disable" : "verify-full");
  if (!SSL_MODES.includes(mode)) throw wrong(`sslmode "${mode}" is unknown; choose ${SSL_MODES.join(", ")}`);
  const [ca, cert, key] = FILES.map((name) => fileOf(name, parameters.get(name)));
  if (mode === "disable") return undefined;
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    rejectUnauthorized: mode !== "require",
    // The certificate is checked against its authority, but may name another host.
    ...(mode === "verify-ca" && { checkServerIdentity: () => undefined }),
  };
}

function fileOf(parameter: string, file: string | null): Buffer | undefined {
  if (file === null) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw wrong(`${parameter}: cannot be read; name a PEM file (${messageOf(error)})`);
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw wrong(`${name}: expected a whole number from 1 on`);
}

function wrong(text: string): BadRequestError {
  return new BadRequestError(`store: the address ${text}`, { field: "store" });
}
