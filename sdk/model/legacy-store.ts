import type { LegacyHost, RegisteredOwner, LegacyPlace, RegisteredTags, MonitoredContainer } from "./legacy-data-source";
import type { PathKey } from "./path-key";
import type { Registered } from "./registered";
import type { SettingsPatch } from "./settings";

/** A host, and the connection that it is being or was upgraded to. */
export interface LegacyHostRow {
  readonly hostKey: string;
  readonly host: LegacyHost;
  readonly connectionKey: string | null;
  /** A run of the upgrade has come to its end since it was begun. */
  readonly isUpgraded: boolean;
}

/** What a registration brings for one data source. */
export interface NewLegacySource extends LegacyPlace {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly tags: RegisteredTags;
  readonly owners: readonly RegisteredOwner[];
  readonly policies: readonly unknown[];
}

export interface LegacySourceRow extends NewLegacySource {
  readonly id: number;
  readonly hostKey: string;
  readonly registrationId: number;
  readonly collection: string | null;
  readonly upgradedTo: PathKey | null;
  /** Why the last run of the upgrade left it. */
  readonly reason: string | null;
}

/** One call that registers data sources. `secretPayload` is the encrypted JSON of what was sent. */
export interface NewLegacyRegistration {
  readonly host: LegacyHost;
  readonly collection: string | null;
  readonly secretPayload: string;
  readonly createdAt: string;
}

export interface LegacyRegistrationRow extends NewLegacyRegistration {
  readonly id: number;
}

/** Why a legacy write was not made; then nothing was written. */
export type LegacyConflict =
  /** The host was upgraded. */
  | { readonly conflict: "upgraded"; readonly hostKey: string; readonly connectionKey: string }
  /** A table, or a name, that is a data source already. */
  | { readonly conflict: "duplicate"; readonly what: "table" | "name"; readonly id: number; readonly name: string };

/** A change of what a registration holds; all of it or nothing is written. */
export interface LegacyChange {
  readonly registration: NewLegacyRegistration;
  readonly create: readonly NewLegacySource[];
  readonly update: readonly { readonly id: number; readonly source: NewLegacySource }[];
  readonly disable: readonly number[];
  readonly remove: readonly number[];
  /** Replaces what is monitored by the registration's collection, or adds to what the host monitors where it has none. */
  readonly monitored: readonly MonitoredContainer[];
}

export interface LegacySourceQuery {
  readonly hostKey?: string;
  readonly collection?: string;
  readonly ids?: readonly number[];
  readonly name?: string;
  /** Contained in the name, upper and lower case alike. */
  readonly searchText?: string;
  readonly isEnabled?: boolean;
  readonly isUpgraded?: boolean;
  /** Only those of a greater id. */
  readonly afterId?: number;
  readonly offset?: number;
  /** All when left out. */
  readonly limit?: number;
}

export interface MonitoredRow extends MonitoredContainer {
  readonly collection: string | null;
  /** The upgrade has made its setting of it. */
  readonly isApplied: boolean;
}

/** An integration of the time before connections. `secretConfig` is the encrypted JSON of its configuration. */
export interface LegacyIntegrationRow {
  readonly id: number;
  readonly hostKey: string;
  readonly host: LegacyHost;
  readonly type: string;
  readonly isEnabled: boolean;
  readonly secretConfig: string;
}

/** One data source that becomes the object at `key`. */
export interface AdoptedSource {
  readonly id: number;
  readonly key: PathKey;
  readonly settings: SettingsPatch;
  readonly tags: RegisteredTags;
}

/** One step of an upgrade. */
export interface Adoption {
  readonly sources: readonly AdoptedSource[];
  /** A monitored container that becomes active with its new children. */
  readonly container?: { readonly key: PathKey; readonly monitored: MonitoredContainer };
}

/**
 * Integrations and data sources of the time before connections, until their host is upgraded and after that for what they were
 * called. No rules in it, but for one: nothing is written for a host that was upgraded, in whatever process that happened.
 */
export interface LegacyStore {
  listLegacyHosts(): Promise<LegacyHostRow[]>;
  getLegacyHost(hostKey: string): Promise<LegacyHostRow | undefined>;
  /** @returns the ids of those created, in their order. */
  changeLegacy(change: LegacyChange): Promise<{ readonly ids: readonly number[] } | LegacyConflict>;
  getLegacyRegistration(id: number): Promise<LegacyRegistrationRow | undefined>;
  /** Those of a host, newest last, in batches. */
  streamLegacyRegistrations(hostKey: string): AsyncIterable<LegacyRegistrationRow[]>;
  /** In order of their ids. */
  listLegacySources(query: LegacySourceQuery): Promise<LegacySourceRow[]>;
  countLegacySources(query: LegacySourceQuery): Promise<number>;
  /** Those of a host that were not upgraded, in byte order of database, schema and table, in batches. */
  streamLegacySources(hostKey: string): AsyncIterable<LegacySourceRow[]>;
  setLegacyEnabled(ids: readonly number[], isEnabled: boolean): Promise<LegacyConflict | undefined>;
  deleteLegacySources(ids: readonly number[]): Promise<LegacyConflict | undefined>;
  listMonitored(hostKey: string): Promise<MonitoredRow[]>;

  /** @returns undefined when the host has one already. */
  insertLegacyIntegration(
    integration: Omit<LegacyIntegrationRow, "id" | "hostKey">,
  ): Promise<{ readonly id: number } | LegacyConflict | undefined>;
  listLegacyIntegrations(): Promise<LegacyIntegrationRow[]>;
  deleteLegacyIntegration(id: number): Promise<LegacyConflict | boolean>;

  /** The path of an object of this id. */
  findObject(id: number): Promise<PathKey | undefined>;
  /** The principals of some names; unknown ones are left out. */
  findPrincipals(type: "user" | "group", names: readonly string[]): Promise<ReadonlyMap<string, number>>;

  /**
   * Turns data sources into active objects of the connection in one transaction: each object takes the data source's id, settings and
   * tags. Writes nothing and returns false when that registration is gone.
   */
  adopt(connection: Registered, adoption: Adoption): Promise<boolean>;
  /** Deletes data sources that were not upgraded. */
  discardLegacySources(connection: Registered, ids: readonly number[]): Promise<number>;
  setUpgradeReasons(reasons: readonly { readonly id: number; readonly reason: string }[]): Promise<void>;
  setUpgraded(connection: Registered): Promise<void>;
}
