import type { Settings } from "./settings";

/** The platform's connection information: its shape depends on the technology (contract: registration payloads). */
export interface ConnectionInformation {
  readonly technology: string;
  readonly [field: string]: unknown;
}

/** The integration behind a connection. Derived from `connection` when left out. */
export interface NativeIntegration {
  readonly type: string;
  /** Only `false`: the environment is prepared by the setup script. */
  readonly autoBootstrap: false;
  readonly config: Readonly<Record<string, unknown>>;
  readonly unityCatalog?: boolean;
}

/** Body of POST `/data/connection`. */
export interface Registration {
  readonly connectionKey: string;
  readonly connection: ConnectionInformation;
  readonly settings?: Settings;
  readonly options?: { readonly forceRecursiveCrawl?: boolean };
  readonly nativeIntegration?: NativeIntegration;
}

/** Body of PUT `/data/connection/{connectionKey}`: replaces the connection information. */
export interface ConnectionUpdate {
  readonly connection: ConnectionInformation;
  readonly nativeIntegration?: NativeIntegration;
}

/** Who did something. In process it is the local administrator, of id 0. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
}

/** A registered connection as a read shows it: secrets are left out. Times are ISO-8601 UTC. */
export interface ConnectionDetails {
  readonly connectionKey: string;
  readonly connection: ConnectionInformation;
  readonly nativeIntegration: NativeIntegration;
  readonly createdAt: string;
  readonly createdBy: number;
  readonly creator: Person;
  readonly updatedAt: string;
  readonly updatedBy: number;
  readonly updater: Person;
  /** Stays the same as long as the connection is registered. */
  readonly nativeIntegrationId: number;
  /** Where secrets were left out, as names from `connection` or `nativeIntegration` down; a server may not tell. */
  readonly leftOut?: readonly (readonly string[])[];
  /** The last finished object sync of the whole connection; null before the first. */
  readonly lastSync: LastSync | null;
}

/** When the last sync ended and what it left registered. */
export interface LastSync {
  readonly at: string;
  readonly counts: { readonly databases: number; readonly schemas: number; readonly tables: number; readonly dataSources: number };
}
