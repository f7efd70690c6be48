// One measurement in a process of its own: node databricks-child.mjs WORK CONNECTION-FILE STORE. The last line of standard output is
// the result as JSON.

import { readFile } from "node:fs/promises";
import databricksSql from "@databricks/sql";
import { measure, syncs } from "./sync-work.mjs";

const VIEWS = "system.information_schema";
const CATALOGS = `SELECT catalog_name, catalog_owner, comment, unix_micros(created) AS created, unix_micros(last_altered) AS last_altered
  FROM ${VIEWS}.catalogs`;
const SCHEMAS = `SELECT catalog_name, schema_name, schema_owner, comment, unix_micros(created) AS created,
  unix_micros(last_altered) AS last_altered FROM ${VIEWS}.schemata`;
const TABLES = `SELECT table_schema, table_name, table_type, table_owner, comment, unix_micros(created) AS created,
  unix_micros(last_altered) AS last_altered FROM ${VIEWS}.tables WHERE table_catalog = 'bench' ORDER BY table_schema, table_name`;
const COLUMNS = `SELECT table_schema, table_name, column_name, full_data_type, is_nullable, comment FROM ${VIEWS}.columns
  WHERE table_catalog = 'bench' ORDER BY table_schema, table_name, ordinal_position`;
const OBJECTS = [CATALOGS, SCHEMAS, TABLES];
/** As many rows at once as the driver asks for by itself. */
const FETCH_ROWS = 100_000;

/** The rows of which a sync makes its objects, as a program without this package would read them. */
async function readRows({ hostname: host, port, httpPath, token, certificateAuthority: customCaCert }, statements) {
  const client = new databricksSql.DBSQLClient({ logger: { log: () => undefined } });
  await client.connect({ host, port, path: httpPath, token, customCaCert, telemetryEnabled: false });
  const session = await client.openSession();
  let rows = 0;
  for (const sql of statements) {
    const operation = await session.executeStatement(sql, { useCloudFetch: false });
    do rows += (await operation.fetchChunk({ maxRows: FETCH_ROWS })).length;
    while (await operation.hasMoreRows());
    await operation.close();
  }
  await session.close();
  await client.close();
  return { rows };
}

const [, , work, file, store] = process.argv;
const connection = JSON.parse(await readFile(file, "utf8"));
const works = {
  readAll: () => readRows(connection, [...OBJECTS, COLUMNS]),
  list: () => readRows(connection, OBJECTS),
  first: () => syncs.first(store, connection),
  resync: () => syncs.resync(store),
};
await measure(works[work]);
