import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { ACTIVITY_FEEDS } from "../../sdk/model/activity";
import {
  ON_SYSTEM_CATALOG,
  ON_SYSTEM_SCHEMAS,
  ON_WHOLE_CATALOG,
  SYSTEM_CATALOG,
  systemSchemasOf,
} from "../../sdk/platforms/databricks/privileges";
import type { NativeIntegrationArgs } from "../connection";
import type { DatabricksOAuthArgs } from "../databricks-connection";
import { runError } from "../run-error";
import { catalogEntries, workspaceHost, type DatabricksCatalogs } from "./databricks-names";

const DEFAULT_PORT = 443;

export interface DatabricksServicePrincipalArgs {
  /** The workspace's host, or its URL (`adb-1234567890123456.7.azuredatabricks.net`); the same that `@pulumi/databricks` works on. */
  hostname: pulumi.Input<string>;
  /** Passed on to the connection; 443 when left out. */
  port?: pulumi.Input<number>;
  /** Catalogs that the connection sees and governs, with everything in them, now and later. */
  catalogs: DatabricksCatalogs;
  /** Read who ran which statements (default false). An account admin has to enable the schemas `access` and `query` of `system`. */
  audit?: boolean;
  /** Read what is made of what (default false). An account admin has to enable the schema `access` of `system`. */
  lineage?: boolean;
  /** Read the tags of objects and columns (default false). */
  tags?: boolean;
  /** Whose audit is read, as the workspaces' numbers; only with `audit`. Not limited when left out. */
  workspaceIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** The service principal's name for people; the component's when left out. */
  displayName?: pulumi.Input<string>;
  /** Seconds after which the secret expires; Databricks' own 730 days when left out. */
  secretLifetimeSeconds?: pulumi.Input<number>;
  /** Any text; another one makes a new secret, and deletes the old one once the connection has the new one. */
  secretVersion?: pulumi.Input<string>;
  /** Unique in the workspace; the component's when left out. */
  warehouseName?: pulumi.Input<string>;
  /** `2X-Small` when left out. */
  warehouseSize?: pulumi.Input<string>;
  /** Minutes without a statement after which the warehouse stops; 10 when left out. */
  warehouseAutoStopMinutes?: pulumi.Input<number>;
  /** Run the warehouse on serverless compute (default true); a pro warehouse in your own cloud account otherwise. */
  serverless?: pulumi.Input<boolean>;
}

/**
 * Everything that a Databricks connection needs on the platform: a service principal with a secret, a small SQL warehouse of its own,
 * and grants on the catalogs. What it may do is what the connection needs by object type, as privileges on each catalog.
 * `@pulumi/databricks` has to work on the workspace as one of its admins who may grant on the catalogs: their owner, or with MANAGE.
 *
 * @example
 * ```ts
 * const principal = new DatabricksServicePrincipal("governance", {
 *   hostname: "adb-1234567890123456.7.azuredatabricks.net",
 *   catalogs: ["sales", "hr"],
 * });
 * const { connection, nativeIntegration } = principal;
 * new Connection("lakehouse", { connectionKey: "lakehouse", connection, nativeIntegration });
 * ```
 */
export class DatabricksServicePrincipal extends pulumi.ComponentResource {
  /** What the service principal is granted by, and logs in with: a UUID. Unknown at preview until it is made. */
  readonly applicationId: pulumi.Output<string>;
  readonly clientSecret: pulumi.Output<string>;
  readonly warehouseId: pulumi.Output<string>;
  readonly httpPath: pulumi.Output<string>;
  /** Logs in as the service principal; whatever uses it waits for every grant. */
  readonly connection: DatabricksOAuthArgs;
  /** Only with `audit`, `lineage` or `tags`; derived from `connection` otherwise. */
  readonly nativeIntegration?: NativeIntegrationArgs;

