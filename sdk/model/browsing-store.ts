import type { DeclaredDrift, NamedPrincipal, SyncRecord } from "./browsing";
import type { KeyRange, ObjectRow } from "./object-row";
import type { PathKey } from "./path-key";
import type { Registered } from "./registered";
import type { Principal, SettingsPatch } from "./settings";
import type { TagRow } from "./activity-store";

/** As `ObjectFilter`, without the state, which is no column. */
export interface RowFilter {
  readonly searchText: string | undefined;
  readonly objectTypes: readonly string[] | undefined;
  readonly tag: string | undefined;
  readonly isMissing: boolean | undefined;
  readonly isSetHere: boolean | undefined;
}

export interface FoundRows {
  readonly rows: readonly ObjectRow[];
  /** The last object that was looked at; undefined at the end of the range. */
  readonly scannedTo: PathKey | undefined;
}

/** One change of settings as it was asked for: by whom, and when (ISO-8601 UTC). */
export interface SettingsChange {
  readonly at: string;
  readonly by: string;
  readonly key: PathKey;
  readonly settings: SettingsPatch;
}

/** A setting that a program declared and somebody changed since. */
export interface DeclaredRow extends Omit<DeclaredDrift, "objectPath"> {
  readonly key: PathKey;
}

/** What only those who look through the hierarchy need of the store. */
export interface BrowsingStore {
  /** Objects of a range behind `after` that pass a filter, at most `limit`, among the next `scan` objects. */
  findRows(range: KeyRange, after: PathKey | undefined, filter: RowFilter, limit: number, scan: number): Promise<FoundRows>;
  /** How many siblings come before an object in byte order. */
  countBefore(key: PathKey): Promise<number>;
  /** How many objects lie in some ranges, by depth, without missing ones. */
  countInRanges(ranges: readonly KeyRange[]): Promise<ReadonlyMap<number, number>>;
  getTags(keys: readonly PathKey[]): Promise<TagRow[]>;
  /** Those of some principals that are known here, by their type and id. */
  namePrincipals(principals: readonly Principal[]): Promise<NamedPrincipal[]>;
  /** Objects that have one of some principals as owner or admin of their own, in byte order. */
  listRoles(principals: readonly Principal[]): Promise<PathKey[]>;
  /** Declares what the registration of a connection sets. */
  declareSettings(key: PathKey, settings: SettingsPatch, note: Pick<SettingsChange, "at" | "by">): Promise<void>;
  /** Declared settings at and beneath an object that were changed since, to whatever value, in byte order. */
  listChangedSince(key: PathKey, limit: number): Promise<DeclaredRow[]>;
  /** Newest first. */
  listSettingsLog(keys: readonly PathKey[], limit: number): Promise<SettingsChange[]>;
  /** Also removes records, and changes of settings, from before a time. Writes nothing when that registration is gone. */
  recordSync(connection: Registered, record: SyncRecord, forgetBefore: string): Promise<void>;
  /** Oldest first. */
  listSyncRecords(connectionKey: string): Promise<SyncRecord[]>;
}
