import type { Principal } from "./settings";

/** The port of platforms that a legacy registration leaves out. */
export const LEGACY_PORT = 443;

/** An account that data sources were registered on one by one, before there were connections. */
export interface LegacyHost {
  readonly technology: string;
  /** Lower case, without scheme and path. */
  readonly hostname: string;
  readonly port: number;
}

/** Who owns a data source: a principal by its number, or a name that is looked up when the data source is upgraded. */
export type RegisteredOwner = Principal | { readonly type: "user" | "group"; readonly name: string };

/** Tags that were set when the data source was registered. */
export interface RegisteredTags {
  readonly table: readonly string[];
  readonly columns: readonly { readonly column: string; readonly tags: readonly string[] }[];
}

/** The table behind a legacy data source, as its registration spells it. */
export interface LegacyPlace {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
}

/** A container whose new tables become data sources by themselves; without `schema`, a whole database. */
export interface MonitoredContainer {
  readonly database: string;
  readonly schema: string | null;
}

/** A legacy data source as reads show it; secrets are left out. */
export interface LegacyDataSource extends LegacyPlace {
  /** Stays the same for ever, also when the data source is upgraded. */
  readonly id: number;
  readonly name: string;
  readonly host: LegacyHost;
  /** The V2 key that it was registered under; null for V1. */
  readonly collection: string | null;
  readonly isEnabled: boolean;
  readonly tags: RegisteredTags;
  readonly owners: readonly RegisteredOwner[];
  /** The rules that it was registered with, as they were sent. They belong to the id, so that an upgrade leaves them alone. */
  readonly policies: readonly unknown[];
  /** Where it is since it was upgraded. */
  readonly objectPath: readonly string[] | null;
}

/** The source of tags that came with a legacy registration; no object sync touches them. */
export const LEGACY_TAG_SOURCE = "legacy registration";

/** One text for one host: `Snowflake acme.snowflakecomputing.com:443`. */
export function hostKeyOf({ technology, hostname, port }: LegacyHost): string {
  return `${technology} ${hostname}:${port}`;
}

/**
 * The host that connection information names; undefined where it names none (a platform without hosts).
 * @param connection with `technology`, `hostname` (a host or its URL) and maybe `port`
 */
export function hostOf(connection: Readonly<Record<string, unknown>>): LegacyHost | undefined {
  const { technology, hostname, port } = connection;
  if (typeof technology !== "string" || typeof hostname !== "string" || hostname === "") return undefined;
  return {
    technology,
    hostname: hostname
      .toLowerCase()
      .replace(/^https?:\/\//, "")
      .replace(/\.?\/?$/, ""),
    port: typeof port === "number" ? port : LEGACY_PORT,
  };
}

export function hostText({ hostname, port }: LegacyHost): string {
  return `${hostname}:${port}`;
}
