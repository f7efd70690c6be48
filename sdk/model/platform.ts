import type { ZodType } from "zod";
import type { ActivityFeed, ActivityReader } from "./activity";
import type { Column, ObjectType, PlatformFacts } from "./data-object";
import type { Diagnosis, ExpectedObject } from "./diagnosis";
import type { ConnectionInformation, NativeIntegration } from "./registration";
import type { PlatformScripts } from "./setup-script";

/**
 * A technology that connections can be registered on. Describing one is cheap; its driver is loaded by `open`.
 * A platform knows nothing of status, settings or the store.
 */
export interface Platform {
  /** As `connection.technology` spells it. */
  readonly technology: string;
  /** The whole shape of `connection`, strict, without transforms. */
  readonly connectionSchema: ZodType;
  /** The shape of `nativeIntegration.config`. */
  readonly integrationConfigSchema: ZodType;
  /** True where `nativeIntegration.unityCatalog` must be true (contract: body of a registration). */
  readonly unityCatalog?: boolean;
  /** Makes what depends on the caller's place absolute (file names), so that the connection means the same everywhere. */
  normalize(connection: ConnectionInformation, baseDirectory: string): ConnectionInformation;
  /** What this connection occupies; two connections must not share one. Human-readable, without secrets. */
  accountIdentities(connection: ConnectionInformation): string[];
  deriveNativeIntegration(connection: ConnectionInformation): NativeIntegration;
  /** The feeds that the integration switches on; only on platforms whose sessions have an `activity`. */
  activityFeeds?(nativeIntegration: NativeIntegration): ActivityFeed[];
  /** Undefined where nothing has to be prepared. */
  readonly scripts?: PlatformScripts;
  open(connection: ConnectionInformation, context?: SessionContext): Promise<PlatformSession>;
}

/** Told what is waited for, in words that follow "waiting for", again and again as long as it takes. */
export type OnWait = (what: string) => void;

/** What a session is opened for, beside its credentials. */
export interface SessionContext {
  /** Of the connection; what it limits is not limited without it. */
  readonly integration?: NativeIntegration;
  readonly onWait?: OnWait | undefined;
}

/** What is read of a platform: the whole database, one schema or one table. */
export interface ObservedScope {
  readonly database: string;
  readonly schema?: string;
  readonly table?: string;
}

export interface ObservedDatabase extends Partial<PlatformFacts> {
  readonly name: string;
}

/** A schema (no `table`) or a table-like object as the platform shows it. */
export interface ObservedObject extends Partial<PlatformFacts> {
  readonly schema: string;
  readonly table?: string;
  readonly objectType: ObjectType;
  /** Differs whenever type, comment, owner or columns may have changed; compared, never parsed. */
  readonly fingerprint: string;
  /** Canonical JSON of `Column[]` (see `encodeColumns`); only where columns were asked for, and only for tables. */
  readonly columns?: string;
}

export interface TableColumns {
  readonly schema: string;
  readonly table: string;
  /** Canonical JSON of `Column[]`. */
  readonly columns: string;
}

/** What a platform has that is no object of a connection, and so was left out. */
export interface SkippedObjects {
  /** Names beneath the connection of what it lies in; empty for the connection itself. */
  readonly path: readonly string[];
  /** In words, singular: `foreign table`. */
  readonly kind: string;
  readonly count: number;
}

/**
 * An open connection to a platform. Every method throws `PlatformError` with the next step to take. Calls overlap: databases
 * are read side by side, and columns while the objects of the same database still stream.
 */
export interface PlatformSession {
  /** Proves that the credentials work and that every named database can be read. */
  check(signal?: AbortSignal): Promise<void>;
  /** In byte order of the name. */
  listDatabases(signal?: AbortSignal): Promise<ObservedDatabase[]>;
  /**
   * Schemas and tables in batches, in byte order of the path, a schema before its tables; of one table's scope, the table
   * alone. With `columns`, tables carry theirs; a first sync wants that, an unchanged one must not pay for it. A few hundred
   * objects make a good batch: what dies young costs no memory.
   */
  streamObjects(scope: ObservedScope, options: { columns: boolean; signal?: AbortSignal }): AsyncIterable<ObservedObject[]>;
  /** The columns of some tables of one database; a table that is gone by now is left out. */
  readColumns(database: string, tables: readonly { schema: string; table: string }[], signal?: AbortSignal): Promise<TableColumns[]>;
  /** Tags, lineage and audit; undefined where the platform has none of them. */
  readonly activity?: ActivityReader;
  /**
   * Which grants the connection lacks for what it should see. Reads only. Undefined where the platform has no grants.
   * @param objects those registered, missing ones included.
   */
  diagnose?(
    connectionKey: string,
    objects: readonly ExpectedObject[],
    integration: NativeIntegration,
    signal?: AbortSignal,
  ): Promise<Diagnosis>;
  /** What the listings since the session was opened have left out. */
  skipped?(): readonly SkippedObjects[];
  close(): Promise<void>;
}

/** The one JSON form of columns: same columns, same text. */
export function encodeColumns(columns: readonly Column[]): string {
  return JSON.stringify(
    columns.map(({ position, name, type, nullable, comment }) => ({ position, name, type, nullable, comment: comment ?? null })),
  );
}

export function decodeColumns(text: string): Column[] {
  return JSON.parse(text) as Column[];
}
