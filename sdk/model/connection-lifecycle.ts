import type { ConnectionDetails } from "./registration";
import type { ObjectPath } from "./object-path";

/**
 * What a connection as a whole is (contract: the newer `/api/connections` API). INACTIVE: it is not set active itself, and what inherits
 * from it is inactive. UNHEALTHY: active, but its last whole object sync failed.
 */
export const CONNECTION_STATES = ["ACTIVE", "INACTIVE", "UNHEALTHY"] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** A registered connection with its state; its secrets are there, each as `[REDACTED]`. */
export interface StatefulConnection extends ConnectionDetails {
  readonly state: ConnectionState;
}

/**
 * A change of connection information by merge (RFC 7396): fields left out stay, `null` removes one, objects merge, and a secret that is
 * sent as it was read, `[REDACTED]`, stays. What of the integration follows from the connection follows its change.
 */
export interface ConnectionPatch {
  readonly connection?: Readonly<Record<string, unknown>> | undefined;
  readonly nativeIntegration?: Readonly<Record<string, unknown>> | undefined;
}

/** Operations on a connection as a whole that are allowed in some of its states; in others they are a `ConflictError`. */
export interface ConnectionLifecycle {
  readConnection(connectionKey: string): Promise<StatefulConnection>;
  /**
   * Checks the merged credentials on the platform and stores them; with `dryRun` only checks. Takes an ACTIVE or UNHEALTHY connection.
   * @returns the connection as it is then, or would be.
   */
  patchConnection(connectionKey: string, patch: ConnectionPatch, options?: { readonly dryRun?: boolean }): Promise<StatefulConnection>;
  /** Takes an INACTIVE connection. What inherits from it becomes active. */
  activateConnection(connectionKey: string): Promise<StatefulConnection>;
  /** Takes an ACTIVE or UNHEALTHY connection. What inherits from it becomes inactive. */
  deactivateConnection(connectionKey: string): Promise<StatefulConnection>;
  /**
   * Starts a job that deregisters an INACTIVE connection, or with `force` an UNHEALTHY one; follow it by `bulkId`. A job that does so
   * already is joined.
   */
  deregisterConnection(
    connectionKey: string,
    options?: { readonly force?: boolean },
  ): Promise<{ readonly objectPath: ObjectPath; readonly bulkId: string }>;
}
