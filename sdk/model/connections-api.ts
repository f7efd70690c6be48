import type { AuditQuery, LineageEdge, LineageQuery, QueryRecord, Tag, TagQuery } from "./activity";
import type { BrowsingApi } from "./browsing";
import type { DataObject, DataSource, ListedObject, ObjectCounts, ObjectState, ObjectType } from "./data-object";
import type { Diagnosis } from "./diagnosis";
import type { Job, JobFilter, JobPage, JobProgress, JobSearch, JobStatus, JobStatusQuery, JobSummary } from "./job";
import type { ObjectPath } from "./object-path";
import type { Part } from "./part";
import type { OnWait } from "./platform";
import type { ConnectionDetails, ConnectionUpdate, Registration } from "./registration";
import type { SettingName, Settings, SettingsPatch } from "./settings";
import type { ScriptApi } from "./setup-script";
import type { SyncPlan } from "./sync-plan";
import type {
  RerunOptions,
  UpgradePlan,
  UpgradePlanOptions,
  UpgradeRequest,
  UpgradeSource,
  UpgradeSourceQuery,
  UpgradeStatus,
} from "./upgrade";

export type { Part };

/** One page of a list; `count` is the number of all hits. */
export interface Page<T> {
  readonly count: number;
  readonly hits: readonly T[];
}

export interface DataSourceQuery {
  /** The `next` of the part before. */
  readonly after?: string;
  /** Hits to return, 1 to 1,000; default 25. */
  readonly size?: number;
}

/**
 * `updatedAt` goes by an object's `lastAlteredAt`; objects without the time come before those with it. Active comes before inactive
 * (contract: search).
 */
export const SORT_FIELDS = ["name", "createdAt", "updatedAt", "state"] as const;
export type SortField = (typeof SORT_FIELDS)[number];

export interface SearchQuery {
  /** Hits to skip; default 0. */
  readonly offset?: number;
  /** Hits to return, 1 to 1,000; default 25. */
  readonly size?: number;
  /** Default name, in byte order, which also decides between equals. */
  readonly sortField?: SortField;
  readonly sortOrder?: "asc" | "desc";
  /** Names that contain this text, upper and lower case alike. */
  readonly searchText?: string;
}

/** Who last set a setting of an object, or took it back to inherit, and when (ISO-8601 UTC). */
export interface SettingChange {
  readonly at: string;
  readonly by: string;
}

/** The overrides of one object. */
export interface ObjectOverrides {
  readonly objectPath: readonly string[];
  readonly overrides: Settings;
  /** Only where it was asked for, and only of settings that a person or program has changed. */
  readonly changes?: Readonly<Partial<Record<SettingName, SettingChange>>>;
}

export interface OverridesQuery {
  /** With the last change of each setting; then objects whose overrides were taken away are listed too, with none. */
  readonly changes?: boolean;
}

/** A change of the settings of one object among many. */
export interface SettingsUpdate {
  readonly objectPath: ObjectPath;
  readonly settings: SettingsPatch;
}

export interface ManySettingsOptions {
  /** Only tell what would become of it; writes nothing. */
  readonly dryRun?: boolean;
}

/** Why the settings of one object could not be changed, as the error of a single change would say. */
export interface SettingsFailure {
  readonly objectPath: readonly string[];
  readonly statusCode: number;
  readonly message: string;
}

/** What became of many changes: those that failed are listed, all others are written. */
export interface SettingsOutcome {
  readonly updated: number;
  readonly failures: readonly SettingsFailure[];
}

export interface ObjectQuery {
  /** The `next` of the part before. */
  readonly after?: string;
  /** Hits to return, 1 to 10,000; default 25. */
  readonly size?: number;
  readonly state?: ObjectState;
  readonly objectType?: ObjectType;
}

export interface CrawlOptions {
  /** Apply the changes of databases that would be held back. */
  readonly allowMassRemoval?: boolean;
  /** Look into inactive databases and schemas too; default true. What is not looked into stays as it is. */
  readonly forceRecursiveCrawl?: boolean;
}

/** Options of what has to open a session on the platform. */
export interface CheckOptions {
  /** While a platform has to be waited for, which may take minutes. In process only: over HTTP, nothing comes before the answer. */
  readonly onWait?: OnWait;
}

