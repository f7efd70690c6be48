import { createPublicKey } from "node:crypto";
import { BadRequestError } from "../../model/errors";
import type { SetupRequest } from "../../model/setup-script";
import { keyWithLineEnds } from "../common/address";
import { openPrivateKey } from "../common/private-key";
import { sqlComment, sqlScript } from "../common/sql-script";
import { switchedOn } from "../feed-switches";
import { grantSql } from "./grants";
import { integrationConfigSchema } from "./integration-config";
import { exactName, quoteIdentifier, quoteText } from "./quote";
import { databaseGrants, historyGrant, importedGrant, warehouseGrant, type GrantPlace, type SetupGrant } from "./setup-grants";
import { isSystemRole } from "./system-roles";

const COMMENT = quoteText("System account of a governance connection");
/** As `SnowflakeSystemAccount` makes it. */
const WAREHOUSE = `WAREHOUSE_SIZE = 'XSMALL' AUTO_SUSPEND = 60 AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE COMMENT = ${COMMENT}`;
const EXAMPLE = "DATABASE_NAME";

type Config = ReturnType<typeof integrationConfigSchema.parse>;

/** A role that sees the databases, a user with its login, a small warehouse: what `SnowflakeSystemAccount` makes, as SQL. */
export function setupScript(request: SetupRequest): string {
  const { databases = [], importedDatabases = [], principal } = request;
  if (principal !== undefined) {
    throw new BadRequestError("principal: is for Databricks; on Snowflake the user is config.username", { field: "principal" });
  }
  const config = integrationConfigSchema.parse(request.config);
  const role = roleOf(config);
  const warehouse = exactName(config.warehouse);
  const grant = ({ privileges, on }: SetupGrant<string>) => grantSql(privileges, targetOf(on), role);
  return sqlScript(
    [
      sqlComment(
        "Makes what a connection needs in its Snowflake account: a role that only reads, a warehouse, a user.",
        "Run it as ACCOUNTADMIN, or as a role that may create these and has MANAGE GRANTS. What exists already stays as it is.",
      ),
    ],
    [
      `CREATE ROLE IF NOT EXISTS ${quoteIdentifier(role)} COMMENT = ${COMMENT};`,
      `CREATE WAREHOUSE IF NOT EXISTS ${quoteIdentifier(warehouse)} ${WAREHOUSE};`,
      grant(warehouseGrant(warehouse)),
    ],
    userLines(config, role, warehouse),
    ...databases.map((database) => databaseGrants(database).map(grant)),
    importedDatabases.map((database) => grant(importedGrant(database))),
    switchedOn(request).length > 0 ? [grant(historyGrant)] : [],
    databases.length + importedDatabases.length === 0 ? [howToGrant(grant)] : [],
  );
}

function roleOf({ role, username }: Config): string {
  if (role === undefined && username === undefined) {
    throw new BadRequestError("config.role: is missing; name the role that the token is for", { field: "config.role" });
  }
  const name = role === undefined ? `${exactName(username!)}_ROLE` : exactName(role);
  if (!isSystemRole(name)) return name;
  throw new BadRequestError(
    `config.role: ${name} is Snowflake's own; give the connection a role of its own, which sees no more than it needs`,
    {
      field: "config.role",
    },
  );
}

/** The user with what it logs in by. The public half of a key is no secret; a password is never in the script. */
function userLines(config: Config, role: string, warehouse: string): string[] {
  if (config.username === undefined) {
    return [
      sqlComment(
        "The token's user is the one that the account's security integration (EXTERNAL_OAUTH) finds. Its name in place of USER_NAME:",
        `GRANT ROLE ${quoteIdentifier(role)} TO USER "USER_NAME";`,
      ),
    ];
  }
  const user = quoteIdentifier(exactName(config.username));
  const defaults = `DEFAULT_ROLE = ${quoteIdentifier(role)} DEFAULT_WAREHOUSE = ${quoteIdentifier(warehouse)} DEFAULT_SECONDARY_ROLES = ()`;
  return [
    `CREATE USER IF NOT EXISTS ${user} ${loginOf(config)} ${defaults} COMMENT = ${COMMENT};`,
    `GRANT ROLE ${quoteIdentifier(role)} TO USER ${user};`,
    ...(config.privateKey !== undefined
      ? []
      : [
          sqlComment(
            "The user has no password yet: this text holds no secret. Give it the one that the connection is registered with:",
            `ALTER USER ${user} SET PASSWORD = '...';`,
            "Snowflake means to end passwords of service users; with a key pair this line is not needed.",
          ),
        ]),
  ];
}

function loginOf({ privateKey, privateKeyPassword: passphrase }: Config): string {
  if (privateKey === undefined) return "TYPE = LEGACY_SERVICE";
  const { content } = keyWithLineEnds(privateKey);
  const fields = { contentField: "config.privateKey.content", passphraseField: "config.privateKeyPassword" };
  const key = createPublicKey(openPrivateKey({ content, passphrase, ...fields }));
  // Base64 in one line, without header (Snowflake: key-pair authentication).
  return `TYPE = SERVICE RSA_PUBLIC_KEY = ${quoteText(key.export({ type: "spki", format: "der" }).toString("base64"))}`;
}

function howToGrant(grant: (grant: SetupGrant<string>) => string): string {
  return sqlComment(
    `No databases were named, so the role sees none yet. For each that it is to see, with its exact name in place of ${EXAMPLE}:`,
    ...databaseGrants(EXAMPLE).map(grant),
    "and for each that was made from a share:",
    grant(importedGrant(EXAMPLE)),
  );
}

function targetOf(on: GrantPlace<string>): string {
  if ("name" in on) return `${on.kind} ${quoteIdentifier(on.name)}`;
  return `${on.which} ${on.kind === "SCHEMAS" ? "SCHEMAS" : on.plural} IN DATABASE ${quoteIdentifier(on.database)}`;
}
