import type { LegacyHost } from "./legacy-data-source";
import type { Registration } from "./registration";

/** What a host may have that an upgrade would lose (contract: upgrade preconditions); each is named in words by the plan. */
export const BLOCKER_KINDS = ["technology", "integration", "dataSources", "feature", "registrationTags"] as const;
export type BlockerKind = (typeof BLOCKER_KINDS)[number];

/** Those that a caller may accept. */
export const ACKNOWLEDGEMENTS = ["registrationTags"] as const;
export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number];

/**
 * Body of an upgrade: a registration whose `connection` names the host to upgrade. `settings.isActive` cannot be true: what is
 * active follows from the host's data sources.
 */
export interface UpgradeRequest extends Registration {
  /** Losses that the caller accepts. */
  readonly acknowledge?: readonly Acknowledgement[];
}

export const UPGRADE_STATUSES = ["ready", "inProgress", "interrupted", "partiallyComplete", "complete"] as const;
/**
 * `ready`: nothing was begun. `interrupted`: begun, and no job runs; run it again. `partiallyComplete`: some data sources were not
 * upgraded, each with its reason; run it again when that is solved.
 */
export type UpgradeStatusName = (typeof UPGRADE_STATUSES)[number];

/** Data sources of a host by what became of them. */
export interface UpgradeCounts {
  readonly dataSources: number;
  readonly upgraded: number;
  /** Not upgraded yet. */
  readonly remaining: number;
}

export interface UpgradeStatus {
  readonly host: LegacyHost;
  readonly status: UpgradeStatusName;
  readonly counts: UpgradeCounts;
  /** Null before an upgrade was begun. */
  readonly connectionKey: string | null;
  /** The bulk operation of the last run; null before the first. */
  readonly bulkId: string | null;
  /** Why the last run did not come to its end. */
  readonly error: string | null;
}

/** One data source of an upgraded host. */
export interface UpgradeSource {
  readonly id: number;
  /** The name that it had, or still has. */
  readonly name: string;
  /** The name that it has since; null as long as it is not upgraded. */
  readonly newName: string | null;
  readonly objectPath: readonly string[] | null;
  /** Why it was not upgraded; null when it was, or before the first run. */
  readonly reason: string | null;
}

export interface UpgradeSourceQuery {
  /** Only those that were not upgraded, or only those that were. */
  readonly state?: "remaining" | "upgraded";
  /** The `next` of the part before. */
  readonly after?: string;
  /** Hits to return, 1 to 1,000; default 25. */
  readonly size?: number;
}

export interface UpgradeBlocker {
  readonly kind: BlockerKind;
  readonly message: string;
  /** What to put into `acknowledge` to go on all the same. */
  readonly acknowledge?: Acknowledgement;
}

/** What an upgrade would do now. Lists are cut at the asked limit; counts are complete. */
export interface UpgradePlan {
  readonly host: LegacyHost;
  readonly connectionKey: string;
  /** As long as there are any, the upgrade is refused. */
  readonly blockers: readonly UpgradeBlocker[];
  readonly counts: {
    /** Data sources that move and keep id, tags and policies. */
    readonly moving: number;
    /** Data sources that cannot move now. */
    readonly remaining: number;
    /** Tables that become data sources because their schema is monitored. */
    readonly activated: number;
    /** Tables that appear as inactive objects. */
    readonly inactive: number;
  };
  readonly moving: readonly { readonly id: number; readonly name: string; readonly newName: string; readonly isEnabled: boolean }[];
  readonly remaining: readonly { readonly id: number; readonly name: string; readonly reason: string }[];
  /** What else is lost or has to be done, a line each. */
  readonly warnings: readonly string[];
}

export interface UpgradePlanOptions {
  /** How many data sources to list; default 1,000. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface RerunOptions {
  /** Data sources to give up on: they are deleted with their tags and policies. */
  readonly discard?: readonly number[];
}

/** What one run of an upgrade did. */
export interface UpgradeResult {
  readonly upgraded: number;
  readonly remaining: number;
  /** Schemas and databases that were monitored, and are active with their new children since. */
  readonly activated: readonly (readonly string[])[];
  /** Owners that no user or group here has the name of. */
  readonly unknownOwners: readonly string[];
}