export interface PlanOptions extends Pick<CrawlOptions, "forceRecursiveCrawl">, CheckOptions {
  /** How many changes to list; default 1,000. Counts are always complete. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface DiagnoseOptions extends CheckOptions {
  readonly signal?: AbortSignal;
}

export interface WaitOptions {
  /** Default 3,600. */
  readonly timeoutSeconds?: number;
  readonly onProgress?: (progress: JobProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * The one interface of the product: the in-process engine and the HTTP client both implement it. Errors are
 * `ConnectionsError`s. Reads write nothing, not even a store that does not exist yet.
 */
export interface ConnectionsApi extends BrowsingApi, ScriptApi {
  /** Checks credentials on the platform as a registration would, and stores nothing. */
  testConnection(connection: ConnectionUpdate, options?: CheckOptions): Promise<void>;
  /** Checks the credentials, stores the connection and starts its first object sync; follow it by `bulkId`. */
  registerConnection(
    registration: Registration,
    options?: CheckOptions,
  ): Promise<{ readonly connectionKey: string; readonly objectPath: ObjectPath; readonly bulkId: string }>;
  getConnection(connectionKey: string): Promise<ConnectionDetails>;
  /** Checks the new credentials, then replaces the connection information. Starts no sync. */
  updateConnection(connectionKey: string, update: ConnectionUpdate, options?: CheckOptions): Promise<ConnectionDetails>;

  getObject(objectPath: ObjectPath, options?: { readonly columns?: boolean }): Promise<DataObject>;
  /** The direct children; of `[]`, the connections. */
  searchObjects(objectPath: ObjectPath, query?: SearchQuery): Promise<Page<DataObject>>;
  countObjects(objectPath: ObjectPath): Promise<ObjectCounts>;
  /**
   * The data sources at and beneath a path, in order of the path; of `[]`, all: first those of hosts that were not upgraded, in order
   * of their ids, so that one that is upgraded while the list is read may be on it twice, but is never left out.
   */
  listDataSources(objectPath: ObjectPath, query?: DataSourceQuery): Promise<Part<DataSource>>;
  /** Every override at and beneath a path, in order of the object path. */
  listOverrides(objectPath: ObjectPath, query?: OverridesQuery): Promise<readonly ObjectOverrides[]>;
  /** Everything at and beneath a path, missing objects too, in order of the path. */
  listObjects(objectPath: ObjectPath, query?: ObjectQuery): Promise<Part<ListedObject>>;
  /** The platform's tags at and beneath a path, in order of the path and the column. */
  listTags(objectPath: ObjectPath, query?: TagQuery): Promise<Part<Tag>>;
  /**
   * Edges that touch the object or anything beneath it: first those into it, by target, then those that only go out of it, by
   * source. A caller is not shown edges to what it may not read.
   */
  listLineage(objectPath: ObjectPath, query?: LineageQuery): Promise<Part<LineageEdge>>;
  /** Statements that read or wrote the object or anything beneath it, newest first; of the last 90 days. */
  listQueries(objectPath: ObjectPath, query?: AuditQuery): Promise<Part<QueryRecord>>;
  updateSettings(objectPath: ObjectPath, patch: SettingsPatch): Promise<DataObject>;
  /** Changes the settings of many objects at once. One that cannot be changed does not stop the others. */
  updateManySettings(updates: readonly SettingsUpdate[], options?: ManySettingsOptions): Promise<SettingsOutcome>;
  /** Deletes an object and everything beneath it; a one-element path deregisters the connection. */
  deleteObject(objectPath: ObjectPath): Promise<{ readonly objectPath: ObjectPath; readonly childCount: number }>;

  /** Starts an object sync at a path; follow it by `bulkId`. */
  crawl(objectPath: ObjectPath, options?: CrawlOptions): Promise<{ readonly objectPath: ObjectPath; readonly bulkId: string }>;
  /** What a sync at this path would change now: a crawl that writes nothing. */
  planSync(objectPath: ObjectPath, options?: PlanOptions): Promise<SyncPlan>;
  getJobs(bulkId: string): Promise<readonly Job[]>;
  /** Returns when every job of the bulk operation has ended; a failed job does not throw. */
  waitForJobs(bulkId: string, options?: WaitOptions): Promise<readonly Job[]>;

  /** Which grants the connection's role lacks on the platform for the objects that it should see, with the SQL that grants them. */
  diagnose(connectionKey: string, options?: DiagnoseOptions): Promise<Diagnosis>;

  /** The history of jobs; those that ended more than 90 days ago are no longer in it. */
  searchJobs(search?: JobSearch): Promise<JobPage>;
  summarizeJobs(filter?: JobFilter): Promise<JobSummary>;
  /** The jobs of some ids, by id. */
  getJobStatuses(query: JobStatusQuery): Promise<Readonly<Record<string, JobStatus>>>;

  /** Every host with data sources of the time before connections, and how far its upgrade is. */
  listUpgrades(): Promise<readonly UpgradeStatus[]>;
  /** The upgrade that a connection came from. */
  getUpgrade(connectionKey: string): Promise<UpgradeStatus>;
  /** What an upgrade would do now, with everything that stands in its way: reads the platform and writes nothing. */
  planUpgrade(request: UpgradeRequest, options?: UpgradePlanOptions): Promise<UpgradePlan>;
  /**
   * Registers the connection and starts to move the host's data sources to it; follow it by `bulkId`. From then on the host's legacy
   * calls are refused. One that was begun goes on.
   */
  startUpgrade(
    request: UpgradeRequest,
  ): Promise<{ readonly connectionKey: string; readonly objectPath: ObjectPath; readonly bulkId: string }>;
  /** Tries again what was not upgraded: after an interruption, or when what stood in the way is solved. */
  rerunUpgrade(connectionKey: string, options?: RerunOptions): Promise<{ readonly objectPath: ObjectPath; readonly bulkId: string }>;
  /** The data sources of the host that a connection came from, in order of their ids. */
  listUpgradeSources(connectionKey: string, query?: UpgradeSourceQuery): Promise<Part<UpgradeSource>>;

  close(): Promise<void>;
}
