import type { LegacyOrigin, LegacyOwner } from "../model/legacy/registration";
import type { ObjectPath } from "../model/object-path";

/** A setting made on an object itself; fields left out are inherited. */
export interface PlannedOverride {
  readonly objectPath: ObjectPath;
  readonly isActive?: boolean | undefined;
  readonly activateNewChildren?: boolean | undefined;
}

/** Owners of an object by name: settings take the identity manager's numbers, which no registration holds. */
export interface PlannedOwners {
  readonly objectPath: ObjectPath;
  readonly dataOwners: readonly LegacyOwner[];
}

/** One platform account: what to register and what to set. */
export interface PlannedConnection {
  readonly connectionKey: string;
  /** Every secret says `[REDACTED]`. Fields that a decision asks for are missing. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** The fewest that mean the same as the registrations; where nothing is set, both are false. */
  readonly overrides: readonly PlannedOverride[];
  readonly owners: readonly PlannedOwners[];
  /** How many registrations it takes the place of. */
  readonly registrations: number;
}

/** Something that changes or has no home. `file` and `line` are where it stands. */
export interface ConversionWarning extends LegacyOrigin {
  readonly field: string;
  readonly oldValue?: unknown;
  readonly newValue?: unknown;
  readonly message: string;
}

/** A question that only a human can answer: by `id` in the decisions file. */
export interface Decision {
  readonly id: string;
  readonly question: string;
  /** The answers there are; empty where any text is one. */
  readonly options: readonly string[];
  /** Some of the registrations that raise it. */
  readonly origins: readonly LegacyOrigin[];
}

/** A registration that stays as it is. */
export interface KeptRegistration extends LegacyOrigin {
  readonly name: string;
  readonly reason: string;
}

/** What becomes of a set of registrations. In order: connections by key, warnings by file and line, decisions by id. */
export interface ConversionPlan {
  readonly connections: readonly PlannedConnection[];
  readonly warnings: Iterable<ConversionWarning> & { readonly length: number };
  /** Those that are not answered. Nothing may be converted before all are. */
  readonly decisions: readonly Decision[];
  readonly kept: readonly KeptRegistration[];
}
