import type { ObjectType, PlatformFacts } from "./data-object";
import type { PathKey } from "./path-key";

/** A registered object as the store has it, without its columns and settings. */
export interface ObjectRow extends PlatformFacts {
  /** Stays the same as long as the object is registered, also while it is missing. */
  readonly id: number;
  readonly key: PathKey;
  readonly objectType: ObjectType;
  readonly missingSince: string | null;
}

/** Keys from `from` on, before `before`. */
export interface KeyRange {
  readonly from: PathKey;
  readonly before: string;
}
