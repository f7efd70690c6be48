import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { ACTIVITY_FEEDS, type ActivityFeed } from "../../sdk/model/activity";
import { quoteIdentifier } from "../../sdk/platforms/snowflake/quote";
import { databaseGrants, historyGrant, importedGrant, warehouseGrant, type SetupGrant } from "../../sdk/platforms/snowflake/setup-grants";
import type { NativeIntegrationArgs } from "../connection";
import type { SnowflakeKeyPairArgs } from "../snowflake-connection";
import { snowflakePublicKey } from "./public-key";
import { asParameter, databaseEntries, plainName, type SnowflakeDatabases } from "./snowflake-names";

export interface SnowflakeSystemAccountArgs {
  /** The account's host alone (`acme.snowflakecomputing.com`); passed on to the connection. */
  hostname: pulumi.Input<string>;
  /** Passed on to the connection; 443 when left out. */
  port?: pulumi.Input<number>;
  /** The user's public RSA key, in PEM form or as base64. Its private key goes to `withKey` and never to Snowflake. */
  publicKey: pulumi.Input<string>;
  /** A second public key that logs in too, while keys are being changed. */
  secondPublicKey?: pulumi.Input<string>;
  /** Databases that the connection sees, with everything in them, now and later. */
  databases: SnowflakeDatabases;
  /** Databases made from a share that the connection sees. */
  importedDatabases?: SnowflakeDatabases;
  /** Read who ran which statements (default false). Each of these three opens the account's history to the role. */
  audit?: boolean;
  /** Read what is made of what (default false). */
  lineage?: boolean;
  /** Read the tags of objects and columns (default false). */
  tags?: boolean;
  /** Exact name of the role; `<NAME>_ROLE` when left out, after the component's name. */
  roleName?: pulumi.Input<string>;
  /** Exact name of the user; `<NAME>_USER` when left out. */
  userName?: pulumi.Input<string>;
  /** Exact name of the warehouse; `<NAME>_WH` when left out. */
  warehouseName?: pulumi.Input<string>;
  /** `XSMALL` when left out. */
  warehouseSize?: pulumi.Input<string>;
  /** Seconds without a statement after which the warehouse is suspended; 60 when left out. */
  warehouseAutoSuspendSeconds?: pulumi.Input<number>;
}

/** The private key of the system account's user. */
export interface SnowflakeSystemKey {
  /** In PEM form (PKCS#8), plain or encrypted. Becomes a secret. */
  content: pulumi.Input<string>;
  /** Opens an encrypted key. Becomes a secret. */
  password?: pulumi.Input<string> | undefined;
  /** What its file is called; shown only. `rsa_key.p8` when left out. */
  filename?: pulumi.Input<string>;
}

/** Connection information without credentials: how the system account is reached. */
export interface SnowflakeSystemConnection {
  readonly technology: "Snowflake";
  readonly hostname: string;
  readonly port: number;
  /** As connection parameters take them: quoted where the exact name needs it. */
  readonly warehouse: string;
  readonly role: string;
  readonly authenticationType: "keyPair";
  readonly username: string;
}

/** What a `Connection` takes to log in as the system account. */
export interface SnowflakeSystemLogin {
  readonly connection: SnowflakeKeyPairArgs;
  /** Only with `audit`, `lineage` or `tags`; derived from `connection` otherwise. */
  readonly nativeIntegration?: NativeIntegrationArgs;
}

/**
 * Everything that a Snowflake connection needs on the platform: a role that sees the databases (and only reads), a service
 * user with a key, and a small warehouse of its own. What the role may do is the table in docs/snowflake-privileges.md.
 * `@pulumi/snowflake` has to run as a role that may create roles, users and warehouses and has MANAGE GRANTS (ACCOUNTADMIN).
 *
 * @example
 * ```ts
 * const account = new SnowflakeSystemAccount("governance", {
 *   hostname: "acme.snowflakecomputing.com",
 *   publicKey: config.require("publicKey"),
 *   databases: ["SALES", "HR"],
 * });
 * new Connection("acme", { connectionKey: "acme", ...account.withKey({ content: config.requireSecret("privateKey") }) });
 * ```
 */
export class SnowflakeSystemAccount extends pulumi.ComponentResource {
  /** Exact names, as they were created. */
  readonly role: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;
  readonly warehouse: pulumi.Output<string>;
  readonly hostname: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** Known at preview, yet whatever uses it waits for every grant. Add the private key, or use `withKey`. */
  readonly connection: pulumi.Output<SnowflakeSystemConnection>;
  readonly #feeds: readonly ActivityFeed[];

