import type { ExpectedObject, MissingGrant } from "../../model/diagnosis";
import { BadRequestError } from "../../model/errors";
import { formatObjectPath } from "../../model/object-path";
import {
  ALL_PRIVILEGES,
  CATALOG_PRIVILEGES,
  ON_SYSTEM_CATALOG,
  ON_SYSTEM_SCHEMAS,
  PRIVILEGES,
  SCHEMA_PRIVILEGES,
  SYSTEM_CATALOG,
  privilegesOf,
} from "./privileges";
import { quoteIdentifier } from "./quote";

/** A privilege that the identity holds on a catalog, schema or table, named beneath the metastore. OWNERSHIP is one of them. */
export interface HeldGrant {
  readonly names: readonly string[];
  readonly privilege: string;
}

/** As `GRANT … ON` names an object of a depth. A view is granted as a table, too. */
const SECURABLES = ["CATALOG", "SCHEMA", "TABLE"] as const;

const WHY: Readonly<Record<string, string>> = {
  "USE CATALOG": "nothing in the catalog can be seen without it",
  MANAGE: "policies on the catalog's objects are granted by it",
  "USE SCHEMA": "nothing in the schema can be seen without it",
  SELECT: "the object and its columns are listed by it",
  MODIFY: "write access is passed on by it",
};

/** ``GRANT SELECT ON TABLE `a`.`b`.`c` TO `principal`;`` */
export function grantSql(privileges: readonly string[], names: readonly string[], principal: string): string {
  return `GRANT ${privileges.join(", ")} ON ${targetOf(names)} TO ${quoteIdentifier(principal)};`;
}

/** ``REVOKE SELECT ON TABLE `a`.`b`.`c` FROM `principal`;`` */
export function revokeSql(privileges: readonly string[], names: readonly string[], principal: string): string {
  return `REVOKE ${privileges.join(", ")} ON ${targetOf(names)} FROM ${quoteIdentifier(principal)};`;
}

function targetOf(names: readonly string[]): string {
  return `${SECURABLES[names.length - 1]} ${names.map(quoteIdentifier).join(".")}`;
}

/**
 * What the identity lacks to see the expected objects. A privilege on a catalog or schema holds for everything in it, now and later;
 * ownership implies every privilege on the object and on everything in it, ALL PRIVILEGES every one but MANAGE (Databricks: privilege
 * inheritance). An object counts once, however often it is expected.
 * @throws BadRequestError for an object type that Databricks does not have.
 */
export function missingGrants(held: readonly HeldGrant[], expected: readonly ExpectedObject[], principal: string): MissingGrant[] {
  const byNames = new Map<string, Set<string>>();
  for (const { names, privilege } of held) {
    const key = keyOf(names);
    byNames.set(key, (byNames.get(key) ?? new Set()).add(privilege));
  }
  const checked = new Set<string>();
  const missing: MissingGrant[] = [];
  for (const object of expected) {
    for (let depth = 2; depth <= object.objectPath.length; depth++) {
      const objectPath = object.objectPath.slice(0, depth);
      const names = objectPath.slice(1);
      if (checked.has(keyOf(names))) continue;
      checked.add(keyOf(names));
      for (const privilege of wanted(object, names.length)) {
        if (!holds(byNames, names, privilege)) {
          missing.push({
            objectPath,
            privilege,
            target: targetOf(names),
            sql: grantSql([privilege], names, principal),
            why: whyOf(privilege, object, names.length),
          });
        }
      }
    }
  }
  return missing;
}

/** What opens schemas of the catalog `system` that the identity cannot read, which a feed needs. */
export function missingSystemGrants(connectionKey: string, closed: readonly string[], principal: string): MissingGrant[] {
  if (closed.length === 0) return [];
  const securables = [
    { names: [SYSTEM_CATALOG], privileges: ON_SYSTEM_CATALOG },
    ...closed.map((schema) => ({ names: [SYSTEM_CATALOG, schema], privileges: ON_SYSTEM_SCHEMAS })),
  ];
  return securables.flatMap(({ names, privileges }) =>
    privileges.map((privilege) => ({
      objectPath: [connectionKey, ...names],
      privilege,
      target: targetOf(names),
      sql: grantSql([privilege], names, principal),
      why: "lineage and audit, which the integration switches on, are read from it; an account admin has to enable its schemas first",
    })),
  );
}

/**
 * The fewest statements that grant what is missing: one for each object, containers before what is in them.
 * @param wholeCatalogs grant on the catalog what is missing anywhere in it: it opens what the catalog holds beside that, now and later.
 */
export function grantScript(missing: readonly MissingGrant[], principal: string, wholeCatalogs = false): string[] {
  const byTarget = new Map<string, { names: readonly string[]; privileges: Set<string> }>();
  for (const { objectPath, privilege } of missing) {
    // Grants on the whole catalog of the account's own tables open nothing.
    const names = wholeCatalogs && objectPath[1] !== SYSTEM_CATALOG ? objectPath.slice(1, 2) : objectPath.slice(1);
    const key = keyOf(names);
    const target = byTarget.get(key) ?? { names, privileges: new Set() };
    target.privileges.add(privilege);
    byTarget.set(key, target);
  }
  return [...byTarget.values()].map(({ names, privileges }) => grantSql([...privileges], names, principal));
}

function wanted(object: ExpectedObject, depth: number): readonly string[] {
  if (depth === 1) return CATALOG_PRIVILEGES;
  if (depth === 2) return SCHEMA_PRIVILEGES;
  const entry = privilegesOf(object.objectType);
  if (entry !== undefined) return entry.crawl;
  throw new BadRequestError(
    `${formatObjectPath(object.objectPath)}: a ${object.objectType} does not exist on Databricks; expected ${PRIVILEGES.map(({ objectType }) => objectType).join(", ")}`,
  );
}

function holds(held: ReadonlyMap<string, ReadonlySet<string>>, names: readonly string[], privilege: string): boolean {
  const enough = ["OWNERSHIP", privilege, ...(privilege === "MANAGE" ? [] : [ALL_PRIVILEGES])];
  return names.some((_, index) => {
    const privileges = held.get(keyOf(names.slice(0, index + 1)));
    return enough.some((one) => privileges?.has(one));
  });
}

function whyOf(privilege: string, { missingSince }: ExpectedObject, depth: number): string {
  const why = WHY[privilege] ?? "";
  if (depth < 3 || missingSince === undefined || missingSince === null) return why;
  return `${why}. Missing since ${missingSince}: if it was dropped on the platform, no grant brings it back`;
}

function keyOf(names: readonly string[]): string {
  return JSON.stringify(names);
}
