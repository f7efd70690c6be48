import type { MissingGrant } from "../../model/diagnosis";
import { kindOf, grantSql, isImported, type GrantOptions } from "./grants";
import type { ObjectPath } from "../../model/object-path";
import { CONTAINER_PRIVILEGE, PRIVILEGES } from "./privileges";
import { parseQualifiedName, qualifiedName } from "./qualified-name";

/** A row of `SHOW FUTURE GRANTS TO ROLE`, as far as it is read (Snowflake: SHOW GRANTS). */
export interface FutureGrantRow {
  readonly privilege: string;
  /** `SCHEMA`, `TABLE`, `MATERIALIZED_VIEW`, … */
  readonly grant_on: string;
  /** The container and what is granted on in it: `SALES.<SCHEMA>`, `SALES.PUBLIC.<TABLE>`. */
  readonly name: string;
}

/** What the role needs on each kind of object that may yet appear. */
const WANTED: readonly { kind: string; plural: string; privileges: readonly string[] }[] = [
  { kind: "SCHEMA", plural: "SCHEMAS", privileges: [CONTAINER_PRIVILEGE] },
  ...PRIVILEGES.map(({ singular, plural, crawl }) => ({ kind: singular, plural, privileges: crawl })),
];

/**
 * The future grants that the role lacks, so that objects made later are seen without another grant: on schemas and on every
 * object type in each database. A schema with future grants of its own on a type ignores those of its database on that type
 * (Snowflake: GRANT privileges TO ROLE, future grants), so it needs them all itself. `seen` holds the rows of the role and of
 * every role it inherits; grants to other roles have the same effect on a schema, but no role can see them.
 * @param databases object paths of databases: `[connectionKey, database]`.
 */
export function missingFutureGrants(
  seen: readonly FutureGrantRow[],
  databases: readonly ObjectPath[],
  { role, importedDatabases }: GrantOptions,
): MissingGrant[] {
  const grants = seen.flatMap(({ privilege, grant_on, name }) => {
    const container = containerOf(name);
    return container === undefined ? [] : [{ container, kind: kindOf(grant_on), privilege }];
  });
  const missing: MissingGrant[] = [];
  for (const [connectionKey = "", database = ""] of databases) {
    if (isImported(database, importedDatabases)) continue;
    const inDatabase = grants.filter(({ container }) => container[0] === database);
    for (const { kind, plural, privileges } of WANTED) {
      const ofKind = inDatabase.filter((grant) => grant.kind === kind);
      for (const container of [[database], ...schemasOf(ofKind)]) {
        const [, schema] = container;
        const held = new Set(ofKind.filter((grant) => grant.container[1] === schema).map((grant) => grant.privilege));
        if (held.has("OWNERSHIP")) continue;
        for (const privilege of privileges.filter((wanted) => !held.has(wanted))) {
          const target = `FUTURE ${plural} IN ${schema === undefined ? "DATABASE" : "SCHEMA"} ${qualifiedName(container)}`;
          const why =
            schema === undefined
              ? `${plural.toLowerCase()} that are made later stay hidden without it`
              : `the schema has future grants on ${plural.toLowerCase()} of its own, so those of its database do not apply in it`;
          const objectPath = [connectionKey, ...container];
          missing.push({ objectPath, privilege, target, sql: grantSql([privilege], target, role), why });
        }
      }
    }
  }
  return missing;
}

/** The schemas, once each, that have future grants of their own. */
function schemasOf(grants: readonly { readonly container: readonly string[] }[]): (readonly string[])[] {
  const schemas = grants.map(({ container }) => container).filter((container) => container.length === 2);
  return [...new Map(schemas.map((container) => [container[1], container])).values()];
}

/** The names before `.<TABLE>`; undefined where the text has another form. */
function containerOf(name: string): string[] | undefined {
  const match = /^(.+)\.<[A-Z_ ]+>$/su.exec(name);
  const names = match?.[1] === undefined ? undefined : parseQualifiedName(match[1]);
  return names !== undefined && names.length <= 2 ? names : undefined;
}
