import type { ObjectType } from "./data-object";

/** An object that a connection should see. */
export interface ExpectedObject {
  readonly objectPath: readonly string[];
  readonly objectType: ObjectType;
  /** Since when the platform does not show it; null or left out while it does. */
  readonly missingSince?: string | null;
}

/** A privilege that a connection lacks on its platform, and the statement that grants it. */
export interface MissingGrant {
  readonly objectPath: readonly string[];
  readonly privilege: string;
  /** What the statement grants it on, in the platform's words. */
  readonly target: string;
  readonly sql: string;
  /** What the connection cannot do without it. */
  readonly why: string;
}

/** Which grants a connection lacks for the objects that it should see. */
export interface Diagnosis {
  /** The role, user or service principal that was examined, as the platform spells it. */
  readonly grantee: string;
  /** In the order connection, objects, future objects; empty where nothing is missing. */
  readonly findings: readonly MissingGrant[];
  /** The fewest statements that grant all of it. */
  readonly statements: readonly string[];
  /** What makes the findings uncertain. */
  readonly warnings: readonly string[];
}
