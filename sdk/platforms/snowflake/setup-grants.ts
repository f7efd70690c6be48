import { CONTAINER_PRIVILEGE, IMPORTED_PRIVILEGES, PRIVILEGES, SNOWFLAKE_DATABASE } from "./privileges";

/** What a grant is on. `Name` is a text, or what becomes one later. */
export type GrantPlace<Name> =
  | { readonly kind: "WAREHOUSE" | "DATABASE"; readonly name: Name }
  /** All schemas of a database, or those that are made later. */
  | { readonly kind: "SCHEMAS"; readonly which: "ALL" | "FUTURE"; readonly database: Name }
  /** All objects of one type in a database (`TABLES`), or those that are made later. */
  | { readonly kind: "OBJECTS"; readonly which: "ALL" | "FUTURE"; readonly plural: string; readonly database: Name };

export interface SetupGrant<Name> {
  /** Unique among the grants on one place. */
  readonly label: string;
  readonly privileges: readonly string[];
  readonly on: GrantPlace<Name>;
}

export function warehouseGrant<Name>(name: Name): SetupGrant<Name> {
  return { label: "warehouse", privileges: [CONTAINER_PRIVILEGE], on: { kind: "WAREHOUSE", name } };
}

/** What opens a database with everything in it, now and later, to the role of a connection: containers before what is in them. */
export function databaseGrants<Name>(database: Name): SetupGrant<Name>[] {
  const usage = [CONTAINER_PRIVILEGE];
  return [
    { label: "database", privileges: usage, on: { kind: "DATABASE", name: database } },
    { label: "schemas", privileges: usage, on: { kind: "SCHEMAS", which: "ALL", database } },
    { label: "future-schemas", privileges: usage, on: { kind: "SCHEMAS", which: "FUTURE", database } },
    ...PRIVILEGES.flatMap(({ plural, crawl }): SetupGrant<Name>[] => {
      const label = plural.toLowerCase().replaceAll(" ", "-");
      return [
        { label, privileges: crawl, on: { kind: "OBJECTS", which: "ALL", plural, database } },
        { label: `future-${label}`, privileges: crawl, on: { kind: "OBJECTS", which: "FUTURE", plural, database } },
      ];
    }),
  ];
}

/** What opens a database made from a share, in which nothing can be granted singly. */
export function importedGrant<Name>(database: Name): SetupGrant<Name> {
  return { label: "imported", privileges: [IMPORTED_PRIVILEGES], on: { kind: "DATABASE", name: database } };
}

/** What opens the account's own history, from which tags, lineage and audit are read. */
export const historyGrant: SetupGrant<typeof SNOWFLAKE_DATABASE> = { ...importedGrant(SNOWFLAKE_DATABASE), label: "audit" };
