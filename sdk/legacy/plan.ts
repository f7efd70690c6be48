import type { LegacyOrigin, LegacyOwner } from "../model/legacy/registration";
import type { ObjectPath } from "../model/object-path";
import type { PrincipalReference } from "../model/settings";

/** A setting made on an object itself; fields left out are inherited. */
export interface PlannedOverride {
  readonly objectPath: ObjectPath;
  readonly isActive?: boolean | undefined;
  readonly activateNewChildren?: boolean | undefined;
}

/** Owners of an object as registrations hold them: by name, or by the number of a profile. */
export interface PlannedOwners {
  readonly objectPath: ObjectPath;
  readonly dataOwners: readonly LegacyOwner[];
}

/** An owner as settings and programs know it. There is one identity manager here, so that a name stands alone. */
export function referenceTo({ type, name, id }: LegacyOwner): PrincipalReference {
  return name === undefined ? { type, id: id! } : { type, name };
}

/** A list that is read as often as one likes, one entry at a time: it need not be in memory. */
export interface Listed<Value> extends Iterable<Value> {
  readonly length: number;
}

/** One platform account: what to register and what to set. */
export interface StreamedConnection {
  readonly connectionKey: string;
  /** Every secret says `[REDACTED]`. Fields that a decision asks for are missing. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** The fewest that mean the same as the registrations; where nothing is set, both are false. */
  readonly overrides: Listed<PlannedOverride>;
  readonly owners: Listed<PlannedOwners>;
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

/**
 * What becomes of a set of registrations. In order: connections by key, warnings by file and line, decisions by id. Its lists
 * need not be in memory.
 */
export interface StreamedPlan {
  readonly connections: readonly StreamedConnection[];
  readonly warnings: Listed<ConversionWarning>;
  /** Those that are not answered. Nothing may be converted before all are. */
  readonly decisions: readonly Decision[];
  readonly kept: Listed<KeptRegistration>;
}

/** A streamed connection, all of it in memory. */
export interface PlannedConnection extends StreamedConnection {
  readonly overrides: readonly PlannedOverride[];
  readonly owners: readonly PlannedOwners[];
}

/** A streamed plan, all of it in memory. */
export interface ConversionPlan extends StreamedPlan {
  readonly connections: readonly PlannedConnection[];
  readonly warnings: readonly ConversionWarning[];
  readonly kept: readonly KeptRegistration[];
}

/** All of a streamed plan. */
export function wholePlan({ connections, warnings, decisions, kept }: StreamedPlan): ConversionPlan {
  return {
    connections: connections.map((one) => ({ ...one, overrides: [...one.overrides], owners: [...one.owners] })),
    warnings: [...warnings],
    decisions,
    kept: [...kept],
  };
}
