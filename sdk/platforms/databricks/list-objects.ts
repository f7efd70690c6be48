import type { ObservedObject, ObservedScope } from "../../model/platform";
import { byTable, withColumns, withSchemas, type ObservedTable } from "../common/ordered-streams";
import { COLUMN_ROWS, columnsQuery } from "./columns";
import type { Row } from "./driver";
import type { Metastore } from "./metastore";
import { schemasQuery, tablesQuery, toSchema, toTable, type Query } from "./tables";

/** Told of every kind that is left out, with how many. */
export type OnSkipped = (kind: string, count: number) => void;

/** Schemas, each before its tables, in byte order; with `columns`, tables carry theirs. */
export async function* listObjects(
  metastore: Metastore,
  scope: ObservedScope,
  columns: boolean,
  onSkipped: OnSkipped,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObservedObject[]> {
  const { driver, source } = metastore;
  const stream = ({ sql, parameters }: Query) => driver.stream(sql, parameters, signal);
  // Side by side: none needs another's answer.
  const schemas = awaited(listSchemas(metastore, scope, signal));
  const volumes = awaited(scope.table === undefined ? metastore.countVolumes(scope.database, scope.schema, signal) : Promise.resolve(0));
  const tables = await stream(tablesQuery(source, scope));
  let columnRows: AsyncGenerator<Row[]> | undefined;
  try {
    const objects = withSchemas(await schemas, toTables(tables, onSkipped));
    if (columns) {
      // Only after the tables were read: columns that are older than what the table's fingerprint tells of would never be
      // read again.
      columnRows = await stream(columnsQuery(source, scope));
      yield* withColumns(objects, byTable(columnRows, COLUMN_ROWS));
    } else yield* objects;
  } finally {
    await tables.return(undefined);
    await columnRows?.return(undefined);
  }
  onSkipped("volume", await volumes);
}

/** For what is waited for only later: its failure is thrown then. */
function awaited<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** In byte order; undefined where a single table is read. */
async function listSchemas(
  metastore: Metastore,
  scope: ObservedScope,
  signal: AbortSignal | undefined,
): Promise<readonly ObservedObject[] | undefined> {
  if (scope.table !== undefined) return undefined;
  if (scope.schema === undefined) return metastore.schemas(scope.database, signal);
  const { sql, parameters } = schemasQuery(metastore.source, scope);
  return (await metastore.driver.records(sql, parameters, signal)).map(toSchema);
}

/** Without what is no object of a connection, which is counted. */
async function* toTables(batches: AsyncIterable<readonly Row[]>, onSkipped: OnSkipped): AsyncGenerator<ObservedTable[]> {
  for await (const rows of batches) {
    const tables: ObservedTable[] = [];
    for (const row of rows) {
      const table = toTable(row);
      if (typeof table === "string") onSkipped(table, 1);
      else tables.push(table);
    }
    yield tables;
  }
}
