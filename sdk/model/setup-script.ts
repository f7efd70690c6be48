import type { ConnectionInformation, NativeIntegration } from "./registration";

/** What a setup script opens to the connection, beyond the contract: an integration does not say which data it is to see. */
export interface SetupScope {
  /** Exact names of databases (catalogs) that are seen with everything in them, now and later. */
  readonly databases?: readonly string[] | undefined;
  /** Snowflake: databases made from a share. */
  readonly importedDatabases?: readonly string[] | undefined;
  /** Databricks, with a token: the user or service principal whose token it is, which the token does not tell. */
  readonly principal?: string | undefined;
}

/** Body of POST `/integrations/scripts/create` (contract: setup script): the integration that is planned, and what it is to see. */
export type SetupRequest = NativeIntegration & SetupScope;

/** What a cleanup script takes back. */
export interface CleanupSubject {
  readonly connection: ConnectionInformation;
  readonly nativeIntegration: NativeIntegration;
  /** Names of the databases that are registered of the connection. */
  readonly databases: readonly string[];
}

/** SQL for an administrator of the platform, as one text with comments. It holds no secret of the connection. */
export interface PlatformScripts {
  /** @throws BadRequestError naming the field where the script cannot be written. */
  setup(request: SetupRequest): string;
  cleanup(subject: CleanupSubject): string;
}

/** The part of `ConnectionsApi` that writes scripts. */
export interface ScriptApi {
  /** SQL that makes what a planned connection needs on its platform; stores nothing, and asks the platform nothing. */
  createSetupScript(request: SetupRequest): Promise<string>;
  /**
   * SQL that takes back what a connection needed on its platform. Ask before it is deregistered: then it is not known any more.
   * @param integrationId the connection's `nativeIntegrationId`.
   */
  createCleanupScript(integrationId: number): Promise<string>;
}
