// The databases that are measured: empty tables, because a sync reads the catalog and no data.

import { DuckDBInstance } from "@duckdb/node-api";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "./paths.mjs";

const MOST_SCHEMAS = 100;
/** The file of a table, its write-ahead log included, on the way to the finished file. */
const BYTES_PER_TABLE = 70_000;
const TABLES_PER_BATCH = 500;
const TYPES = [
  "BIGINT NOT NULL",
  "VARCHAR",
  "TIMESTAMP",
  "DOUBLE",
  "DECIMAL(18,2)",
  "BOOLEAN",
  "DATE",
  "VARCHAR",
  "INTEGER NOT NULL",
  "BLOB",
];
export const COLUMNS_PER_TABLE = TYPES.length;

/** The file with so many tables, made when it is first asked for. */
export async function catalogFile(tables, log) {
  const file = path.join(cacheFolder, `catalog-${tables}.duckdb`);
  if (existsSync(file)) return file;
  await mkdir(cacheFolder, { recursive: true });
  const { bavail, bsize } = await statfs(cacheFolder);
  const [free, needed] = [bavail * bsize, tables * BYTES_PER_TABLE];
  if (free < needed) throw new Error(`${cacheFolder}: ${gigabytes(free)} free, ${tables} tables need ${gigabytes(needed)}`);

  // Under another name until it is whole: a run that is stopped must not leave half a database to be measured.
  const partial = `${file}.${process.pid}`;
  try {
    await makeCatalog(partial, tables, log);
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
    await rm(`${partial}.wal`, { force: true });
  }
  log(`  ${path.basename(file)}: ${gigabytes((await stat(file)).size)}, kept for the next run`);
  return file;
}

/** Names of a catalog's tables, as [schema, table]. */
export function* tableNames(tables) {
  const schemas = Math.min(MOST_SCHEMAS, Math.ceil(tables / 10));
  const perSchema = Math.ceil(tables / schemas);
  for (let index = 0; index < tables; index++) {
    yield [`schema_${padded(Math.floor(index / perSchema))}`, `table_${padded(index % perSchema)}`];
  }
}

export async function makeCatalog(file, tables, log) {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  // One transaction: with one for each table, the log is written out a hundred thousand times.
  await connection.run("BEGIN");
  const columns = TYPES.map((type, index) => `column_${index} ${type}`).join(", ");
  let statements = [];
  let schema;
  let made = 0;
  let told = Date.now();
  for (const [inSchema, table] of tableNames(tables)) {
    if (inSchema !== schema) statements.push(`CREATE SCHEMA ${(schema = inSchema)}`);
    statements.push(`CREATE TABLE ${schema}.${table} (${columns})`);
    made++;
    if (statements.length < TABLES_PER_BATCH && made < tables) continue;
    await connection.run(statements.join(";"));
    statements = [];
    if (Date.now() - told > 5_000) log(`  ${made} of ${tables} tables made`);
    if (Date.now() - told > 5_000) told = Date.now();
  }
  if (tables > 10_000) log("  writing them to the file");
  await connection.run("COMMIT");
  await connection.run("CHECKPOINT");
  connection.closeSync();
  instance.closeSync();
}

function padded(number) {
  return String(number).padStart(4, "0");
}

function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
