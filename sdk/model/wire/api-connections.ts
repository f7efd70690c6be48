import { z } from "zod";
import { CONNECTION_STATES, type ConnectionPatch, type StatefulConnection } from "../connection-lifecycle";
import { BadRequestError, PlatformError } from "../errors";
import type { ConnectionInformation } from "../registration";

// The newer `/api/connections` API (contract: the newer API). Of its shapes the contract shows the states, `technology`, and the
// credential of type OAuthWithCertificate; the rest is inferred from that, and in this file only.

type Json = Record<string, unknown>;

interface CredentialType {
  readonly fields: readonly string[];
  /** What `authenticationType` of `/data` is, by whether the technology is Databricks. */
  readonly authenticationType: (isDatabricks: boolean) => string;
  /** Set where the fields are those of `oAuthClientConfig`. */
  readonly useCertificate?: boolean;
}

const oAuth = (isDatabricks: boolean) => (isDatabricks ? "oAuthM2M" : "oAuthClientCredentials");

const CREDENTIALS = {
  UserPassword: { fields: ["username", "password"], authenticationType: () => "userPassword" },
  KeyPair: { fields: ["username", "privateKey", "privateKeyPassword"], authenticationType: () => "keyPair" },
  Token: { fields: ["token"], authenticationType: () => "token" },
  OAuthWithClientSecret: {
    fields: ["clientId", "clientSecret", "authorityUrl", "scope", "resource"],
    authenticationType: oAuth,
    useCertificate: false,
  },
  OAuthWithCertificate: {
    fields: ["clientId", "authorityUrl", "scope", "publicCertificateThumbprint", "resource", "privateKey", "privateKeyPassword"],
    authenticationType: oAuth,
    useCertificate: true,
  },
} as const satisfies Readonly<Record<string, CredentialType>>;

type CredentialName = keyof typeof CREDENTIALS;
const CREDENTIAL_NAMES = Object.keys(CREDENTIALS) as CredentialName[];

/** The fields of `connection` that are in `credential` here. */
const CREDENTIAL_FIELDS = [
  "authenticationType",
  "username",
  "password",
  "privateKey",
  "privateKeyPassword",
  "token",
  "oAuthClientConfig",
] as const;

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const text = z.string().nullable().optional();
const privateKey = z.strictObject({ filename: text, content: text }).nullable().optional();

const credentialPatch = z.strictObject({
  authenticationType: z.enum(CREDENTIAL_NAMES).optional(),
  username: text,
  password: text,
  token: text,
  clientId: text,
  clientSecret: text,
  authorityUrl: text,
  scope: text,
  resource: text,
  publicCertificateThumbprint: text,
  privateKey,
  privateKeyPassword: text,
});

/** PATCH `/api/connections/{connectionKey}`: merged into what there is (RFC 7396); a secret sent as `[REDACTED]` stays. */
export const apiConnectionPatch = z.strictObject({
  technology: z.string().optional(),
  clientConfiguration: z.looseObject({ credential: credentialPatch.optional() }).optional(),
  nativeIntegration: z.looseObject({}).optional(),
});
export type ApiConnectionPatch = z.infer<typeof apiConnectionPatch>;

export const dryRunQuery = z.strictObject({ dryRun: flag.optional() });
export const forceQuery = z.strictObject({ force: flag.optional() });

const person = z.looseObject({ id: z.int(), name: z.string(), email: z.string().nullish() });

/** A connection of `/api/connections`. Its fields beside `technology` and `credential` depend on the technology. */
export const apiConnection = z.looseObject({
  connectionKey: z.string(),
  technology: z.string(),
  state: z.enum(CONNECTION_STATES),
  clientConfiguration: z.looseObject({ credential: z.looseObject({ authenticationType: z.enum(CREDENTIAL_NAMES) }).optional() }),
  nativeIntegration: z.looseObject({ type: z.string(), config: z.record(z.string(), z.unknown()) }),
  createdAt: z.string(),
  updatedAt: z.string(),
  creator: person,
  updater: person,
});

/** `taskId` is the `bulkId` of the job, for GET `/jobs`. */
export const apiConnectionDeletion = z.looseObject({ connectionKey: z.string(), taskId: z.string() });

export function toApiConnection(from: StatefulConnection): z.infer<typeof apiConnection> {
  const { connectionKey, connection, state, nativeIntegration, createdAt, updatedAt, creator, updater } = from;
  const { technology, ...fields } = connection;
  const name = credentialName(connection);
  const plain = Object.entries(fields).filter(([field]) => name === undefined || !isCredentialField(field));
  const credential = name && { authenticationType: name, ...credentialOf(connection, name) };
  return {
    connectionKey,
    technology,
    state,
    clientConfiguration: { ...Object.fromEntries(plain), ...(credential && { credential }) },
    nativeIntegration: { ...nativeIntegration },
    createdAt,
    updatedAt,
    creator: { ...creator },
    updater: { ...updater },
  };
}

