import type { ObjectType } from "../../model/data-object";

/** The table-like objects that Snowflake has. */
export type SnowflakeTableType = Extract<
  ObjectType,
  "table" | "view" | "materialized view" | "external table" | "event table" | "iceberg table" | "dynamic table"
>;

/** A privilege on a table-like object, as far as Snowflake documents it for one of the types. */
export type TablePrivilege =
  | "SELECT"
  | "INSERT"
  | "UPDATE"
  | "DELETE"
  | "TRUNCATE"
  | "REFERENCES"
  | "EVOLVE SCHEMA"
  | "SELECT ERROR TABLE"
  | "APPLYBUDGET"
  | "INGEST TELEMETRY"
  | "MONITOR"
  | "OPERATE";

/** The privileges of one object type. */
export interface ObjectPrivileges {
  readonly objectType: SnowflakeTableType;
  /** As `GRANT … ON` names one of them. */
  readonly singular: string;
  /** As `GRANT … ON ALL` and `ON FUTURE` name them. */
  readonly plural: string;
  /** What the connection's role needs to see the object with its columns, and to govern it. */
  readonly crawl: readonly TablePrivilege[];
  /** What a subscription policy with read access grants. */
  readonly read: readonly TablePrivilege[];
  /** What a subscription policy with write access grants. */
  readonly write: readonly TablePrivilege[];
  /** Everything that can be granted beside OWNERSHIP. */
  readonly grantable: readonly TablePrivilege[];
  /** The section of `PRIVILEGES_PAGE` that lists them. */
  readonly section: string;
  readonly note: string;
}

/** Where Snowflake lists the privileges of every object type; `section` is a heading there. */
export const PRIVILEGES_PAGE = "https://docs.snowflake.com/en/user-guide/security-access-control-privileges";

/** What the crawl needs on every database and every schema above an object (contract: object types and privileges). */
export const CONTAINER_PRIVILEGE = "USAGE";

/** What opens a database made from a share, and the `SNOWFLAKE` database; single grants are not possible there. */
export const IMPORTED_PRIVILEGES = "IMPORTED PRIVILEGES";

/** The database with the account's own history, read for audit, lineage and tags. */
export const SNOWFLAKE_DATABASE = "SNOWFLAKE";

const METADATA_AND_DATA = ["REFERENCES", "SELECT"] as const;
const WRITE = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"] as const;

/**
 * Privileges by object type (contract: object types and privileges; where the contract leaves a type open, what a policy
 * grants is every write privilege that Snowflake documents for the type).
 */
export const PRIVILEGES: readonly ObjectPrivileges[] = [
  {
    objectType: "table",
    singular: "TABLE",
    plural: "TABLES",
    crawl: METADATA_AND_DATA,
    read: ["SELECT"],
    write: WRITE,
    grantable: [...WRITE, "REFERENCES", "EVOLVE SCHEMA", "SELECT ERROR TABLE", "APPLYBUDGET"],
    section: "Table privileges",
    note: "Hybrid tables are granted as tables.",
  },
  {
    objectType: "view",
    singular: "VIEW",
    plural: "VIEWS",
    crawl: METADATA_AND_DATA,
    read: ["SELECT"],
    write: ["SELECT"],
    grantable: ["SELECT", "REFERENCES"],
    section: "View privileges",
    note: "Write privileges can be granted but have no effect.",
  },
  {
    objectType: "materialized view",
    singular: "MATERIALIZED VIEW",
    plural: "MATERIALIZED VIEWS",
    crawl: METADATA_AND_DATA,
    read: ["SELECT"],
    write: ["SELECT"],
    grantable: ["SELECT", "REFERENCES", "APPLYBUDGET"],
    section: "Materialized view privileges",
    note: "Read-only.",
  },
  {
    objectType: "external table",
    singular: "EXTERNAL TABLE",
    plural: "EXTERNAL TABLES",
    crawl: METADATA_AND_DATA,
    read: ["SELECT"],
    write: ["SELECT"],
    grantable: ["SELECT", "REFERENCES"],
    section: "External table privileges",
    note: "Read-only.",
  },
  {
    objectType: "event table",
    singular: "EVENT TABLE",
    plural: "EVENT TABLES",
    crawl: METADATA_AND_DATA,
    read: ["SELECT"],
    write: ["SELECT", "DELETE", "TRUNCATE"],
    grantable: ["SELECT", "DELETE", "TRUNCATE", "REFERENCES", "APPLYBUDGET", "INGEST TELEMETRY"],
    section: "Event table privileges",
    note: "Rows come from Snowflake's telemetry: there is no INSERT or UPDATE.",
  },
  {
    objectType: "iceberg table",
    singular: "ICEBERG TABLE",
    plural: "ICEBERG TABLES",
    crawl: METADATA_AND_DATA,
    read: ["SELECT"],
    write: WRITE,
    grantable: [...WRITE, "REFERENCES", "APPLYBUDGET"],
    section: "Iceberg table privileges",
    note: "With an external catalog the table is read-only: INSERT, UPDATE and DELETE have no effect.",
  },
  {
    objectType: "dynamic table",
    singular: "DYNAMIC TABLE",
    plural: "DYNAMIC TABLES",
    crawl: ["SELECT"],
    read: ["SELECT"],
    write: ["SELECT"],
    grantable: ["SELECT", "MONITOR", "OPERATE"],
    section: "Dynamic table privileges",
    note: "There is no REFERENCES. Without MONITOR only the definition, the warehouse and the refresh state are hidden, which the crawl does not read.",
  },
];

/** The privileges of an object type; undefined for types that Snowflake does not have. */
export function privilegesOf(objectType: ObjectType): ObjectPrivileges | undefined {
  return PRIVILEGES.find((entry) => entry.objectType === objectType);
}
