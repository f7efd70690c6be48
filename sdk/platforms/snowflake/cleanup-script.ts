import type { CleanupSubject } from "../../model/setup-script";
import { sqlComment, sqlScript } from "../common/sql-script";
import type { SnowflakeConnection } from "./connection";
import { exactName, quoteIdentifier } from "./quote";
import { isSystemRole } from "./system-roles";

/** Takes the user and the role away. The warehouse is left to whoever reads the script: it may be older than the connection. */
export function cleanupScript({ connection }: CleanupSubject): string {
  const { role, username, warehouse } = connection as unknown as SnowflakeConnection;
  const name = exactName(role);
  return sqlScript(
    [
      sqlComment(
        "Takes away what a connection needed in its Snowflake account. Run it when the connection is deregistered, as ACCOUNTADMIN or as",
        "the owner of these. Read it first: whoever else uses them loses them too.",
      ),
    ],
    [
      username === undefined
        ? sqlComment("The token's user and the security integration are not the connection's and stay.")
        : `DROP USER IF EXISTS ${quoteIdentifier(exactName(username))};`,
      isSystemRole(name)
        ? sqlComment(`The role ${name} is Snowflake's own and stays, with its grants.`)
        : `DROP ROLE IF EXISTS ${quoteIdentifier(name)};`,
    ],
    [
      sqlComment(
        "Every grant to a role ends with it. If nobody else uses the warehouse:",
        `DROP WAREHOUSE IF EXISTS ${quoteIdentifier(exactName(warehouse))};`,
      ),
    ],
  );
}
