import type { Diagnosis, ExpectedObject, MissingGrant } from "../../model/diagnosis";
import { PlatformError } from "../../model/errors";
import type { ObjectPath } from "../../model/object-path";
import { missingFutureGrants } from "./future-grants";
import { grantScript } from "./grant-script";
import { grantSql, kindOf, missingGrants, type GrantRow } from "./grants";
import { CONTAINER_PRIVILEGE, IMPORTED_PRIVILEGES, SNOWFLAKE_DATABASE } from "./privileges";
import { parseAccountName } from "./qualified-name";
import { quoteIdentifier } from "./quote";
import { readRoleGrants, text, type Query, type RoleGrants } from "./role-grants";

export interface Examination {
  readonly connectionKey: string;
  /** Runs statements as the connection's user in the connection's role; `SHOW` needs no warehouse. */
  readonly query: Query;
  /** What the connection should see: its registered objects, the missing ones included. */
  readonly expected: readonly ExpectedObject[];
  /** The connection's warehouse, in its exact case. */
  readonly warehouse?: string;
  /** Whether audit, lineage or tags are read from the SNOWFLAKE database. */
  readonly audit?: boolean;
  /** Suggest `ON ALL … IN SCHEMA` where every known object of a type lacks a privilege; it opens unknown ones beside them. */
  readonly wholeSchemas?: boolean;
}

/** Roles of the SNOWFLAKE database that together open what is read for audit, lineage and tags (Snowflake: SNOWFLAKE database roles). */
const VIEWER_ROLES = ["GOVERNANCE_VIEWER", "OBJECT_VIEWER"];

/**
 * Which grants the connection's role lacks, and the SQL that grants them. Reads only.
 * @throws what `query` throws for the role's own grants, and PlatformError where the session has no role.
 */
export async function examineGrants(examination: Examination): Promise<Diagnosis> {
  const { connectionKey, query, expected } = examination;
  const role = await currentRole(query);
  const held = await readRoleGrants(query, role);
  const importedDatabases = await readImportedDatabases(query);
  const options = { role, importedDatabases };
  const findings = [
    ...missingOnConnection(examination, held, role),
    ...missingGrants(held.grants, expected, options),
    ...missingFutureGrants(held.futureGrants, databasesOf(connectionKey, expected), options),
  ];
  const statements = grantScript(findings, { role, ...(examination.wholeSchemas === true && { wholeSchemasOf: expected }) });
  return { grantee: role, findings, statements, warnings: held.warnings };
}

async function currentRole(query: Query): Promise<string> {
  const [row] = await query('SELECT CURRENT_ROLE() AS "role"');
  const role = row?.["role"];
  if (typeof role === "string" && role !== "") return role;
  throw new PlatformError("connection.role: the session has no role; grant the user the role that connection.role names", {
    field: "connection.role",
  });
}

/** Databases of a share and applications that the role sees. One that it does not see is taken for a database of the account. */
async function readImportedDatabases(query: Query): Promise<Set<string>> {
  const rows = await query("SHOW DATABASES");
  const imported = rows.filter((row) => ["IMPORTED DATABASE", "APPLICATION"].includes(text(row, "kind")));
  return new Set(imported.map((row) => text(row, "name")));
}

function missingOnConnection({ connectionKey, warehouse, audit }: Examination, held: RoleGrants, role: string): MissingGrant[] {
  const missing: MissingGrant[] = [];
  const add = (privilege: string, target: string, why: string) =>
    missing.push({ objectPath: [connectionKey], privilege, target, sql: grantSql([privilege], target, role), why });
  if (warehouse !== undefined && !holds(held.grants, ["WAREHOUSE"], warehouse)) {
    add(
      CONTAINER_PRIVILEGE,
      `WAREHOUSE ${quoteIdentifier(warehouse)}`,
      "what INFORMATION_SCHEMA and ACCOUNT_USAGE tell is read with the warehouse",
    );
  }
  if (audit === true && !holds(held.grants, ["DATABASE", "APPLICATION"], SNOWFLAKE_DATABASE) && !hasViewerRoles(held)) {
    add(
      IMPORTED_PRIVILEGES,
      `DATABASE ${quoteIdentifier(SNOWFLAKE_DATABASE)}`,
      `audit, lineage and tags are read from ACCOUNT_USAGE; the database roles ${VIEWER_ROLES.join(" and ")} of SNOWFLAKE open no more than that`,
    );
  }
  return missing;
}

function holds(grants: readonly GrantRow[], kinds: readonly string[], name: string): boolean {
  const enough = [CONTAINER_PRIVILEGE, IMPORTED_PRIVILEGES, "OWNERSHIP"];
  return grants.some(
    (row) => kinds.includes(kindOf(row.granted_on)) && parseAccountName(row.name) === name && enough.includes(row.privilege),
  );
}

function hasViewerRoles({ databaseRoles }: RoleGrants): boolean {
  return VIEWER_ROLES.every((viewer) => databaseRoles.some(([database, role]) => database === SNOWFLAKE_DATABASE && role === viewer));
}

function databasesOf(connectionKey: string, expected: readonly ExpectedObject[]): ObjectPath[] {
  const names = new Set(expected.flatMap(({ objectPath: [, database] }) => (database === undefined ? [] : [database])));
  return [...names].map((name) => [connectionKey, name]);
}
