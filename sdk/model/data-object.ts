import type { LegacyHost, LegacyPlace } from "./legacy-data-source";
import type { Principal, Settings } from "./settings";

/** `active` or `inactive`: what the effective `isActive` comes to. */
export type ObjectState = "active" | "inactive";

/** The kind of a data object. Everything but the first three is a table-like object at level four. */
export const OBJECT_TYPES = [
  "connection",
  "database",
  "schema",
  "table",
  "view",
  "materialized view",
  "external table",
  "event table",
  "iceberg table",
  "dynamic table",
  "streaming table",
] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number];

/** One column as the platform describes it. `position` counts from 1. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly position: number;
  readonly comment?: string | null;
}

/** What a platform tells of an object beside its kind and its columns; null where it does not. */
export interface PlatformFacts {
  readonly comment: string | null;
  /** The role or user that owns it there; has no rights here. */
  readonly owner: string | null;
  /** When it was made there, ISO-8601 UTC. */
  readonly createdAt: string | null;
  /** When its definition last changed there, ISO-8601 UTC, as of the last sync that found a change. */
  readonly lastAlteredAt: string | null;
}

/** A setting as a read shows it: its effective value, and whether something beneath sets it otherwise. */
export interface SettingView<T> {
  readonly value: T;
  readonly hasDescendantsWithOverrides: boolean;
}

/** A setting of which the nearest one counts. */
export interface NearestSettingView extends SettingView<boolean> {
  /** The object on which the value is set: this one, or one above it; null where nobody set it. */
  readonly setOn: readonly string[] | null;
}

/**
 * One object of the registered hierarchy (contract: GET `/data/object/{objectPath}`). `id`, `objectType`,
 * `missingSince`, `columns` and what the platform tells are ours.
 */
export interface DataObject extends PlatformFacts {
  /** Stays the same as long as the object is registered, also while it is missing. */
  readonly id: number;
  readonly objectPath: readonly string[];
  readonly technology: string;
  readonly objectType: ObjectType;
  readonly state: ObjectState;
  readonly settings: {
    readonly isActive: NearestSettingView;
    readonly activateNewChildren: NearestSettingView;
    readonly dataOwners: SettingView<readonly Principal[]>;
    readonly infrastructureAdmins: SettingView<readonly Principal[]>;
  };
  /** What is set on this very object. */
  readonly overrides: Settings;
  /** ISO-8601 time since which the platform no longer shows the object; null while it does. */
  readonly missingSince: string | null;
  /** Only with `columns: true`, and only for tables. */
  readonly columns?: readonly Column[];
}

/** An object as a long list shows it: what can be told without looking beneath it. */
export type ListedObject = Pick<
  DataObject,
  "id" | "objectPath" | "objectType" | "state" | "owner" | "createdAt" | "missingSince" | "overrides"
>;

/**
 * An active table, ready for policies. It ends when its table becomes inactive or goes missing, and is the same again when
 * the table comes back.
 */
export interface DataSource {
  /** The id of the table's object; of one that was upgraded, the id that it had before. */
  readonly id: number;
  /** Connection, database, schema and table with the platform's casing, joined by dots (contract: effects of the upgrade). */
  readonly name: string;
  /** Empty as long as its host was not upgraded. */
  readonly objectPath: readonly string[];
  readonly objectType: ObjectType;
  /** Where its table is, as long as its host was not upgraded; its name is then the one that it was registered under. */
  readonly legacy?: LegacyPlace & { readonly host: LegacyHost };
}

/** How many objects lie beneath a path; missing ones are counted apart and in no other number. */
export interface ObjectCounts {
  readonly databases: number;
  readonly schemas: number;
  readonly tables: number;
  /** Active tables. */
  readonly dataSources: number;
  readonly missing: number;
}
