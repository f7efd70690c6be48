import { compareBytes } from "../../model/path-key";
import type { ObservedDatabase, SkippedObjects } from "../../model/platform";
import type { Row } from "./driver";
import { textOf, timeOf } from "./rows";
import type { RestCatalog } from "./workspace-api";

/** The schema of the catalog's own views, in every catalog. */
export const CATALOG_SCHEMA = "information_schema";

export const CATALOGS_QUERY =
  `SELECT catalog_name, catalog_owner, comment, unix_micros(created) AS created, unix_micros(last_altered) AS last_altered ` +
  `FROM system.${CATALOG_SCHEMA}.catalogs`;

/**
 * Catalogs that nobody governs by grants on their objects: Databricks' own tables, the workspace's legacy metastore, which Unity
 * Catalog only shows, and Databricks' sample data.
 */
const OWN_CATALOGS = new Set(["system", "hive_metastore", "samples", "__databricks_internal"]);
const OWN_TYPES = new Set(["SYSTEM_CATALOG", "INTERNAL_CATALOG"]);
/** Given by another account, read-only: policies on its objects are the giver's. */
const SHARED_TYPE = "DELTASHARING_CATALOG";

/** What is known of all catalogs beside SQL, by name. */
export type RestCatalogs = ReadonlyMap<string, RestCatalog>;

export function toDatabase(row: Row): ObservedDatabase {
  const { catalog_name: name, comment, catalog_owner: owner, created, last_altered: altered } = row;
  const facts = { comment: textOf(comment), owner: textOf(owner), createdAt: timeOf(created), lastAlteredAt: timeOf(altered) };
  return { name: name as string, ...facts };
}

/** Without those that a connection leaves out, in byte order. */
export function governed(databases: readonly ObservedDatabase[], catalogs: RestCatalogs): ObservedDatabase[] {
  return databases.filter(({ name }) => !isLeftOut(name, catalogs)).sort((a, b) => compareBytes(a.name, b.name));
}

/** Shared catalogs, counted. */
export function skippedCatalogs(catalogs: RestCatalogs): SkippedObjects[] {
  const count = [...catalogs].filter(([name, { type }]) => type === SHARED_TYPE && !OWN_CATALOGS.has(name)).length;
  return count === 0 ? [] : [{ path: [], kind: "Delta Sharing catalog", count }];
}

/** Names of catalogs that are bound to some workspaces only, without those that are left out anyway. */
export function isolatedCatalogs(catalogs: RestCatalogs): string[] {
  const isolated = [...catalogs].filter(([name, { isIsolated }]) => isIsolated && !isLeftOut(name, catalogs));
  return isolated.map(([name]) => name).sort(compareBytes);
}

function isLeftOut(name: string, catalogs: RestCatalogs): boolean {
  const type = catalogs.get(name)?.type ?? "";
  return OWN_CATALOGS.has(name) || OWN_TYPES.has(type) || type === SHARED_TYPE;
}
