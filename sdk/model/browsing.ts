import type { Tag } from "./activity";
import type { DataObject, ObjectCounts, ObjectState, ObjectType } from "./data-object";
import type { ObjectPath } from "./object-path";
import type { Part } from "./part";
import type { Principal, PrincipalReference, SettingName, SettingsPatch } from "./settings";
import type { SyncChange } from "./sync-plan";

/** Which objects a search shows; all of it applies. */
export interface ObjectFilter {
  /** Objects whose own name contains this text, upper and lower case alike. */
  readonly searchText?: string | undefined;
  readonly state?: ObjectState | undefined;
  readonly objectTypes?: readonly ObjectType[] | undefined;
  /** Objects that carry a tag of this exact name; those of columns do not count. */
  readonly tag?: string | undefined;
  /** True: only what the platform no longer shows; false: only what it does. */
  readonly isMissing?: boolean | undefined;
  /** Objects with an override of their own. */
  readonly isSetHere?: boolean | undefined;
}

export interface FindQuery extends ObjectFilter {
  /** The `next` of the part before. */
  readonly after?: string | undefined;
  /** Hits to return at most, 1 to 1,000; default 25. A part may hold fewer, even none, and still have a `next`. */
  readonly size?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a change of `isActive` would come to, counted before it is made. */
export interface StatusPreview {
  readonly objectPath: readonly string[];
  readonly from: ObjectState;
  readonly to: ObjectState;
  /** Objects whose status would change, the object itself among them, missing ones not. */
  readonly changed: { readonly databases: number; readonly schemas: number; readonly tables: number };
}

/** Whether the caller may do something at an object, and if not, why. */
export interface Right {
  /** A row of the permission table. */
  readonly operation: string;
  readonly isAllowed: boolean;
  /** Null where it is allowed. */
  readonly reason: string | null;
}

/** Something that happened to an object, as far as it was recorded. Times are ISO-8601 UTC. */
export type ObjectEvent =
  | {
      readonly kind: "settings";
      readonly at: string;
      readonly by: string;
      /** The object whose settings were changed: this one, or one above it. */
      readonly objectPath: readonly string[];
      readonly settings: SettingsPatch;
    }
  | {
      readonly kind: "sync";
      readonly at: string;
      readonly by: string;
      /** Of the sync's job. */
      readonly bulkId: string;
      readonly change: SyncChange;
    };

/** What a sync of a whole connection left, and how long it took. */
export interface SyncRecord extends ObjectCounts {
  /** When it ended, ISO-8601 UTC. */
  readonly at: string;
  /** Differences between the platform and what was registered that it found. */
  readonly drift: number;
  readonly durationMilliseconds: number;
}

/** A user or group with its name here. */
export interface NamedPrincipal extends Principal {
  readonly name: string;
}

/** A setting that differs from what a Pulumi program declared, since somebody changed it. Times are ISO-8601 UTC. */
export interface DeclaredDrift {
  readonly objectPath: readonly string[];
  readonly setting: SettingName;
  readonly declared: NonNullable<SettingsPatch[SettingName]>;
  /** Null: not set, so that the object inherits. */
  readonly actual: NonNullable<SettingsPatch[SettingName]> | null;
  readonly declaredAt: string;
  readonly declaredBy: string;
  readonly changedAt: string;
  readonly changedBy: string;
}

/** What somebody who looks through the hierarchy asks, beyond the contract. */
export interface BrowsingApi {
  /** Objects at and beneath a path, in order of the path; of `[]`, everywhere. Each call looks at a bounded number of objects. */
  findObjects(objectPath: ObjectPath, query?: FindQuery): Promise<Part<DataObject>>;
  /** The place of an object, and of each above it, among its siblings in byte order, counted from 0. */
  locateObject(objectPath: ObjectPath): Promise<readonly number[]>;
  /** The tags of some objects themselves, at most 1,000; those of columns are left out. */
  listTagsOf(objectPaths: readonly ObjectPath[]): Promise<readonly Tag[]>;
  /**
   * Number and name of some users and groups, each asked for by one of the two, at most 1,000; those that are not known here are left
   * out, and what is asked for twice is there once. For whoever may read something: it sees who owns that by number, and whoever sets
   * owners has to name them. Names can be asked for one by one, never listed.
   */
  listPrincipals(principals: readonly PrincipalReference[]): Promise<readonly NamedPrincipal[]>;
  /** @param isActive as a change would set it; null inherits. Writes nothing. */
  previewStatus(objectPath: ObjectPath, isActive: boolean | null): Promise<StatusPreview>;
  /** What the caller may do at an object; of `[]`, anywhere. */
  listRights(objectPath: ObjectPath): Promise<readonly Right[]>;
  /** What happened to an object, newest first: changes of settings at and above it, and what the last 50 syncs found of it. */
  listEvents(objectPath: ObjectPath): Promise<readonly ObjectEvent[]>;
  /**
   * Settings at and beneath an object that differ from what Pulumi programs declared since, in order of the path. Known of programs
   * that speak with this engine or server.
   */
  listDeclaredDrift(objectPath: ObjectPath): Promise<readonly DeclaredDrift[]>;
  /** The syncs of a whole connection that succeeded within 400 days, oldest first. */
  listSyncs(connectionKey: string): Promise<readonly SyncRecord[]>;
}
