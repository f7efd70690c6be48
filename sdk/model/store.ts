import type { ActivityStore } from "./activity-store";
import type { BrowsingStore } from "./browsing-store";
import type { ObjectType, PlatformFacts } from "./data-object";
import type { Job, JobOutput, JobProgress, JobState, JobType } from "./job";
import type { SortField } from "./connections-api";
import type { KeyRange, ObjectRow } from "./object-row";
import type { LegacyStore } from "./legacy-store";
import type { PathKey } from "./path-key";
import type { Registered } from "./registered";
import type { LastSync, Person } from "./registration";
import type { FinishedPart, SyncPartStore } from "./sync-part-store";
import type { SettingName, Settings, SettingsPatch } from "./settings";

/** A stored connection. `secretDetails` is the encrypted JSON of `connection` and `nativeIntegration`. */
export interface ConnectionRow {
  readonly connectionKey: string;
  readonly technology: string;
  readonly secretDetails: string;
  readonly createdAt: string;
  readonly creator: Person;
  readonly updatedAt: string;
  readonly updater: Person;
  readonly lastSync: LastSync | null;
}

export type { KeyRange, ObjectRow, Registered };

/** What the sync compares: no columns, no settings. */
export interface RecordedObject extends ObjectRow {
  readonly fingerprint: string;
}

export interface OverrideRow {
  readonly key: PathKey;
  readonly overrides: Settings;
}

/** Who changes settings, and when (ISO-8601 UTC). */
export interface SettingNote {
  readonly at: string;
  readonly by: string;
  /** A Pulumi program declares what is set: kept, to be compared with what others set later. */
  readonly isDeclared?: boolean;
}

/** The last change of one setting of one object. */
export interface SettingChangeRow extends Pick<SettingNote, "at" | "by"> {
  readonly key: PathKey;
  readonly setting: SettingName;
}

export interface OverridePatch {
  readonly key: PathKey;
  readonly patch: SettingsPatch;
}

/** One write of a sync. */
export type StagedChange =
  | {
      readonly kind: "put";
      readonly key: PathKey;
      readonly objectType: ObjectType;
      /** What the platform does not tell may be left out. */
      readonly facts: Partial<PlatformFacts>;
      readonly fingerprint: string;
      /** Canonical JSON; undefined leaves the recorded columns as they are. */
      readonly columns?: string | undefined;
      /** An override to record with a new object, unless it has one. */
      readonly isActive?: boolean | undefined;
    }
  | { readonly kind: "missing"; readonly key: PathKey };

/** Who runs a job, so that others can tell a live one from one whose process died. */
export interface JobOwner {
  readonly host: string;
  readonly pid: number;
}

export interface JobRow extends Job {
  readonly owner: JobOwner;
  readonly heartbeatAt: string;
}

/** What changes of a job; fields left out stay. */
export interface JobChange {
  readonly state?: JobState;
  readonly progress?: JobProgress;
  readonly output?: JobOutput;
  readonly endedAt?: string;
  readonly heartbeatAt: string;
}

/** Jobs made in a span of time (ISO-8601 UTC, both ends included). */
export interface JobRange {
  readonly jobType: JobType | undefined;
  readonly state: JobState | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Jobs at and beneath this object. */
  readonly key: PathKey | undefined;
}

/** What of a platform account another connection occupies already, and which. */
export interface IdentityTaken {
  readonly identity: string;
  readonly takenBy: string;
}

export interface ChildQuery {
  /** Default "name"; equals by name. */
  readonly sortField?: SortField;
  /** Whether children that set nothing themselves are active; for the sort field "state". */
  readonly inheritsActive?: boolean;
  readonly offset: number;
  readonly size: number;
  readonly sortOrder: "asc" | "desc";
  readonly searchText: string | undefined;
}

/**
 * Where registrations are kept. No rules in it: it stores what the engine decides. Reads never write, and a store that
 * does not exist yet reads as empty. Every method throws `StoreError` when the store cannot be used; all writes of one
 * call are one transaction.
 */
export interface Store extends ActivityStore, BrowsingStore, LegacyStore, SyncPartStore {
  /** Writes nothing when the key (then `taken` is undefined) or one of the identities is taken. */
  insertConnection(
    row: ConnectionRow,
    identities: readonly string[],
    settings: SettingsPatch,
  ): Promise<{ inserted: true } | { inserted: false; taken: IdentityTaken | undefined }>;
  /**
   * As `insertConnection`, and begins the upgrade of a host in the same transaction. Writes nothing either when the host was begun to
   * be upgraded to a connection already, or is gone.
   */
  beginUpgrade(
    row: ConnectionRow,
    identities: readonly string[],
    settings: SettingsPatch,
    hostKey: string,
  ): Promise<{ inserted: true } | { inserted: false; taken: IdentityTaken | undefined }>;
  getConnection(connectionKey: string): Promise<ConnectionRow | undefined>;
  /** As `insertConnection`, for a connection that exists. */
  updateConnection(
    connectionKey: string,
    change: Pick<ConnectionRow, "secretDetails" | "updatedAt" | "updater">,
    identities: readonly string[],
  ): Promise<{ updated: true } | { updated: false; taken: IdentityTaken }>;

