/** What a platform may tell of its objects beside the hierarchy; each is read only where it is switched on. */
export const ACTIVITY_FEEDS = ["tags", "lineage", "audit"] as const;
export type ActivityFeed = (typeof ACTIVITY_FEEDS)[number];

/** Feeds that are read piece by piece, each from where the last reading ended. */
export type TimedFeed = Exclude<ActivityFeed, "tags">;

/** A span of time in ISO-8601 UTC with milliseconds: `from` is in it, `to` is not. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

/** A table-like object as the platform names it. */
export interface TableName {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
}

/** A tag on a database, a schema, a table or (with `column`) one of its columns. */
export interface ObservedTag {
  readonly database: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  /** The tag's exact name as the platform writes it, with its own place where it has one. */
  readonly name: string;
  readonly value: string;
}

/**
 * Why something flows from one object to another: a statement wrote the target out of the source, or the target is defined by
 * the source, as a view is by its tables.
 */
export const LINEAGE_KINDS = ["query", "dependency"] as const;
export type LineageKind = (typeof LINEAGE_KINDS)[number];

export interface ObservedDependency {
  readonly source: TableName;
  readonly target: TableName;
}

/** Data that a statement moved; with columns where the platform tells them. */
export interface ObservedLineage extends ObservedDependency {
  readonly sourceColumn?: string;
  readonly targetColumn?: string;
  /** When the statement started, ISO-8601 UTC. */
  readonly at: string;
}

export type Access = "read" | "write";

export interface ObservedAccess extends TableName {
  readonly access: Access;
  /** Empty where the platform does not tell them. */
  readonly columns: readonly string[];
}

/**
 * A statement that somebody ran. Its text is left where it was: it may hold anything, secrets too. `id` finds it in the
 * platform's own history.
 */
export interface ObservedQuery {
  readonly id: string;
  /** When it started, ISO-8601 UTC. */
  readonly at: string;
  readonly user: string;
  readonly role: string | null;
  /** In the platform's words: SELECT, INSERT, ... */
  readonly statementType: string;
  readonly succeeded: boolean;
  /** Statements that differ in their literals only share it; null where the platform has none. */
  readonly hash: string | null;
  readonly objects: readonly ObservedAccess[];
}

/**
 * Reads a platform's feeds, in batches of at most a few thousand rows; no batch is fetched before it is asked for. A row may be
 * told late, but not later than `latencySeconds` after the time that ranges go by (for statements: their end, so that long ones
 * are not lost). The same row may be told again. Every method throws `PlatformError` with the next step to take.
 */
export interface ActivityReader {
  readonly latencySeconds: Readonly<Record<TimedFeed, number>>;
  /** ISO-8601 UTC, by the clock that ranges go by. */
  serverTime(signal?: AbortSignal): Promise<string>;
  /** All tags that are set now. */
  streamTags(signal?: AbortSignal): AsyncIterable<ObservedTag[]>;
  /** All dependencies that there are now; left out where a platform does not tell them. */
  streamDependencies?(signal?: AbortSignal): AsyncIterable<ObservedDependency[]>;
  streamLineage(range: TimeRange, signal?: AbortSignal): AsyncIterable<ObservedLineage[]>;
  streamQueries(range: TimeRange, signal?: AbortSignal): AsyncIterable<ObservedQuery[]>;
}

/** How the reading of one feed went, at the end of an object sync. */
export interface FeedResult {
  readonly feed: ActivityFeed;
  /** Rows of registered objects that were recorded, those that were known already among them. */
  readonly recorded: number;
  /** Why it was not read to its end; the next sync goes on from where this one came to. */
  readonly error?: string;
}

/** A tag as a read shows it. */
export interface Tag {
  readonly objectPath: readonly string[];
  /** Null for the object itself. */
  readonly column: string | null;
  readonly name: string;
  readonly value: string;
  /** Where it comes from: the connection's technology. */
  readonly source: string;
}

export interface LineageEnd {
  readonly objectPath: readonly string[];
  /** Null for the object as a whole. */
  readonly column: string | null;
}

/** One edge of the lineage. Times are ISO-8601 UTC; of a dependency, those of the syncs that saw it. */
export interface LineageEdge {
  readonly source: LineageEnd;
  readonly target: LineageEnd;
  readonly kind: LineageKind;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** What a statement did with one registered object. */
export interface QueryAccess {
  readonly objectPath: readonly string[];
  readonly access: Access;
  readonly columns: readonly string[];
}

/** A statement as the audit shows it: with those of its objects that lie at or beneath the path that was asked for. */
export interface QueryRecord extends Omit<ObservedQuery, "objects"> {
  readonly connectionKey: string;
  readonly objects: readonly QueryAccess[];
}

export interface TagQuery {
  /** The `next` of the part before. */
  readonly after?: string;
  /** Hits to return, 1 to 1,000; default 25. */
  readonly size?: number;
}

export interface LineageQuery extends TagQuery {
  /** `upstream`: what flows into the object or anything beneath it; `downstream`: what flows out of it. Both when left out. */
  readonly direction?: "upstream" | "downstream";
}

export interface AuditQuery extends TagQuery {
  /** Statements that started at or after this time, ISO-8601 (a date alone: from its start, UTC). */
  readonly startDate?: string;
  /** Statements that started at or before this time, ISO-8601 (a date alone: until its end, UTC). */
  readonly endDate?: string;
}
