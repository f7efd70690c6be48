import type { Page } from "./connections-api";
import type { LegacyDataSource, LegacyHost } from "./legacy-data-source";

/** A data source as the former API lists it, whether its host was upgraded or not. */
export interface ListedDataSource {
  readonly id: number;
  readonly name: string;
  readonly technology: string;
  readonly isEnabled: boolean;
  /** Empty as long as its host was not upgraded. */
  readonly objectPath: readonly string[];
}

export interface LegacyListQuery {
  readonly offset?: number | undefined;
  readonly size?: number | undefined;
  readonly sortField?: "id" | "name" | undefined;
  readonly sortOrder?: "asc" | "desc" | undefined;
  readonly searchText?: string | undefined;
}

/** What a V1 registration answers for one table. */
export interface RegisteredHandler {
  /** The handler's id, which is the data source's. */
  readonly id: number;
  readonly dataSourceId: number;
  readonly warnings: readonly string[];
  readonly connectionString: string;
}

/** What a V2 registration did, or with `dryRun` would do; data sources by name. */
export interface CollectionResult {
  readonly dryRun: boolean;
  readonly creating: readonly string[];
  readonly updating: readonly string[];
  readonly deleting: readonly string[];
  readonly noChange: readonly string[];
  readonly detectionRunning: boolean;
  readonly tagsUpdated: boolean;
}

export interface DetectionScope {
  readonly dataSourceIds?: readonly number[] | undefined;
  readonly hostname?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly table?: string | undefined;
}

/** Names of the data sources that a look at the platform added, and of those that it disabled. */
export interface Detection {
  readonly created: readonly string[];
  readonly disabled: readonly string[];
}

export interface DeletedDataSource {
  readonly success: true;
  readonly id: number;
  readonly name: string;
  /** False: it was only disabled; the same call deletes it. */
  readonly hardDelete: boolean;
  readonly disabled: boolean;
}

export const BULK_CHANGES = ["delete", "restore", "disable"] as const;
export type BulkChange = (typeof BULK_CHANGES)[number];

export interface LegacyIntegration {
  readonly id: number;
  readonly type: string;
  readonly host: LegacyHost;
  readonly status: "enabled" | "disabled";
  /** Set since the host was upgraded. */
  readonly connectionKey: string | null;
}

/** Body of POST `/integrations`. `config` names the address as `host`, `hostname` or `workspaceUrl`. */
export interface IntegrationInput {
  readonly type: string;
  readonly autoBootstrap?: boolean | undefined;
  readonly isEnabled?: boolean | undefined;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Registering data sources one by one, as it was before connections (contract: deprecated endpoints). Every call that would change
 * a host which was upgraded throws a `BadRequestError` that names the call to use instead.
 */
export interface LegacyApi {
  /** POST `/{technology}/handler`: one answer for a payload with one handler, a list for one with a list. */
  register(technology: string, payload: unknown): Promise<RegisteredHandler | readonly RegisteredHandler[]>;
  /** PUT `/{technology}/handler/{handlerId}`: the whole registration of one data source anew. */
  replaceHandler(technology: string, handlerId: number, payload: unknown): Promise<RegisteredHandler>;
  /** DELETE `/{technology}/handler/{handlerId}`. */
  deleteHandler(technology: string, handlerId: number): Promise<DeletedDataSource>;
  /** PUT `/{technology}/bulk`: other credentials for many data sources. */
  editConnections(technology: string, body: unknown): Promise<{ readonly ids: readonly number[] }>;
  /** POST `/api/v2/data`: the whole wish for one collection. */
  saveCollection(payload: unknown, options?: { readonly dryRun?: boolean | undefined }): Promise<CollectionResult>;
  /** DELETE `/api/v2/data/{connectionKey}`. */
  deleteCollection(collection: string, options?: { readonly dryRun?: boolean | undefined }): Promise<CollectionResult>;

  /** GET `/dataSource`: all of them, those of connections too; names and order change with an upgrade. */
  list(query?: LegacyListQuery): Promise<Page<ListedDataSource>>;
  get(id: number): Promise<LegacyDataSource>;
  /** GET `/dataSource/name/{dataSourceName}`: by the name that it has now. */
  getByName(name: string): Promise<LegacyDataSource>;
  /** PUT `/dataSource/{dataSourceId}`. */
  setEnabled(id: number, isEnabled: boolean): Promise<LegacyDataSource>;
  /** DELETE `/dataSource/{dataSourceId}`: disables an enabled one, deletes a disabled one. */
  delete(id: number): Promise<DeletedDataSource>;
  /** PUT `/dataSource/bulk/{type}`: all of them or none. */
  changeMany(type: BulkChange, ids: readonly number[]): Promise<{ readonly ids: readonly number[] }>;
  /** PUT `/dataSource/detectRemoteChanges`: adds what monitored schemas have gained, disables what is gone. */
  detect(scope: DetectionScope): Promise<Detection>;

  listIntegrations(): Promise<readonly LegacyIntegration[]>;
  createIntegration(integration: IntegrationInput): Promise<LegacyIntegration>;
  deleteIntegration(id: number): Promise<void>;
}
