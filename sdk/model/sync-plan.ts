import { formatObjectPath } from "./object-path";
import type { ObjectState, ObjectType } from "./data-object";

/** How one column of a known table differs from what is recorded. */
export interface ColumnChange {
  readonly kind: "added" | "removed" | "changed";
  readonly name: string;
  /** For `changed`: what changed, as `type: INTEGER -> BIGINT`. */
  readonly detail?: string;
}

/** One object that a sync adds, changes, marks missing or takes back. */
export interface SyncChange {
  readonly kind: "new" | "missing" | "returned" | "changed";
  readonly objectPath: readonly string[];
  readonly objectType: ObjectType;
  /** For `new`: the state that it starts in. */
  readonly state?: ObjectState;
  /** For `changed` tables. */
  readonly columns?: readonly ColumnChange[];
  /** For `changed`: other differences, as `objectType: table -> view`. */
  readonly details?: readonly string[];
}

/** Objects of a sync, by what happened to them; databases, schemas and tables alike. */
export interface SyncCounts {
  readonly new: number;
  readonly returned: number;
  readonly changed: number;
  readonly missing: number;
  readonly unchanged: number;
}

/**
 * A database whose changes are held back because they look like lost grants: more than half of its known objects would go
 * missing; or it is not listed any more, with most of what is known of the connection, or with every other database.
 * Applied only by a sync with `allowMassRemoval`.
 */
export interface HeldDatabase {
  readonly objectPath: readonly string[];
  readonly known: number;
  readonly missing: number;
}

/** A database that could not be read; nothing of it was changed. */
export interface FailedDatabase {
  readonly objectPath: readonly string[];
  readonly message: string;
}

/** What the platform has beneath a path that is no object of a connection: foreign tables, volumes. */
export interface SkippedInSync {
  readonly objectPath: readonly string[];
  /** In words, singular. */
  readonly kind: string;
  readonly count: number;
}

/** What a sync would change (dry run) or has changed. */
export interface SyncPlan {
  readonly objectPath: readonly string[];
  /** Without what is held or failed. */
  readonly counts: SyncCounts;
  /** The first ones in order of the object path, at most the asked limit. */
  readonly changes: readonly SyncChange[];
  readonly held: readonly HeldDatabase[];
  readonly failed: readonly FailedDatabase[];
  /** Only where something was left out. */
  readonly skipped?: readonly SkippedInSync[];
}

/** How many changes a plan counts. */
export function changeCount(counts: SyncCounts): number {
  return counts.new + counts.returned + counts.changed + counts.missing;
}

/** What the listing left out, as people read it: a line for each kind and place. */
export function skippedLines({ skipped = [] }: Pick<SyncPlan, "skipped">): string[] {
  return skipped.map(
    ({ objectPath, kind, count }) =>
      `skipped in ${formatObjectPath(objectPath)}: ${count} ${kind}${count === 1 ? "" : "s"}, which a connection does not have`,
  );
}
