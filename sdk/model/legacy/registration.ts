import type { ObjectPath } from "../object-path";

/** Where a registration was read: the file (or request) and the line of each of its fields. Lines count from 1. */
export interface LegacySource {
  readonly file: string;
  readonly lineOf: (field: readonly PropertyKey[]) => number;
}

export interface LegacyOrigin {
  readonly file: string;
  readonly line: number;
}

/** How a registration logs in. Everything but the method and the user's name may be a secret. */
export interface LegacyLogin {
  /** As the payload says it; undefined where the technology has one way only. */
  readonly authenticationMethod: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Uploaded files, decoded from base64. */
  readonly files: readonly { readonly keyName: string; readonly userFilename: string | undefined; readonly content: string }[];
  readonly oAuth: {
    readonly useCertificate: boolean | undefined;
    readonly clientId: string | undefined;
    readonly clientSecret: string | undefined;
    readonly scope: string | undefined;
    readonly authorityUrl: string | undefined;
    readonly resource: string | undefined;
    readonly publicCertificateThumbprint: string | undefined;
  };
}

/** An option of `connectionStringOptions`; the value may be a secret. */
export interface StringOption {
  readonly name: string;
  readonly value: string;
}

export interface LegacyTags {
  readonly table: readonly string[];
  readonly columns: readonly { readonly columnName: string; readonly tags: readonly string[] }[];
}

/** One registered table and what it was called. */
export interface LegacyTable {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
  /** The data source's own name; undefined where the naming template gives it. */
  readonly dataSourceName: string | undefined;
  readonly tags: LegacyTags;
}

/** Whoever owns the data sources: by name (V2, older V1) or by the number of a profile (V1's schema monitoring). */
export interface LegacyOwner {
  readonly type: "user" | "group";
  readonly name?: string | undefined;
  readonly iam?: string | undefined;
  readonly id?: number | undefined;
}

/** Owners of one part of the account: a database, a schema or a table, without a connection key in front. */
export interface LegacyOwners {
  readonly path: ObjectPath;
  readonly owners: readonly LegacyOwner[];
  /** The path holds more than the registration names, so that the owners gain objects. */
  readonly widened: boolean;
}

/** A field that connections have nothing for. `oldValue` is fit to be shown: never a secret. */
export interface DroppedField {
  readonly origin: LegacyOrigin;
  readonly field: string;
  readonly oldValue: unknown;
  /** What takes its place, or why nothing does. */
  readonly reason: string;
}

/** Naming rules of a registration, as written. */
export interface LegacyNaming {
  readonly dataSourceFormat: string | undefined;
  readonly tableFormat: string | undefined;
  readonly schemaFormat: string | undefined;
  readonly schemaProjectNameFormat: string | undefined;
}

/** The platform account that a registration names, and how it logs in. */
export interface LegacyAccount {
  /** `Snowflake` and `Databricks` in this spelling, others as written. */
  readonly technology: string;
  /** Undefined for technologies that have none. */
  readonly hostname: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly schema: string | undefined;
  readonly warehouse: string | undefined;
  readonly httpPath: string | undefined;
  /** The role of `connectionStringOptions`. */
  readonly role: string | undefined;
  /** The other options of `connectionStringOptions`. */
  readonly stringOptions: readonly StringOption[];
  readonly login: LegacyLogin;
}

/**
 * A registration of the old way in one form, whichever it was written in (contract: legacy payloads). One V2 payload is one
 * registration; each handler of a V1 payload is one.
 */
export interface LegacyRegistration extends LegacyAccount {
  readonly form: "V1" | "V2";
  /** V1: the data source's name; V2: the key of the collection of data sources. */
  readonly name: string;
  readonly origin: LegacyOrigin;
  /** Databases `[database]` and schemas `[database, schema]` that are registered whole, tables to come included. */
  readonly monitored: readonly ObjectPath[];
  readonly tables: readonly LegacyTable[];
  /** Data sources made of a statement, which no object of a platform stands for. */
  readonly queries: readonly { readonly name: string; readonly origin: LegacyOrigin }[];
  readonly owners: readonly LegacyOwners[];
  /** Tags given to every data source of the registration. */
  readonly tableTags: readonly string[];
  readonly naming: LegacyNaming | undefined;
  /** The native workspace that it is bound to. */
  readonly workspace: string | undefined;
  readonly dropped: readonly DroppedField[];
}