  constructor(name: string, args: DatabricksServicePrincipalArgs, options?: pulumi.ComponentResourceOptions) {
    super("connections:databricks:DatabricksServicePrincipal", name, {}, options);
    const self = `DatabricksServicePrincipal "${name}"`;
    const parent = { parent: this };
    const catalogs = catalogEntries(args.catalogs, self);
    const hostname = workspaceHost(args.hostname, self);
    if (args.workspaceIds !== undefined && args.audit !== true) {
      throw runError(`${self}: workspaceIds: says whose audit is read, which is off; set audit to true, or remove workspaceIds`);
    }

    const principal = new databricks.ServicePrincipal(
      name,
      // Without the entitlement a warehouse lets nobody in, whatever its own permissions say.
      { displayName: args.displayName ?? name, databricksSqlAccess: true },
      parent,
    );
    const secret = new databricks.ServicePrincipalSecret(
      name,
      {
        servicePrincipalId: principal.id,
        ...(args.secretLifetimeSeconds !== undefined && { lifetime: pulumi.interpolate`${args.secretLifetimeSeconds}s` }),
        ...(args.secretVersion !== undefined && { timeRotating: args.secretVersion }),
      },
      parent,
    );
    const warehouse = new databricks.SqlEndpoint(
      name,
      {
        name: args.warehouseName ?? name,
        clusterSize: args.warehouseSize ?? "2X-Small",
        maxNumClusters: 1,
        autoStopMins: args.warehouseAutoStopMinutes ?? 10,
        enableServerlessCompute: args.serverless ?? true,
        warehouseType: "PRO",
      },
      parent,
    );
    const use = new databricks.Permissions(
      name,
      {
        sqlEndpointId: warehouse.id,
        accessControls: [{ servicePrincipalName: principal.applicationId, permissionLevel: "CAN_USE" }],
      },
      parent,
    );

    const granted: pulumi.Output<unknown>[] = [use.accessControls];
    const grant = (key: string, privileges: readonly string[], on: Pick<databricks.GrantArgs, "catalog" | "schema">) => {
      const resource = new databricks.Grant(
        `${name}-${key}`,
        { principal: principal.applicationId, privileges: privileges.map(asArgument), ...on },
        parent,
      );
      granted.push(resource.principal);
    };
    for (const { key, name: catalog } of catalogs) grant(`catalog-${key}`, ON_WHOLE_CATALOG, { catalog });
    const feeds = ACTIVITY_FEEDS.filter((feed) => args[feed] === true);
    const systemSchemas = systemSchemasOf(feeds);
    if (systemSchemas.length > 0) grant("system", ON_SYSTEM_CATALOG, { catalog: SYSTEM_CATALOG });
    for (const schema of systemSchemas) grant(`system-${schema}`, ON_SYSTEM_SCHEMAS, { schema: `${SYSTEM_CATALOG}.${schema}` });

    // What a grant says of its principal is known once that is, unlike its id; it makes users of the connection wait all the same.
    const onceGranted = <T>(output: pulumi.Output<T>) => pulumi.all([output, pulumi.all(granted)]).apply(([value]) => value as T);
    this.applicationId = principal.applicationId;
    this.clientSecret = pulumi.secret(secret.secret);
    this.warehouseId = warehouse.id;
    this.httpPath = pulumi.interpolate`/sql/1.0/warehouses/${warehouse.id}`;
    const port = pulumi.output(args.port ?? DEFAULT_PORT);
    // Member by member: one secret inside a whole output would make a secret of all of it.
    const login = {
      port,
      httpPath: onceGranted(this.httpPath),
      authenticationType: "oAuthM2M" as const,
      oAuthClientConfig: {
        useCertificate: false,
        clientId: onceGranted(this.applicationId),
        clientSecret: onceGranted(this.clientSecret),
        scope: "all-apis",
        authorityUrl: pulumi
          .all([hostname, port])
          .apply(([host, number]) => `https://${host}${number === DEFAULT_PORT ? "" : `:${number}`}/oidc/v1/token`),
      },
    };
    this.connection = { technology: "Databricks", hostname, ...login };
    if (feeds.length > 0) {
      const switches = Object.fromEntries(feeds.map((feed) => [feed, { enabled: true }]));
      const workspaceIds = args.workspaceIds !== undefined && { workspaceIds: args.workspaceIds };
      const config = { host: hostname, ...login, ...switches, ...workspaceIds };
      this.nativeIntegration = { type: "Databricks", autoBootstrap: false, unityCatalog: true, config };
    }
    this.registerOutputs({
      applicationId: this.applicationId,
      clientSecret: this.clientSecret,
      warehouseId: this.warehouseId,
      httpPath: this.httpPath,
      connection: this.connection,
      nativeIntegration: this.nativeIntegration,
    });
  }
}

/** Resources spell a privilege with underscores, SQL with spaces. */
function asArgument(privilege: string): string {
  return privilege.replaceAll(" ", "_");
}
