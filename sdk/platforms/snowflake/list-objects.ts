import type { ObservedObject, ObservedScope, TableColumns } from "../../model/platform";
import { compareBytes } from "../../model/path-key";
import { byTable, columnsQuery } from "./columns";
import type { DriverSession, Row } from "./driver";
import { isTooMuchData } from "./errors";
import { quoteIdentifier, quoteText } from "./quote";
import { showAll } from "./show";
import { CATALOG_SCHEMA, fingerprint, tablesQuery, toTable, type Query } from "./tables";

/**
 * Schemas, each before its tables, in byte order; with `columns`, tables carry theirs. Schemas come by SHOW, which needs no
 * warehouse; tables by INFORMATION_SCHEMA, because only there stands LAST_DDL, which tells changed columns.
 */
export async function* listObjects(
  driver: DriverSession,
  scope: ObservedScope,
  columns: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObservedObject[]> {
  const schemas = scope.table === undefined ? await listSchemas(driver, scope, signal) : [];
  const names = schemas.map(({ schema }) => schema);
  const tables = await read(driver, scope, tablesQuery, names, signal);
  let columnRows: AsyncGenerator<Row[]> | undefined;
  try {
    const objects = withSchemas(schemas, scope, tables);
    if (!columns) {
      yield* objects;
      return;
    }
    // Only after the tables were read: columns that are older than what the table's fingerprint tells of would never be
    // read again.
    columnRows = await read(driver, scope, columnsQuery, names, signal, true);
    yield* withColumns(objects, byTable(columnRows));
  } finally {
    await tables.return(undefined);
    await columnRows?.return(undefined);
  }
}

/** In byte order. */
async function listSchemas(
  driver: DriverSession,
  { database, schema }: ObservedScope,
  signal: AbortSignal | undefined,
): Promise<ObservedObject[]> {
  const which = schema === undefined ? "" : ` STARTS WITH ${quoteText(schema)}`;
  const shown = await showAll((sql) => driver.records(sql, signal), `SHOW SCHEMAS IN DATABASE ${quoteIdentifier(database)}${which}`);
  return shown
    .filter(({ name }) => name !== CATALOG_SCHEMA && (schema === undefined || name === schema))
    .map(({ name, comment, owner, createdAt }): ObservedObject => {
      return { schema: name, objectType: "schema", comment, owner, createdAt, fingerprint: fingerprint(comment, owner) };
    })
    .sort((a, b) => compareBytes(a.schema, b.schema));
}

/**
 * The rows of the scope; where they are too many for one answer, schema after schema, which is the same order.
 * @param optional a schema that is too much by itself is left out.
 */
async function read(
  driver: DriverSession,
  scope: ObservedScope,
  queryOf: (scope: ObservedScope) => Query,
  schemas: readonly string[],
  signal: AbortSignal | undefined,
  optional = false,
): Promise<AsyncGenerator<Row[]>> {
  const stream = (part: ObservedScope) => {
    const { sql, binds } = queryOf(part);
    return driver.stream(sql, binds, signal);
  };
  try {
    return await stream(scope);
  } catch (error) {
    if (!isTooMuchData(error) || (scope.schema !== undefined && !optional)) throw error;
    return scope.schema === undefined ? schemaBySchema() : nothing();
  }

  async function* schemaBySchema(): AsyncGenerator<Row[]> {
    for (const schema of schemas) {
      const rows = await stream({ ...scope, schema }).catch((error: unknown) => {
        if (optional && isTooMuchData(error)) return nothing();
        throw error;
      });
      yield* rows;
    }
  }
}

async function* nothing(): AsyncGenerator<Row[]> {
  yield* [];
}

/** Puts each schema before its tables. A schema made after they were listed is left to the next sync, with its tables. */
async function* withSchemas(
  schemas: readonly ObservedObject[],
  scope: ObservedScope,
  tables: AsyncIterable<Row[]>,
): AsyncGenerator<ObservedObject[]> {
  let next = 0;
  let current: string | undefined;
  for await (const rows of tables) {
    const objects: ObservedObject[] = [];
    for (const row of rows) {
      const table = toTable(row);
      if (table === undefined) continue;
      if (scope.table === undefined && table.schema !== current) {
        while (next < schemas.length && compareBytes(schemas[next]!.schema, table.schema) <= 0) objects.push(schemas[next++]!);
        current = schemas[next - 1]?.schema;
        if (current !== table.schema) continue;
      }
      objects.push(table);
    }
    yield objects;
  }
  if (next < schemas.length) yield schemas.slice(next);
}

/**
 * Gives each table its columns: both sides come in the same order. Tables that have none there, because they were dropped
 * in between or their schema is too much, go without: the sync asks for those by name.
 */
async function* withColumns(
  batches: AsyncIterable<ObservedObject[]>,
  columnBatches: AsyncGenerator<TableColumns[]>,
): AsyncGenerator<ObservedObject[]> {
  let ready: readonly TableColumns[] = [];
  let index = 0;
  for await (const batch of batches) {
    const objects: ObservedObject[] = [];
    for (const object of batch) {
      let columns: string | undefined;
      while (object.table !== undefined) {
        if (index === ready.length) {
          const next = await columnBatches.next();
          if (next.done === true) break;
          ready = next.value;
          index = 0;
          continue;
        }
        const candidate = ready[index]!;
        const order = compareBytes(candidate.schema, object.schema) || compareBytes(candidate.table, object.table);
        if (order > 0) break;
        index++;
        if (order === 0) {
          columns = candidate.columns;
          break;
        }
      }
      objects.push(columns === undefined ? object : { ...object, columns });
    }
    yield objects;
  }
}
