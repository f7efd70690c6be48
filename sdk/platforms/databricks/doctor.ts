import type { Diagnosis, ExpectedObject } from "../../model/diagnosis";
import { PlatformError } from "../../model/errors";
import { grantScript, missingGrants, missingSystemGrants, type HeldGrant } from "./grants";

/** Runs one statement; rows carry the columns' names. Throws what the driver's adapter throws. */
export type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

export interface Examination {
  /** Runs statements as the connection's identity. */
  readonly query: Query;
  /** What the connection should see: its registered objects, the missing ones included. */
  readonly expected: readonly ExpectedObject[];
  /** Of the catalog `system`: what a feed that is switched on needs, and the identity cannot read. */
  readonly closedSystemSchemas?: readonly string[];
  readonly connectionKey: string;
  /** Suggest grants on whole catalogs, which open everything in them, now and later. */
  readonly wholeCatalogs?: boolean;
}

/** What is granted to the identity itself and to the groups that it is in. */
const ITS_OWN = (column: string) => `(${column} = current_user() OR is_account_group_member(${column}))`;

/** The views of each level: of what is granted, and of what there is with its owner. */
const LEVELS = [
  { view: "catalog", owners: "catalogs", names: ["catalog_name"] },
  { view: "schema", owners: "schemata", names: ["catalog_name", "schema_name"] },
  { view: "table", owners: "tables", names: ["table_catalog", "table_schema", "table_name"] },
] as const;

/**
 * Which grants the connection's identity (a user, or a service principal by its application id) lacks, and the SQL that grants
 * them; an owner, or whoever has MANAGE, may run it. Reads only, from `system.information_schema`.
 * @throws what `query` throws; PlatformError for an answer without the documented columns.
 */
export async function examineGrants({
  query,
  expected,
  wholeCatalogs,
  connectionKey,
  closedSystemSchemas = [],
}: Examination): Promise<Diagnosis> {
  const [row] = await query("SELECT current_user() AS principal");
  const principal = text(row ?? {}, "principal");
  const findings = [
    ...missingSystemGrants(connectionKey, closedSystemSchemas, principal),
    ...missingGrants(await readGrants(query), expected, principal),
  ];
  return { grantee: principal, findings, statements: grantScript(findings, principal, wholeCatalogs), warnings: [] };
}

async function readGrants(query: Query): Promise<HeldGrant[]> {
  const held: HeldGrant[] = [];
  for (const { view, owners, names } of LEVELS) {
    const granted = await query(
      `SELECT ${names.join(", ")}, privilege_type FROM system.information_schema.${view}_privileges WHERE ${ITS_OWN("grantee")}`,
    );
    for (const row of granted) {
      // The views spell a privilege with underscores, statements with spaces.
      const privilege = text(row, "privilege_type").replaceAll("_", " ");
      held.push({ names: names.map((name) => text(row, name)), privilege });
    }
    const owning = await query(`SELECT ${names.join(", ")} FROM system.information_schema.${owners} WHERE ${ITS_OWN(`${view}_owner`)}`);
    for (const row of owning) held.push({ names: names.map((name) => text(row, name)), privilege: "OWNERSHIP" });
  }
  return held;
}

function text(row: Readonly<Record<string, unknown>>, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new PlatformError(
    `Databricks answered a row without the text "${column}" (it has ${Object.keys(row).join(", ")}); report this as a bug`,
  );
}
