import type { ExpectedObject, MissingGrant } from "../../model/diagnosis";
import { BadRequestError } from "../../model/errors";
import { formatObjectPath, type ObjectPath } from "../../model/object-path";
import { CONTAINER_PRIVILEGE, IMPORTED_PRIVILEGES, PRIVILEGES, privilegesOf, SNOWFLAKE_DATABASE } from "./privileges";
import { parseAccountName, parseQualifiedName, qualifiedName } from "./qualified-name";
import { quoteIdentifier } from "./quote";

/** A row of `SHOW GRANTS TO ROLE`, as far as it is read (Snowflake: SHOW GRANTS). */
export interface GrantRow {
  readonly privilege: string;
  /** `DATABASE`, `SCHEMA`, `TABLE`, `MATERIALIZED_VIEW`, … */
  readonly granted_on: string;
  /** Qualified name; quoted where needed. */
  readonly name: string;
}

export interface GrantOptions {
  /** The role that is granted to, in its exact case. */
  readonly role: string;
  /** Names of databases made from a share. `SNOWFLAKE` always counts as one. */
  readonly importedDatabases?: ReadonlySet<string>;
}

/** `GRANT SELECT ON TABLE "A"."B"."C" TO ROLE "R";` */
export function grantSql(privileges: readonly string[], target: string, role: string): string {
  return `GRANT ${privileges.join(", ")} ON ${target} TO ROLE ${quoteIdentifier(role)};`;
}

/**
 * What the role lacks to see the expected objects: USAGE on the databases and schemas above them, and the crawl's
 * privileges on each. `seen` holds the rows of the role and of every role it inherits, in any order. Ownership of an object
 * implies every privilege on it, and none on what is inside it. An object counts once, however often it is expected.
 * @throws BadRequestError for an object type that Snowflake does not have.
 */
export function missingGrants(seen: readonly GrantRow[], expected: readonly ExpectedObject[], options: GrantOptions): MissingGrant[] {
  const held = heldPrivileges(seen);
  const checked = new Set<string>();
  const missing: MissingGrant[] = [];
  for (const object of expected) {
    for (let depth = 2; depth <= object.objectPath.length; depth++) {
      const objectPath = object.objectPath.slice(0, depth);
      const names = objectPath.slice(1);
      const key = keyOf(names);
      if (checked.has(key)) continue;
      checked.add(key);
      const privileges = held.get(key);
      if (privileges?.has("OWNERSHIP")) continue;
      const wanted = wantedPrivileges(object, names, options);
      for (const need of wanted) {
        if (!need.anyOf.some((privilege) => privileges?.has(privilege))) missing.push(toMissing(objectPath, need, options.role));
      }
    }
  }
  return missing;
}

interface Need {
  readonly privilege: string;
  /** Any of these in the platform's answer will do. */
  readonly anyOf: readonly string[];
  readonly target: string;
  readonly why: string;
}

function wantedPrivileges(object: ExpectedObject, names: readonly string[], { importedDatabases }: GrantOptions): Need[] {
  const [database = "", schema, table] = names;
  const inImported = isImported(database, importedDatabases);
  if (schema === undefined) {
    const target = `DATABASE ${qualifiedName(names)}`;
    if (!inImported) {
      const why =
        "nothing in the database can be seen without it. If the database was made from a share, grant IMPORTED PRIVILEGES instead";
      return [{ privilege: CONTAINER_PRIVILEGE, anyOf: [CONTAINER_PRIVILEGE], target, why }];
    }
    // The platform answers USAGE where IMPORTED PRIVILEGES was granted.
    const why = "nothing in a database made from a share can be seen without it";
    return [{ privilege: IMPORTED_PRIVILEGES, anyOf: [CONTAINER_PRIVILEGE, IMPORTED_PRIVILEGES], target, why }];
  }
  // Both are open to whoever may use the database, and neither takes grants.
  if (inImported || schema === "INFORMATION_SCHEMA") return [];
  if (table === undefined) {
    const target = `SCHEMA ${qualifiedName(names)}`;
    return [{ privilege: CONTAINER_PRIVILEGE, anyOf: [CONTAINER_PRIVILEGE], target, why: "nothing in the schema can be seen without it" }];
  }
  const entry = privilegesOf(object.objectType);
  if (entry === undefined) {
    const path = formatObjectPath(object.objectPath);
    throw new BadRequestError(
      `${path}: a ${object.objectType} does not exist on Snowflake; expected ${PRIVILEGES.map(({ objectType }) => objectType).join(", ")}`,
    );
  }
  return entry.crawl.map((privilege) => ({
    privilege,
    anyOf: [privilege],
    target: `${entry.singular} ${qualifiedName(names)}`,
    why: whyOf(privilege, object),
  }));
}

function whyOf(privilege: string, object: ExpectedObject): string {
  const why =
    privilege === "REFERENCES"
      ? `the ${object.objectType} and its columns are listed by it`
      : `the ${object.objectType} is governed by it: policies on its data can be made and passed on`;
  if (object.missingSince === undefined || object.missingSince === null) return why;
  return `${why}. Missing since ${object.missingSince}: if it was dropped on the platform, no grant brings it back`;
}

function toMissing(objectPath: ObjectPath, { privilege, target, why }: Need, role: string): MissingGrant {
  return { objectPath, privilege, target, sql: grantSql([privilege], target, role), why };
}

export function isImported(database: string, importedDatabases: ReadonlySet<string> | undefined): boolean {
  return database === SNOWFLAKE_DATABASE || (importedDatabases?.has(database) ?? false);
}

/** Names of a database, schema or table-like object to the privileges held on it. All table-like types share one namespace. */
function heldPrivileges(rows: readonly GrantRow[]): Map<string, Set<string>> {
  const held = new Map<string, Set<string>>();
  for (const { granted_on, name, privilege } of rows) {
    const names = namesOf(granted_on, name);
    if (names === undefined) continue;
    const key = keyOf(names);
    const privileges = held.get(key);
    if (privileges === undefined) held.set(key, new Set([privilege]));
    else privileges.add(privilege);
  }
  return held;
}

const TABLE_KINDS = new Set(PRIVILEGES.map(({ singular }) => singular));

/** Undefined for grants on other things, and for names that do not have the parts of their kind. */
function namesOf(grantedOn: string, name: string): readonly string[] | undefined {
  const kind = kindOf(grantedOn);
  // The platform calls the SNOWFLAKE database an application.
  if (kind === "DATABASE" || kind === "APPLICATION") return [parseAccountName(name)];
  const length = kind === "SCHEMA" ? 2 : TABLE_KINDS.has(kind) ? 3 : undefined;
  if (length === undefined) return undefined;
  const names = parseQualifiedName(name);
  return names?.length === length ? names : undefined;
}

/** `MATERIALIZED_VIEW` in an answer is `MATERIALIZED VIEW` in a statement. */
export function kindOf(grantedOn: string): string {
  return grantedOn.replaceAll("_", " ");
}

function keyOf(names: readonly string[]): string {
  return JSON.stringify(names);
}
