import { createHash, type Hash } from "node:crypto";
import type { PoolClient } from "pg";
import { BadRequestError, StoreError } from "../../model/errors";
import { migrate } from "../migrate";
import { parsePostgresAddress } from "../postgres/address";
import { copyRows } from "../postgres/copy";
import { storableText } from "../postgres/dialect";
import { postgresError } from "../postgres/errors";
import { openForReading } from "../sqlite/open-file";
import { quote, sourceRows, sourceTables, type SourceTable, type Value } from "./source";

const ROWS_PER_PAGE = 2_000;

export interface CopyOptions {
  /** The file of an embedded store; only read. */
  readonly from: string;
  /** The address of a database without a store, or with what an earlier copy of the same file left. */
  readonly to: string;
  /** Encrypts a secret of the source for the target. */
  readonly reseal: (sealed: string) => string;
  /** What a secret of the target, or of the source, says; the two have different texts for the same. */
  readonly openTarget: (sealed: string) => string;
  readonly openSource: (sealed: string) => string;
  readonly onTable?: (table: string, rows: number) => void;
}

/**
 * Copies an embedded store into PostgreSQL, table by table in order of the key, page by page: one that was cut off goes on behind the last
 * page that arrived. In the end both sides are read again and compared by count and hash.
 * @throws StoreError when they differ; BadRequestError when the target holds another store.
 */
export async function copyStore({ from, to, reseal, openTarget, openSource, onTable }: CopyOptions): Promise<{ readonly rows: number }> {
  const { connect } = await import("../postgres/connect.js");
  const address = parsePostgresAddress(to);
  const source = await openForReading(from);
  try {
    if (source.isPlaceholder) throw new BadRequestError(`from: ${from} holds no store; name the file of one`, { field: "from" });
    const target = await connect(address);
    try {
      await migrate(target.db, address.name);
      const client = await target.pool.connect();
      try {
        await client.query("SET statement_timeout = 0");
        const tables = sourceTables(source.raw);
        await requireUnfinished(client, tables, from);
        let rows = 0;
        for (const table of tables) {
          const after = await lastKey(client, table);
          for (const page of sourceRows(source.raw, table, after)) {
            await copyRows(
              client,
              `${quote(table.name)} (${table.columns.map(quote).join()})`,
              page.map((row) => mapSecrets(table, row, reseal)),
            );
          }
          const expected = hashOf(table, sourceRows(source.raw, table, undefined), openSource);
          const actual = await hashOfAsync(table, targetRows(client, table), openTarget);
          if (expected.rows !== actual.rows || expected.hash !== actual.hash) {
            throw new StoreError(
              `${table.name}: ${expected.rows} rows in ${from}, ${actual.rows} in ${address.name}, or not the same ones; was something written meanwhile? ` +
                "Empty the target and copy again while nothing uses the file",
            );
          }
          if (table.counter !== undefined) await continueCounting(client, table.name, table.counter);
          rows += expected.rows;
          onTable?.(table.name, expected.rows);
        }
        await client.query("DELETE FROM store_copy");
        return { rows };
      } finally {
        client.release(true);
      }
    } catch (error) {
      throw postgresError(address.name, error);
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

/** A copy goes only where nothing is, or where one of the same file was cut off. */
async function requireUnfinished(client: PoolClient, tables: readonly SourceTable[], from: string): Promise<void> {
  const id = createHash("sha256").update(from).digest("base64url");
  const { rows } = await client.query<{ source: string }>("SELECT source FROM store_copy");
  if (rows.some(({ source }) => source === id)) return;
  for (const { name } of tables) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${quote(name)} LIMIT 1`);
    if (rowCount !== 0) {
      throw new BadRequestError("to: the database holds a store already; name an empty one", { field: "to" });
    }
  }
  await client.query("INSERT INTO store_copy (source) VALUES ($1)", [id]);
}

async function lastKey(client: PoolClient, { name, key }: SourceTable): Promise<Value[] | undefined> {
  const columns = key.map(quote);
  const descending = columns.map((column) => `${column} DESC`).join();
  const { rows } = await client.query<Record<string, Value>>(`SELECT ${columns.join()} FROM ${quote(name)} ORDER BY ${descending} LIMIT 1`);
  return rows[0] && key.map((column) => rows[0]![column]!);
}

async function* targetRows(client: PoolClient, { name, columns, key }: SourceTable): AsyncGenerator<Value[][]> {
  const order = key.map(quote).join();
  for (let last: Value[] | undefined; ;) {
    const where = last === undefined ? "" : `WHERE (${order}) > (${last.map((_, index) => `$${index + 1}`).join()})`;
    const { rows } = await client.query<Value[]>({
      text: `SELECT ${columns.map(quote).join()} FROM ${quote(name)} ${where} ORDER BY ${order} LIMIT ${ROWS_PER_PAGE}`,
      values: last ?? [],
      rowMode: "array",
    });
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_PER_PAGE) return;
    last = key.map((column) => rows[rows.length - 1]![columns.indexOf(column)]!);
  }
}

async function continueCounting(client: PoolClient, table: string, { column, last }: { column: string; last: number }): Promise<void> {
  await client.query(`ALTER TABLE ${quote(table)} ALTER COLUMN ${quote(column)} RESTART WITH ${last + 1}`);
}

/** Encrypted texts name their version; a hash of a key is no such text. */
function mapSecrets({ columns }: SourceTable, row: readonly Value[], change: (sealed: string) => string): Value[] {
  return row.map((value, index) =>
    typeof value === "string" && columns[index]!.startsWith("secret_") && value.startsWith("v1:") ? change(value) : value,
  );
}

function hashOf(table: SourceTable, pages: Iterable<Value[][]>, open: (sealed: string) => string) {
  const content = new Content(table, open);
  for (const page of pages) content.add(page);
  return content.end();
}

async function hashOfAsync(table: SourceTable, pages: AsyncIterable<Value[][]>, open: (sealed: string) => string) {
  const content = new Content(table, open);
  for await (const page of pages) content.add(page);
  return content.end();
}

class Content {
  #rows = 0;
  readonly #hash: Hash = createHash("sha256");

  constructor(
    private readonly table: SourceTable,
    private readonly open: (sealed: string) => string,
  ) {}

  add(page: readonly Value[][]): void {
    this.#rows += page.length;
    for (const row of page) {
      const values = mapSecrets(this.table, row, this.open).map((value) => (typeof value === "string" ? storableText(value) : value));
      this.#hash.update(`${JSON.stringify(values)}\n`);
    }
  }

  end(): { readonly rows: number; readonly hash: string } {
    return { rows: this.#rows, hash: this.#hash.digest("hex") };
  }
}
