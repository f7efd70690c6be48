import * as pulumi from "@pulumi/pulumi";
import { Connection, ObjectStatus } from "pulumi-connections";
import { DatabricksServicePrincipal } from "pulumi-connections/databricks";

const config = new pulumi.Config();
const catalogs = config.requireObject<string[]>("catalogs");

// On Databricks: a service principal that logs in with a secret, a small SQL warehouse, and the grants.
const principal = new DatabricksServicePrincipal("governance", {
  hostname: config.require("hostname"),
  catalogs,
  audit: config.getBoolean("audit") ?? false,
});

// The whole workspace as one connection, once every grant is made.
const databricks = new Connection("databricks", {
  connectionKey: "databricks",
  connection: principal.connection,
  nativeIntegration: principal.nativeIntegration,
  settings: { isActive: false, activateNewChildren: false },
});

// Every table of these catalogs becomes a data source.
for (const catalog of catalogs) new ObjectStatus(catalog, { objectPath: ["databricks", catalog], isActive: true });

export const applicationId = principal.applicationId;
export const httpPath = principal.httpPath;
export const counts = databricks.counts;