  constructor(name: string, args: SnowflakeSystemAccountArgs, options?: pulumi.ComponentResourceOptions) {
    super("connections:snowflake:SnowflakeSystemAccount", name, {}, options);
    const self = `SnowflakeSystemAccount "${name}"`;
    const parent = { parent: this };
    const prefix = name.toUpperCase().replace(/[^A-Z0-9_]/g, "_");
    const comment = "System account of a governance connection";
    const databases = databaseEntries(args.databases, self, "databases");
    const imported = databaseEntries(args.importedDatabases ?? [], self, "importedDatabases");
    const keyOf = (key: pulumi.Input<string>, field: string) => pulumi.output(key).apply((text) => snowflakePublicKey(text, self, field));

    const role = new snowflake.AccountRole(name, { name: plainName(args.roleName ?? `${prefix}_ROLE`, self, "roleName"), comment }, parent);
    const warehouse = new snowflake.Warehouse(
      name,
      {
        name: plainName(args.warehouseName ?? `${prefix}_WH`, self, "warehouseName"),
        warehouseSize: args.warehouseSize ?? "XSMALL",
        autoSuspend: args.warehouseAutoSuspendSeconds ?? 60,
        autoResume: "true",
        initiallySuspended: true,
        comment,
      },
      parent,
    );
    const user = new snowflake.ServiceUser(
      name,
      {
        name: plainName(args.userName ?? `${prefix}_USER`, self, "userName"),
        rsaPublicKey: keyOf(args.publicKey, "publicKey"),
        ...(args.secondPublicKey !== undefined && { rsaPublicKey2: keyOf(args.secondPublicKey, "secondPublicKey") }),
        defaultRole: role.name,
        defaultWarehouse: warehouse.name,
        // What the connection sees is what this role sees, whatever else the user is granted.
        defaultSecondaryRolesOption: "NONE",
        comment,
      },
      parent,
    );

    const grants: pulumi.Output<unknown>[] = [];
    grants.push(new snowflake.GrantAccountRole(name, { roleName: role.name, userName: user.name }, parent).roleName);
    const grant = ({ label, privileges, on }: SetupGrant<pulumi.Input<string>>, key?: string) => {
      const resource = new snowflake.GrantPrivilegesToAccountRole(
        [name, label, key].filter((part) => part !== undefined).join("-"),
        { accountRoleName: role.name, privileges: [...privileges], ...targetOf(on) },
        parent,
      );
      grants.push(resource.accountRoleName);
    };
    grant(warehouseGrant(warehouse.name));
    for (const { key, name: database } of databases) for (const one of databaseGrants(database)) grant(one, key);
    for (const { key, name: database } of imported) grant(importedGrant(database), key);
    this.#feeds = ACTIVITY_FEEDS.filter((feed) => args[feed] === true);
    if (this.#feeds.length > 0) grant(historyGrant);
    this.role = role.name;
    this.username = user.name;
    this.warehouse = warehouse.name;
    this.hostname = pulumi.output(args.hostname);
    this.port = pulumi.output(args.port ?? 443);
    // What a grant says of its role is known at preview, unlike its id; it makes users of the connection wait all the same.
    this.connection = pulumi
      .all([this.hostname, this.port, this.warehouse, this.role, this.username, pulumi.all(grants)])
      .apply(([hostname, port, warehouseName, roleName, username]) => ({
        technology: "Snowflake" as const,
        hostname,
        port,
        warehouse: asParameter(warehouseName),
        role: asParameter(roleName),
        authenticationType: "keyPair" as const,
        username,
      }));
    this.registerOutputs({
      role: this.role,
      username: this.username,
      warehouse: this.warehouse,
      hostname: this.hostname,
      port: this.port,
      connection: this.connection,
    });
  }

  /** The arguments of a `Connection` that logs in as this account; spread them into its own. */
  withKey(key: SnowflakeSystemKey): SnowflakeSystemLogin {
    // Member by member: one secret inside a whole output would make a secret of all of it.
    const of = <K extends keyof SnowflakeSystemConnection>(field: K) => this.connection.apply((connection) => connection[field]);
    const login = {
      port: of("port"),
      warehouse: of("warehouse"),
      role: of("role"),
      authenticationType: "keyPair" as const,
      username: of("username"),
      privateKey: { keyName: "PRIV_KEY_FILE" as const, userFilename: key.filename ?? "rsa_key.p8", content: pulumi.secret(key.content) },
      ...(key.password !== undefined && { privateKeyPassword: pulumi.secret(key.password) }),
    };
    const connection = { technology: "Snowflake" as const, hostname: of("hostname"), ...login };
    if (this.#feeds.length === 0) return { connection };
    const switches = Object.fromEntries(this.#feeds.map((feed) => [feed, { enabled: true }]));
    const config = { host: of("hostname"), ...login, ...switches };
    return { connection, nativeIntegration: { type: "Snowflake", autoBootstrap: false, config } };
  }
}

type GrantTarget = Pick<snowflake.GrantPrivilegesToAccountRoleArgs, "onAccountObject" | "onSchema" | "onSchemaObject">;

function targetOf(on: SetupGrant<pulumi.Input<string>>["on"]): GrantTarget {
  const quoted = (input: pulumi.Input<string>) => pulumi.output(input).apply(quoteIdentifier);
  if ("name" in on) return { onAccountObject: { objectType: on.kind, objectName: quoted(on.name) } };
  const inDatabase = quoted(on.database);
  if (on.kind === "SCHEMAS") {
    return { onSchema: on.which === "ALL" ? { allSchemasInDatabase: inDatabase } : { futureSchemasInDatabase: inDatabase } };
  }
  const objects = { objectTypePlural: on.plural, inDatabase };
  return { onSchemaObject: on.which === "ALL" ? { all: objects } : { future: objects } };
}
