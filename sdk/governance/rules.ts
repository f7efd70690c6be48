import type { ObjectType } from "../model/data-object";
import type { Pattern } from "./pattern";

/** What a rule asks of an object; all that is given must hold. */
export interface Match {
  /** Names beneath the connection as globs; holds at and beneath what it names. */
  readonly path?: string | undefined;
  readonly objectType?: ObjectType | readonly ObjectType[] | undefined;
  /** A tag of the platform on the object or one of its columns; its value too where it is given. */
  readonly tag?: string | { readonly name: string; readonly value?: string | undefined } | undefined;
  /** The role or user that owns the object on the platform. */
  readonly owner?: string | undefined;
  /** Made on the platform more, or less, than so many days ago; never holds where the platform does not tell. */
  readonly olderThanDays?: number | undefined;
  readonly newerThanDays?: number | undefined;
}

/** What a rule says of what it matches and everything beneath. */
export interface Decision {
  readonly isActive?: boolean | undefined;
  readonly activateNewChildren?: boolean | undefined;
}

export interface Rule extends Decision {
  readonly match: Match;
  readonly pattern: Pattern | undefined;
  /** As people wrote it, on one line. */
  readonly text: string;
}

/** An object as rules see it. */
export interface GovernedObject {
  readonly objectPath: readonly string[];
  readonly objectType: ObjectType;
  readonly owner: string | null;
  /** ISO-8601 UTC. */
  readonly createdAt: string | null;
  readonly tags: readonly { readonly name: string; readonly value: string }[];
}

/** What holds where no rule does: the settings at the connection's top. */
export interface Defaults {
  readonly isActive: boolean;
  readonly activateNewChildren: boolean;
}

export type DecisionName = keyof Decision;
export const DECISION_NAMES: readonly DecisionName[] = ["isActive", "activateNewChildren"];
