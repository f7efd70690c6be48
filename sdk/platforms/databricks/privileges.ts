import type { ActivityFeed } from "../../model/activity";
import type { ObjectType } from "../../model/data-object";

/** The table-like objects that Databricks has. */
export type DatabricksTableType = Extract<ObjectType, "table" | "view" | "materialized view" | "streaming table" | "external table">;

/** A privilege on a table-like object, beside MANAGE. */
export type TablePrivilege = "SELECT" | "MODIFY";

/** The privileges of one object type. */
export interface ObjectPrivileges {
  readonly objectType: DatabricksTableType;
  /** What the connection's identity needs to see the object, and to pass its data on by policies. */
  readonly crawl: readonly TablePrivilege[];
  /** What a subscription policy with read access grants. */
  readonly read: readonly TablePrivilege[];
  /** What a subscription policy with write access grants. */
  readonly write: readonly TablePrivilege[];
  readonly note: string;
}

/** Where Databricks lists the privileges of every object type. */
export const PRIVILEGES_PAGE = "https://docs.databricks.com/data-governance/unity-catalog/access-control/privileges-reference";

/** What the crawl needs on every catalog; MANAGE passes everything beneath it on (contract: object types and privileges). */
export const CATALOG_PRIVILEGES = ["USE CATALOG", "MANAGE"] as const;
/** What the crawl needs on every schema; granted on the catalog it holds for all of them. */
export const SCHEMA_PRIVILEGES = ["USE SCHEMA"] as const;

/** The catalog of the account's own tables, from which lineage and audit are read. Only grants on its schemas open it. */
export const SYSTEM_CATALOG = "system";
export const ON_SYSTEM_CATALOG = ["USE CATALOG"] as const;
export const ON_SYSTEM_SCHEMAS = ["USE SCHEMA", "SELECT"] as const;
export type SystemSchema = "access" | "query";
/** The schemas of `system` that a feed is read from; tags are in the metastore, beside the objects. */
export const SYSTEM_SCHEMAS_OF: Readonly<Record<ActivityFeed, readonly SystemSchema[]>> = {
  tags: [],
  lineage: ["access"],
  audit: ["access", "query"],
};

/** All but MANAGE. */
export const ALL_PRIVILEGES = "ALL PRIVILEGES";

const DATA = ["SELECT", "MODIFY"] as const;

/** Privileges by object type (contract: object types and privileges). */
export const PRIVILEGES: readonly ObjectPrivileges[] = [
  { objectType: "table", crawl: DATA, read: ["SELECT"], write: DATA, note: "Shallow clones count as tables." },
  { objectType: "external table", crawl: DATA, read: ["SELECT"], write: DATA, note: "The storage beneath has grants of its own." },
  { objectType: "view", crawl: ["SELECT"], read: ["SELECT"], write: ["SELECT"], note: "Read-only." },
  {
    objectType: "materialized view",
    crawl: ["SELECT"],
    read: ["SELECT"],
    write: ["SELECT"],
    note: "Read-only; REFRESH is no access to data.",
  },
  { objectType: "streaming table", crawl: ["SELECT"], read: ["SELECT"], write: ["SELECT"], note: "Written by its pipeline." },
];

/** The privileges of an object type; undefined for types that Databricks does not have. */
export function privilegesOf(objectType: ObjectType): ObjectPrivileges | undefined {
  return PRIVILEGES.find((entry) => entry.objectType === objectType);
}

/** What opens a catalog with everything in it, now and later, to the connection's identity (Databricks: privilege inheritance). */
export const ON_WHOLE_CATALOG = [...CATALOG_PRIVILEGES, ...SCHEMA_PRIVILEGES, ...new Set(PRIVILEGES.flatMap(({ crawl }) => crawl))];

/** The schemas of `system` that some feeds are read from, each once. */
export function systemSchemasOf(feeds: readonly ActivityFeed[]): SystemSchema[] {
  return [...new Set(feeds.flatMap((feed) => SYSTEM_SCHEMAS_OF[feed]))];
}
