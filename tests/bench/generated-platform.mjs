// A platform that makes its objects up as they are read, so that a sync of it is all engine and store.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { z } = require("zod");

const DATABASES = 10;
const TABLES_PER_SCHEMA = 100;
const TABLES_PER_BATCH = 200;
const COLUMNS = Array.from({ length: 10 }, (_, index) => ({
  position: index + 1,
  name: `COLUMN_${index}`,
  type: index % 3 === 0 ? "NUMBER(38,0)" : "VARCHAR(16777216)",
  nullable: index > 0,
  comment: null,
}));

export const COLUMNS_PER_TABLE = COLUMNS.length;

/** The tables are spread evenly over ten databases, with a hundred in a schema. */
export function schemasPerDatabase(tables) {
  return tables / DATABASES / TABLES_PER_SCHEMA;
}

export const databaseName = (index) => `DB_${String(index).padStart(2, "0")}`;
export const schemaName = (index) => `SCHEMA_${String(index).padStart(4, "0")}`;
export const tableName = (index) => `TABLE_${String(index).padStart(2, "0")}`;

/** @param changedEvery one table in so many has a column more than the others; 0 for none. */
export function generatedPlatform(tables, changedEvery = 0) {
  const schemas = schemasPerDatabase(tables);
  const isChanged = (schema, table) => changedEvery > 0 && (schema * TABLES_PER_SCHEMA + table) % changedEvery === 0;
  // A text of its own for each table, as a driver's would be.
  const columnsOf = (schema, table) =>
    JSON.stringify(isChanged(schema, table) ? [...COLUMNS, { ...COLUMNS[1], position: 11, name: "MORE" }] : COLUMNS);

  async function* streamObjects(_scope, { columns, signal }) {
    let batch = [];
    for (let schema = 0; schema < schemas; schema++) {
      batch.push({ schema: schemaName(schema), objectType: "schema", comment: null, fingerprint: "" });
      for (let table = 0; table < TABLES_PER_SCHEMA; table++) {
        batch.push({
          schema: schemaName(schema),
          table: tableName(table),
          objectType: "table",
          comment: null,
          fingerprint: `2026-01-01T00:00:00.000Z ${isChanged(schema, table)}`,
          ...(columns && { columns: columnsOf(schema, table) }),
        });
      }
      if (batch.length < TABLES_PER_BATCH) continue;
      signal?.throwIfAborted();
      yield batch;
      batch = [];
    }
    yield batch;
  }

  return {
    technology: "Generated",
    connectionSchema: z.strictObject({ technology: z.literal("Generated") }),
    integrationConfigSchema: z.strictObject({}),
    normalize: (connection) => connection,
    accountIdentities: () => ["generated account"],
    deriveNativeIntegration: () => ({ type: "Generated", autoBootstrap: false, config: {} }),
    open: async () => ({
      check: async () => undefined,
      listDatabases: async () => Array.from({ length: DATABASES }, (_, index) => ({ name: databaseName(index) })),
      streamObjects,
      readColumns: async (_database, wanted) =>
        wanted.map(({ schema, table }) => ({ schema, table, columns: columnsOf(Number(schema.slice(7)), Number(table.slice(6))) })),
      close: async () => undefined,
    }),
  };
}

/** The stream by itself: what a sync costs without engine and store. */
export async function drain(platform) {
  const session = await platform.open();
  let objects = 0;
  for (const { name } of await session.listDatabases()) {
    for await (const batch of session.streamObjects({ database: name }, { columns: true })) objects += batch.length;
  }
  return objects;
}
