import * as pulumi from "@pulumi/pulumi";
import type { ObjectState } from "../sdk/model/data-object";
import { formatObjectPath } from "../sdk/model/object-path";
import { SETTING_NAMES } from "../sdk/model/settings";
import type { LastSync } from "../sdk/model/registration";
import type { SyncCounts } from "../sdk/model/sync-plan";
import type { DatabricksConnectionArgs } from "./databricks-connection";
import { whenKnown } from "./natural-key";
import { addConnection, claim, claimSetting, tenantOf, type Tenant } from "./registry";
import { markSecrets, secretFieldsOf } from "./secret-inputs";
import { connectionProvider } from "./shim";
import type { SnowflakeConnectionArgs } from "./snowflake-connection";

/** A user or group by the identity manager's number. */
export interface PrincipalArgs {
  type: pulumi.Input<"user" | "group">;
  id: pulumi.Input<number>;
}

/** Settings at the top of a connection; everything beneath inherits them. What is left out is not managed here. */
export interface ConnectionSettingsArgs {
  /** Whether objects are active: an active table is a data source. */
  isActive?: pulumi.Input<boolean>;
  /** Whether objects that later syncs find start active. */
  activateNewChildren?: pulumi.Input<boolean>;
  dataOwners?: pulumi.Input<pulumi.Input<PrincipalArgs>[]>;
  infrastructureAdmins?: pulumi.Input<pulumi.Input<PrincipalArgs>[]>;
}

/** Connection information of a DuckDB connection. */
export interface DuckdbConnectionArgs {
  technology: pulumi.Input<"DuckDB">;
  /** Database name to file, relative to the program's folder. Files are opened read-only. */
  databases: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Opens encrypted files. Kept secret in state and store. */
  encryptionKey?: pulumi.Input<string>;
}

export interface NativeIntegrationArgs {
  type: pulumi.Input<string>;
  autoBootstrap: pulumi.Input<false>;
  config: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  unityCatalog?: pulumi.Input<boolean>;
}

/** What to upgrade, and what may be lost by it. */
export interface UpgradeFromArgs {
  /** The host that the data sources were registered on; that of `connection`. */
  hostname: pulumi.Input<string>;
  /** Losses to accept: `registrationTags`, that tables found later get no tags as V2 registrations gave them. */
  acknowledge?: pulumi.Input<pulumi.Input<"registrationTags">[]>;
}

export interface ConnectionArgs {
  /** Names the connection and is the first element of every object path beneath it. Changing it replaces the resource. */
  connectionKey: pulumi.Input<string>;
  /** The platform account. Changing `technology` replaces the resource. */
  connection: pulumi.Input<DuckdbConnectionArgs | SnowflakeConnectionArgs | DatabricksConnectionArgs>;
  settings?: pulumi.Input<ConnectionSettingsArgs>;
  /** Derived from `connection` when left out. */
  nativeIntegration?: pulumi.Input<NativeIntegrationArgs>;
  /**
   * The account's data sources were registered one by one: upgrade it, so that they keep their ids, tags and policies. `connection` names
   * the account. Until an upgrade was run, previews show its plan; afterwards it says nothing more.
   */
  upgradeFrom?: pulumi.Input<UpgradeFromArgs>;
  /** What to do with a connection of this key that is registered already: `adopt` it (default) or `fail`. */
  onExists?: pulumi.Input<"adopt" | "fail">;
  /** Apply a sync even where it makes more than half of a database's objects missing (default false). */
  allowMassRemoval?: pulumi.Input<boolean>;
}

/**
 * One platform account, registered as a connection: `up` checks the credentials, stores them encrypted, and syncs every
 * database, schema and table that they see. A later `preview` crawls the platform again and names what changed; `up`
 * takes it in. Deleting the resource deregisters the connection.
 *
 * @example
 * ```ts
 * const warehouse = new Connection("warehouse", {
 *   connectionKey: "warehouse",
 *   connection: { technology: "DuckDB", databases: { sales: "./sales.duckdb" } },
 *   settings: { isActive: false, activateNewChildren: false },
 * });
 * export const tables = warehouse.counts.tables;
 * ```
 */
export class Connection extends pulumi.dynamic.Resource {
  declare readonly connectionKey: pulumi.Output<string>;
  declare readonly connection: pulumi.Output<Record<string, unknown>>;
  declare readonly settings: pulumi.Output<Record<string, unknown> | undefined>;
  /** `[connectionKey]`: the head of every object path of this connection. */
  declare readonly objectPath: pulumi.Output<string[]>;
  /** Whether the top is active; what is beneath may override it. */
  declare readonly state: pulumi.Output<ObjectState>;
  /** What the last sync left registered. */
  declare readonly counts: pulumi.Output<LastSync["counts"]>;
  /** ISO-8601 time at which the last sync ended. */
  declare readonly lastSync: pulumi.Output<string>;
  /** What the platform had at the last refresh that was not registered yet; all zero after an `up`. */
  declare readonly pendingChanges: pulumi.Output<Omit<SyncCounts, "unchanged">>;

  constructor(name: string, args: ConnectionArgs, options?: pulumi.CustomResourceOptions) {
    const resource = `Connection "${name}"`;
    const tenant = tenantOf(options);
    const accepted = whenKnown(args.connectionKey, resource, "connectionKey", (connectionKey) => {
      claim(tenant, `connection ${connectionKey}`, resource, "connectionKey");
      claimSettings(tenant, args.settings, connectionKey, resource);
    });
    const outputs = { objectPath: undefined, state: undefined, counts: undefined, lastSync: undefined, pendingChanges: undefined };
    super(
      connectionProvider,
      name,
      {
        ...args,
        connection: markSecrets(args.connection),
        nativeIntegration: markSecrets(args.nativeIntegration),
        secretFields: secretFieldsOf(args.connection, "connection").apply((fields) => (fields.length === 0 ? undefined : fields)),
        ...outputs,
      },
      pulumi.mergeOptions(options, { dependsOn: accepted }),
      "connections",
      "Connection",
    );
    if (typeof args.connectionKey === "string") addConnection(tenant, args.connectionKey, this);
    else pulumi.output(args.connectionKey).apply((connectionKey) => addConnection(tenant, connectionKey, this));
  }
}

/** The top's own settings are also what an ObjectStatus, or a set of statuses or owners, of a one-element path would set. */
function claimSettings(tenant: Tenant, settings: ConnectionArgs["settings"], connectionKey: string, resource: string): void {
  if (typeof settings !== "object" || pulumi.Output.isInstance(settings) || settings instanceof Promise) return;
  for (const setting of SETTING_NAMES) {
    if (settings[setting] !== undefined) claimSetting(tenant, setting, formatObjectPath([connectionKey]), resource, `settings.${setting}`);
  }
}
