import * as pulumi from "@pulumi/pulumi";
import { Connection, ObjectStatus } from "pulumi-connections";

const config = new pulumi.Config();

// The whole workspace as one connection, seen as the token's owner sees it.
const databricks = new Connection("databricks", {
  connectionKey: "databricks",
  connection: {
    technology: "Databricks",
    hostname: config.require("hostname"),
    port: 443,
    httpPath: config.require("httpPath"),
    authenticationType: "token",
    token: config.requireSecret("token"),
  },
  settings: { isActive: false, activateNewChildren: false },
});

// Every table of these catalogs becomes a data source.
for (const catalog of config.requireObject<string[]>("catalogs")) {
  new ObjectStatus(catalog, { objectPath: ["databricks", catalog], isActive: true });
}

export const counts = databricks.counts;
