import type Database from "libsql";

/** What is no part of the content: what is under way, and the databases' own tables. */
const LEFT_OUT = /^(kysely_|sqlite_|staged_object$|staged_tag$|sync_part$|server$|store_copy$)/;
const ROWS_PER_PAGE = 2_000;

export interface SourceTable {
  readonly name: string;
  /** In order of the table. */
  readonly columns: readonly string[];
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[];
  /** The column that counts up by itself, with the highest value that it ever had. */
  readonly counter: { readonly column: string; readonly last: number } | undefined;
}

export type Value = string | number | null;

/** The tables of an embedded store that hold its content, in order of their names. */
export function sourceTables(raw: Database.Database): SourceTable[] {
  const names = raw.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all() as { name: string }[];
  return names.flatMap(({ name }) => (LEFT_OUT.test(name) ? [] : [describe(raw, name)]));
}

/** Rows behind a key, in its order; all of them without. */
export function* sourceRows(raw: Database.Database, table: SourceTable, after: readonly Value[] | undefined): Generator<Value[][]> {
  const key = table.key.map(quote).join();
  const columns = table.columns.map(quote).join();
  const positions = table.key.map((column) => table.columns.indexOf(column));
  for (let last = after; ;) {
    const where = last === undefined ? "" : `WHERE (${key}) > (${last.map(() => "?").join()})`;
    const page = raw.prepare(`SELECT ${columns} FROM ${quote(table.name)} ${where} ORDER BY ${key} LIMIT ${ROWS_PER_PAGE}`);
    const rows = page.raw(true).all(...(last ?? [])) as Value[][];
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_PER_PAGE) return;
    last = positions.map((position) => rows[rows.length - 1]![position]!);
  }
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function describe(raw: Database.Database, name: string): SourceTable {
  const columns = raw.prepare(`PRAGMA table_info(${quote(name)})`).all() as { name: string; pk: number }[];
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const hasCounters = raw.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").get() !== undefined;
  const counted = hasCounters
    ? (raw.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?").get(name) as { seq: number } | undefined)
    : undefined;
  return {
    name,
    columns: columns.map((column) => column.name),
    key: key.map((column) => column.name),
    counter: counted && { column: key[0]!.name, last: counted.seq },
  };
}
