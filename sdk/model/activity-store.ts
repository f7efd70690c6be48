import type { Access, LineageKind, ObservedQuery, TimedFeed } from "./activity";
import type { PathKey } from "./path-key";
import type { Registered } from "./registered";

/** A tag of an object, or of one of its columns. */
export interface TagRow {
  readonly key: PathKey;
  /** Null: the object itself. */
  readonly column: string | null;
  readonly name: string;
  readonly value: string;
  /** Who says so. Tags of different sources live side by side. */
  readonly source: string;
}

/** Where a list of tags goes on. */
export type TagPosition = Omit<TagRow, "value">;

export interface LineageRow {
  readonly source: PathKey;
  readonly target: PathKey;
  /** Null: the object as a whole. */
  readonly sourceColumn: string | null;
  readonly targetColumn: string | null;
  readonly kind: LineageKind;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** What tells one edge from another, and where a list of edges goes on. */
export type LineagePosition = Omit<LineageRow, "firstSeen" | "lastSeen">;

/** Which edges are listed, and in which order: those into the objects, by target; out of them, by source; out, but not also in. */
export type LineageSide = "in" | "out" | "onlyOut";

export interface QueryRow extends Omit<ObservedQuery, "objects"> {
  readonly objects: readonly { readonly key: PathKey; readonly access: Access; readonly columns: readonly string[] }[];
}

export interface QueryRowRange {
  /** Both ends included. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Goes on behind this one. */
  readonly after: Pick<QueryRow, "at" | "id"> | undefined;
  readonly limit: number;
}

/**
 * Tags, lineage and audit of registered objects. What belongs to objects that are not recorded is not written, and goes when they
 * are deleted. Writes for a registration that is gone write nothing and return undefined.
 */
export interface ActivityStore {
  /** Collects tags outside the recorded ones, until `replace` puts them in the place of the former ones at once. */
  openTagStage(): Promise<TagStage>;
  /** Records edges; one that is known keeps its first and its last time. @returns how many were recorded. */
  putLineage(connection: Registered, edges: readonly LineageRow[]): Promise<number | undefined>;
  /** Takes away the dependencies that were last seen before a time. */
  deleteDependenciesBefore(connection: Registered, at: string): Promise<void>;
  /** Records statements; one that is known is replaced. One without any recorded object is left out. @returns how many were recorded. */
  putQueries(connection: Registered, queries: readonly QueryRow[]): Promise<number | undefined>;

  /** Up to where a feed was read; undefined before its first reading. */
  getWatermark(connectionKey: string, feed: TimedFeed): Promise<string | undefined>;
  setWatermark(connection: Registered, feed: TimedFeed, at: string): Promise<true | undefined>;
  /** Removes edges that were last seen, and at most so many statements that started, before a time. @returns how many statements. */
  deleteActivityBefore(connectionKey: string, at: string, statements: number): Promise<number>;

  /** At and beneath a path, in order of key, column, name and source. */
  listTags(key: PathKey, after: TagPosition | undefined, limit: number): Promise<TagRow[]>;
  /** Edges of the objects at and beneath a path. */
  listLineage(key: PathKey, side: LineageSide, after: LineagePosition | undefined, limit: number): Promise<LineageRow[]>;
  /** Statements that used the object or anything beneath it, newest first; of their objects, only those. */
  listQueries(key: PathKey, range: QueryRowRange): Promise<QueryRow[]>;
}

export interface TagStage {
  add(tags: readonly Omit<TagRow, "source">[]): Promise<void>;
  /** Replaces all tags of that source on the connection in one transaction. @returns how many there are. */
  replace(connection: Registered, source: string): Promise<number | undefined>;
  discard(): Promise<void>;
}
