import type { Column } from "../../model/data-object";
import { compareBytes } from "../../model/path-key";
import { encodeColumns, type ObservedObject, type TableColumns } from "../../model/platform";

export type ObservedTable = ObservedObject & { readonly table: string };

/**
 * Puts each schema before its tables; both come in byte order. A schema made after they were listed is left to the next
 * sync, with its tables.
 * @param schemas undefined where a single table is read: it comes without its schema.
 */
export async function* withSchemas(
  schemas: readonly ObservedObject[] | undefined,
  batches: AsyncIterable<readonly ObservedTable[]>,
): AsyncGenerator<ObservedObject[]> {
  let next = 0;
  let current: string | undefined;
  for await (const tables of batches) {
    const objects: ObservedObject[] = [];
    for (const table of tables) {
      if (schemas !== undefined && table.schema !== current) {
        while (next < schemas.length && compareBytes(schemas[next]!.schema, table.schema) <= 0) objects.push(schemas[next++]!);
        current = schemas[next - 1]?.schema;
        if (current !== table.schema) continue;
      }
      objects.push(table);
    }
    yield objects;
  }
  if (schemas !== undefined && next < schemas.length) yield schemas.slice(next);
}

/** How a row of columns is read. */
export interface ColumnReader<Row> {
  readonly schema: (row: Row) => string;
  readonly table: (row: Row) => string;
  /** `position` is the row's place among those of its table, from 1. */
  readonly column: (row: Row, position: number) => Column;
}

/** Rows of columns as one value for each table, in the same order; a table's rows come one after another. */
export async function* byTable<Row>(batches: AsyncIterable<readonly Row[]>, read: ColumnReader<Row>): AsyncGenerator<TableColumns[]> {
  let schema = "";
  let table: string | undefined;
  let columns: Column[] = [];
  for await (const batch of batches) {
    const finished: TableColumns[] = [];
    for (const row of batch) {
      if (read.table(row) !== table || read.schema(row) !== schema) {
        if (table !== undefined) finished.push({ schema, table, columns: encodeColumns(columns) });
        schema = read.schema(row);
        table = read.table(row);
        columns = [];
      }
      columns.push(read.column(row, columns.length + 1));
    }
    if (finished.length > 0) yield finished;
  }
  if (table !== undefined) yield [{ schema, table, columns: encodeColumns(columns) }];
}

/**
 * Gives each table its columns: both sides come in the same order. Tables that have none there, because they were dropped
 * in between or were too much to read, go without: the sync asks for those by name.
 */
export async function* withColumns(
  batches: AsyncIterable<ObservedObject[]>,
  columnBatches: AsyncGenerator<TableColumns[]>,
): AsyncGenerator<ObservedObject[]> {
  let ready: TableColumns[] = [];
  let index = 0;
  let isEnd = false;
  const load = async () => {
    const next = await columnBatches.next();
    isEnd = next.done === true;
    ready = isEnd ? [] : (next.value as TableColumns[]);
    index = 0;
  };
  for await (const batch of batches) {
    const objects: ObservedObject[] = [];
    for (const object of batch) {
      if (object.table === undefined) {
        objects.push(object);
        continue;
      }
      let columns: string | undefined;
      while (!isEnd) {
        const candidate = ready[index];
        if (candidate === undefined) {
          await load();
          continue;
        }
        const order = compareBytes(candidate.schema, object.schema) || compareBytes(candidate.table, object.table);
        if (order > 0) break;
        index++;
        if (order < 0) continue;
        columns = candidate.columns;
        break;
      }
      objects.push(columns === undefined ? object : { ...object, columns });
    }
    yield objects;
  }
}
