import { compareBytes } from "../../model/path-key";
import type { ObservedDatabase, ObservedObject } from "../../model/platform";
import { CATALOGS_QUERY, CATALOG_SCHEMA, toDatabase, type RestCatalogs } from "./catalogs";
import type { DriverSession, Row } from "./driver";
import { isSystemRefused } from "./errors";
import { schemasQuery, toSchema, viewOf, type Source } from "./tables";

/** What of a metastore is read once for all catalogs, where that is granted. */
export interface Metastore {
  /** Unordered; with those that a connection leaves out. */
  readonly databases: readonly ObservedDatabase[];
  /** Which views answer for this identity. */
  readonly source: Source;
  readonly driver: DriverSession;
  /** A catalog's schemas in byte order. */
  schemas(database: string, signal?: AbortSignal): Promise<ObservedObject[]>;
  /** How many volumes a catalog or a schema has. */
  countVolumes(database: string, schema: string | undefined, signal?: AbortSignal): Promise<number>;
}

const ALL_SCHEMAS =
  `SELECT catalog_name, schema_name, schema_owner, comment, unix_micros(created) AS created, unix_micros(last_altered) AS last_altered ` +
  `FROM system.${CATALOG_SCHEMA}.schemata WHERE schema_name <> :own`;

/**
 * Reads `system.information_schema`, or learns that each catalog's own must do. What is read of all catalogs at once is kept as long
 * as the session: one statement instead of one for each catalog.
 */
export async function readMetastore(driver: DriverSession, catalogs: RestCatalogs, signal: AbortSignal | undefined): Promise<Metastore> {
  let rows: Row[];
  try {
    rows = await driver.records(CATALOGS_QUERY, {}, signal);
  } catch (error) {
    if (!isSystemRefused(error)) throw error;
    return catalogByCatalog(
      driver,
      [...catalogs.values()].map(({ database }) => database),
    );
  }
  return allAtOnce(driver, rows.map(toDatabase));
}

function allAtOnce(driver: DriverSession, databases: readonly ObservedDatabase[]): Metastore {
  const schemas = once(async (signal) => {
    const found = await driver.records(ALL_SCHEMAS, { own: CATALOG_SCHEMA }, signal);
    return grouped(found, "catalog_name", toSchema, (a, b) => compareBytes(a.schema, b.schema));
  });
  const volumes = once(async (signal) => {
    const found = await driver.records(
      `SELECT volume_catalog, volume_schema, count(*) AS volumes FROM system.${CATALOG_SCHEMA}.volumes GROUP BY volume_catalog, volume_schema`,
      {},
      signal,
    );
    return grouped(found, "volume_catalog", ({ volume_schema: schema, volumes: count }) => ({ schema, count: Number(count) }));
  });
  return {
    databases,
    source: "system",
    driver,
    schemas: async (database, signal) => (await schemas(signal)).get(database) ?? [],
    async countVolumes(database, schema, signal) {
      const counts = (await volumes(signal)).get(database) ?? [];
      return counts.reduce((sum, one) => sum + (schema === undefined || one.schema === schema ? one.count : 0), 0);
    },
  };
}

function catalogByCatalog(driver: DriverSession, databases: readonly ObservedDatabase[]): Metastore {
  return {
    databases,
    source: "own",
    driver,
    async schemas(database, signal) {
      const { sql, parameters } = schemasQuery("own", { database });
      return (await driver.records(sql, parameters, signal)).map(toSchema);
    },
    async countVolumes(database, schema, signal) {
      const view = viewOf("own", database, "volumes");
      const condition = schema === undefined ? "" : " WHERE volume_schema = :schema";
      const [row] = await driver.records(
        `SELECT count(*) AS volumes FROM ${view}${condition}`,
        schema === undefined ? {} : { schema },
        signal,
      );
      return Number(row?.["volumes"]);
    },
  };
}

/** Rows by one of their columns, in an order where one is given. */
function grouped<T>(rows: readonly Row[], column: string, make: (row: Row) => T, order?: (a: T, b: T) => number): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row[column] as string);
    if (group === undefined) groups.set(row[column] as string, [make(row)]);
    else group.push(make(row));
  }
  if (order !== undefined) for (const group of groups.values()) group.sort(order);
  return groups;
}

/** Reads when it is first asked for, and again where that failed. */
function once<T>(read: (signal: AbortSignal | undefined) => Promise<T>): (signal: AbortSignal | undefined) => Promise<T> {
  let known: Promise<T> | undefined;
  return (signal) => {
    const reading = (known ??= read(signal));
    reading.catch(() => (known = undefined));
    return reading;
  };
}