  /** Replaces the encrypted details of every connection and legacy registration, all or none. @returns how many connections there are. */
  rewriteSecrets(rewrite: (secretDetails: string) => string): Promise<number>;

  getObjects(keys: readonly PathKey[]): Promise<ObjectRow[]>;
  getColumns(keys: readonly PathKey[]): Promise<ReadonlyMap<PathKey, string>>;
  /** Direct children in byte order; of `undefined`, the connections. */
  listChildren(parent: PathKey | undefined, query: ChildQuery): Promise<{ count: number; rows: ObjectRow[] }>;
  /** The object and everything beneath it, in byte order, in batches. */
  streamObjects(key: PathKey): AsyncIterable<RecordedObject[]>;
  /** How many objects beneath a path, by depth, without missing ones. */
  countByDepth(key: PathKey): Promise<ReadonlyMap<number, number>>;
  /** How many tables lie in some ranges, without missing ones. */
  countTables(ranges: readonly KeyRange[]): Promise<number>;
  /** The object and everything beneath it behind `after`, in byte order, missing ones too. */
  listObjects(key: PathKey, after: PathKey | undefined, limit: number): Promise<ObjectRow[]>;
  /** Tables in a range behind `after`, in byte order, without missing ones. */
  listTables(range: KeyRange, after: PathKey | undefined, limit: number): Promise<ObjectRow[]>;
  countMissing(key: PathKey): Promise<number>;
  /** Removes an object and everything beneath it with overrides, columns and, for a connection, its registration. */
  deleteSubtree(key: PathKey): Promise<{ removed: number }>;

  getOverrides(keys: readonly PathKey[]): Promise<ReadonlyMap<PathKey, Settings>>;
  listOverrides(key: PathKey): Promise<OverrideRow[]>;
  /** The settings that some object strictly beneath the path overrides. */
  overriddenBeneath(key: PathKey): Promise<ReadonlySet<SettingName>>;
  /** @param note who asked for it; without it the change is not written down. */
  mergeOverrides(key: PathKey, patch: SettingsPatch, note?: SettingNote): Promise<void>;
  /** As many `mergeOverrides`, all or none. */
  mergeManyOverrides(patches: readonly OverridePatch[], note: SettingNote): Promise<void>;
  /** The last changes at and beneath an object that came with a note, in byte order of the path. */
  listSettingChanges(key: PathKey): Promise<SettingChangeRow[]>;

  /** Collects the changes of one sync outside the recorded objects, until `apply` writes them at once. */
  openStage(): Promise<Stage>;
  /** Writes nothing when that registration is gone. */
  setLastSync(connection: Registered, lastSync: LastSync): Promise<void>;

  /** @returns false, with nothing written, when there is a job of that id. */
  insertJob(job: JobRow): Promise<boolean>;
  /**
   * Makes a created job active, or returns the active job of the same connection that stands in its way. One whose
   * process is gone is marked failed instead.
   */
  activateJob(job: JobRow, at: string, isAlive: (other: JobRow) => boolean): Promise<JobRow | undefined>;
  updateJob(id: string, change: JobChange): Promise<void>;
  getJobs(bulkId: string): Promise<JobRow[]>;
  getJobsById(ids: readonly string[]): Promise<JobRow[]>;
  /** Newest first. */
  searchJobs(range: JobRange, offset: number, limit: number): Promise<JobRow[]>;
  countJobs(range: JobRange): Promise<readonly { readonly jobType: JobType; readonly state: JobState; readonly jobs: number }[]>;
  /** Removes jobs that ended before a time. */
  deleteJobsBefore(at: string): Promise<void>;

  close(): Promise<void>;
}

export interface Stage {
  add(changes: readonly StagedChange[]): Promise<void>;
  /**
   * Writes all that was added in one transaction; false, with nothing written, when that registration is gone.
   * @param part ends with it; where it has ended already, nothing is written, so that whoever comes second changes nothing.
   */
  apply(connection: Registered, at: string, part?: FinishedPart): Promise<boolean>;
  discard(): Promise<void>;
}
