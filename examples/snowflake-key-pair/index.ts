import * as pulumi from "@pulumi/pulumi";
import { Connection, ObjectStatus } from "pulumi-connections";
import { SnowflakeSystemAccount } from "pulumi-connections/snowflake";

const config = new pulumi.Config();
const databases = config.requireObject<string[]>("databases");

// On Snowflake: a role that only reads, a service user that logs in with a key, and a small warehouse.
const account = new SnowflakeSystemAccount("governance", {
  hostname: config.require("hostname"),
  publicKey: config.require("publicKey"),
  databases,
  audit: config.getBoolean("audit") ?? false,
  lineage: config.getBoolean("lineage") ?? false,
  tags: config.getBoolean("tags") ?? false,
});

// The whole account as one connection, once every grant is made.
const snowflake = new Connection("snowflake", {
  connectionKey: "snowflake",
  ...account.withKey({ content: config.requireSecret("privateKey"), password: config.getSecret("privateKeyPassword") }),
  settings: { isActive: false, activateNewChildren: false },
});

// Every table of these databases becomes a data source.
for (const database of databases) new ObjectStatus(database, { objectPath: ["snowflake", database], isActive: true });

export const role = account.role;
export const user = account.username;
export const warehouse = account.warehouse;
export const counts = snowflake.counts;