/**
 * A patch as the engine takes it.
 * @param current the connection as it is; its secrets may be missing.
 * @throws BadRequestError for what does not go with its type of credential.
 */
export function toConnectionPatch(patch: ApiConnectionPatch, current: ConnectionInformation): ConnectionPatch {
  const { technology, clientConfiguration = {}, nativeIntegration } = patch;
  const { credential, ...fields } = clientConfiguration;
  for (const field of ["technology", ...(credentialName(current) === undefined ? [] : CREDENTIAL_FIELDS)]) {
    if (!Object.hasOwn(fields, field)) continue;
    const place = field === "technology" ? "beside clientConfiguration" : "in clientConfiguration.credential";
    throw wrong(`clientConfiguration.${field}`, `stands ${place}; put it there`);
  }
  return {
    connection: { ...fields, ...(technology !== undefined && { technology }), ...(credential && credentialPatchOf(credential, current)) },
    ...(nativeIntegration && { nativeIntegration }),
  };
}

/** The same error in the names of this API: `connection.password` is `clientConfiguration.credential.password` here. */
export function inApiNames(error: unknown): unknown {
  if (!(error instanceof BadRequestError || error instanceof PlatformError)) return error;
  const message = error.message.replace(/\bconnection(\.\w+)+/g, apiName);
  const details = { field: error.field && apiName(error.field), cause: error };
  return error instanceof BadRequestError ? new BadRequestError(message, details) : new PlatformError(message, details);
}

function apiName(field: string): string {
  const [first, member, ...rest] = field.split(".");
  if (first !== "connection" || member === undefined) return field;
  if (member === "technology") return member;
  if (!isCredentialField(member)) return ["clientConfiguration", member, ...rest].join(".");
  const within = member === "oAuthClientConfig" ? rest : [member, ...rest];
  return ["clientConfiguration", "credential", ...within.map((name) => (name === "userFilename" ? "filename" : name))].join(".");
}

/** Undefined where the technology has no credentials of a type. */
function credentialName({ authenticationType, oAuthClientConfig }: ConnectionInformation): CredentialName | undefined {
  const { useCertificate } = (oAuthClientConfig ?? {}) as { useCertificate?: boolean };
  return CREDENTIAL_NAMES.find((name) => {
    const type: CredentialType = CREDENTIALS[name];
    const isNamed = [true, false].some((isDatabricks) => type.authenticationType(isDatabricks) === authenticationType);
    return isNamed && type.useCertificate === useCertificate;
  });
}

function credentialOf(connection: ConnectionInformation, name: CredentialName): Json {
  const type: CredentialType = CREDENTIALS[name];
  const source = (type.useCertificate === undefined ? connection : connection["oAuthClientConfig"]) as Json;
  const own = type.fields.filter((field) => source[field] !== undefined);
  return Object.fromEntries(own.map((field) => [field, keyOutward(source[field])]));
}

function credentialPatchOf({ authenticationType, ...fields }: z.infer<typeof credentialPatch>, current: ConnectionInformation): Json {
  const before = credentialName(current);
  if (before === undefined) throw wrong("clientConfiguration.credential", `a connection of ${current.technology} has none; remove it`);
  const name = authenticationType ?? before;
  const type: CredentialType = CREDENTIALS[name];
  const stray = Object.keys(fields).find((field) => !type.fields.includes(field));
  if (stray !== undefined) throw wrong(`clientConfiguration.credential.${stray}`, `does not go with ${name}; remove it`);
  const given = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, keyInward(value, type)]));
  const named = { authenticationType: type.authenticationType(current.technology === "Databricks") };
  // Of another type nothing stays: neither its fields nor those that both have.
  const cleared = (names: readonly string[]) => (name === before ? {} : Object.fromEntries(names.map((field) => [field, null])));
  const top = cleared(CREDENTIAL_FIELDS);
  if (type.useCertificate === undefined) return { ...top, ...named, ...given };
  const members = cleared(Object.values(CREDENTIALS).flatMap((one) => [...one.fields]));
  return { ...top, ...named, oAuthClientConfig: { ...members, useCertificate: type.useCertificate, ...given } };
}

function keyOutward(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { userFilename, content } = value;
  return { ...(userFilename !== undefined && { filename: userFilename }), content };
}

function keyInward(value: unknown, { useCertificate }: CredentialType): unknown {
  if (!isObject(value)) return value;
  const { filename, ...rest } = value;
  // A key pair's key has a fixed name in `/data`.
  return {
    ...rest,
    ...(filename !== undefined && { userFilename: filename }),
    ...(useCertificate === undefined && { keyName: "PRIV_KEY_FILE" }),
  };
}

function isCredentialField(field: string): boolean {
  return (CREDENTIAL_FIELDS as readonly string[]).includes(field);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function wrong(field: string, reason: string): BadRequestError {
  return new BadRequestError(`${field}: ${reason}`, { field });
}
