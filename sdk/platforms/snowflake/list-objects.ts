import type { ObservedObject, ObservedScope } from "../../model/platform";
import { compareBytes } from "../../model/path-key";
import { fingerprint } from "../common/fingerprint";
import { byTable, withColumns, withSchemas, type ObservedTable } from "../common/ordered-streams";
import { COLUMN_ROWS, columnsQuery } from "./columns";
import type { DriverSession, Row } from "./driver";
import { isTooMuchData } from "./errors";
import { quoteIdentifier, quoteText } from "./quote";
import { showAll } from "./show";
import { CATALOG_SCHEMA, tablesQuery, toTable, type Query } from "./tables";

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
  const schemas = scope.table === undefined ? await listSchemas(driver, scope, signal) : undefined;
  const names = schemas?.map(({ schema }) => schema) ?? [];
  const tables = await read(driver, scope, tablesQuery, names, signal);
  let columnRows: AsyncGenerator<Row[]> | undefined;
  try {
    const objects = withSchemas(schemas, toTables(tables));
    if (!columns) {
      yield* objects;
      return;
    }
    // Only after the tables were read: columns that are older than what the table's fingerprint tells of would never be
    // read again.
    columnRows = await read(driver, scope, columnsQuery, names, signal, true);
    yield* withColumns(objects, byTable(columnRows, COLUMN_ROWS));
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

/** Without those that are another session's business. */
async function* toTables(batches: AsyncIterable<readonly Row[]>): AsyncGenerator<ObservedTable[]> {
  for await (const rows of batches) yield rows.map(toTable).filter((table) => table !== undefined);
}
