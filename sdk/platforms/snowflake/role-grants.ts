import { messageOf, PlatformError } from "../../model/errors";
import type { FutureGrantRow } from "./future-grants";
import { kindOf, type GrantRow } from "./grants";
import { parseAccountName, parseQualifiedName, qualifiedName } from "./qualified-name";

/** Runs one statement; rows carry the platform's column names, those of `SHOW` in lower case. Throws what the driver's adapter throws. */
export type Query = (sql: string, binds?: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Everything granted to a role and to the roles that it inherits. */
export interface RoleGrants {
  readonly grants: GrantRow[];
  readonly futureGrants: FutureGrantRow[];
  /** Database roles among those inherited, as `[database, role]`. */
  readonly databaseRoles: readonly (readonly [database: string, role: string])[];
  /** What could not be read, or may not be whole. */
  readonly warnings: string[];
}

/** How many rows `SHOW` commands may end at; whether `SHOW GRANTS` does is not documented. */
const SHOW_LIMIT = 10_000;

type Role = readonly [account: string] | readonly [database: string, role: string];

/**
 * Reads `SHOW GRANTS` and `SHOW FUTURE GRANTS` of a role, of PUBLIC (which every role inherits), and of all account and
 * database roles granted to them, each once. A role that cannot be read is a warning: what comes through it counts as lacking.
 * @param role in its exact case.
 * @throws whatever `query` throws for the role itself; PlatformError for an answer without the documented columns.
 */
export async function readRoleGrants(query: Query, role: string): Promise<RoleGrants> {
  const found = {
    grants: [] as GrantRow[],
    futureGrants: [] as FutureGrantRow[],
    databaseRoles: [] as (readonly [string, string])[],
    warnings: [] as string[],
  };
  const waiting: Role[] = [[role], ["PUBLIC"]];
  const seen = new Set(waiting.map(keyOf));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const target = next.length === 1 ? `ROLE ${qualifiedName(next)}` : `DATABASE ROLE ${qualifiedName(next)}`;
    const grants = await readable(`SHOW GRANTS TO ${target}`, next[0] === role && next.length === 1);
    const rows = grants.map((row): GrantRow => ({
      privilege: text(row, "privilege"),
      granted_on: text(row, "granted_on"),
      name: text(row, "name"),
    }));
    if (grants.some((row) => row["is_inherited"] === true || row["is_inherited"] === "true")) {
      found.warnings.push(`${target} has inherited grants (GRANT INHERITED, a preview of Snowflake's), which are not looked into`);
    }
    const future = await readable(`SHOW FUTURE GRANTS TO ${target}`, false);
    // One at a time: a role may hold more rows than arguments fit into a call.
    for (const row of rows) found.grants.push(row);
    for (const row of future) {
      found.futureGrants.push({ privilege: text(row, "privilege"), grant_on: text(row, "grant_on"), name: text(row, "name") });
    }
    for (const inherited of rows.flatMap(inheritedRole)) {
      if (seen.has(keyOf(inherited))) continue;
      seen.add(keyOf(inherited));
      waiting.push(inherited);
      if (inherited.length === 2) found.databaseRoles.push(inherited);
    }
  }
  return found;

  async function readable(sql: string, required: boolean): Promise<readonly Readonly<Record<string, unknown>>[]> {
    try {
      const rows = await query(sql);
      if (rows.length === SHOW_LIMIT) {
        found.warnings.push(
          `${sql} ended at exactly ${SHOW_LIMIT} rows, which may be the platform's limit: a grant beyond it counts as lacking`,
        );
      }
      return rows;
    } catch (error) {
      if (required) throw error;
      found.warnings.push(`${sql} failed, so what it would show counts as lacking: ${messageOf(error)}`);
      return [];
    }
  }
}

/** Owning a role does not give its privileges; only USAGE of it does. */
function inheritedRole({ privilege, granted_on, name }: GrantRow): Role[] {
  if (privilege !== "USAGE") return [];
  const kind = kindOf(granted_on);
  if (kind === "ROLE") return [[parseAccountName(name)]];
  if (kind !== "DATABASE ROLE") return [];
  const names = parseQualifiedName(name) ?? [];
  const [database, role] = names;
  // Roles of the SNOWFLAKE database that PUBLIC always has are listed without their database; none opens a user's objects.
  return names.length === 2 && database !== undefined && role !== undefined ? [[database, role]] : [];
}

/** @throws PlatformError where the platform's answer does not have the column. */
export function text(row: Readonly<Record<string, unknown>>, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new PlatformError(
    `Snowflake answered a row without the text "${column}" (it has ${Object.keys(row).join(", ")}); report this as a bug`,
  );
}

function keyOf(role: Role): string {
  return JSON.stringify(role);
}
