import type Database from "libsql";

/** Rows of one INSERT: a call of the driver costs more than a row. */
const ROWS_PER_INSERT = 50;

let tables = 0;

/** Runs work on the raw driver while nothing else uses the connection. */
export interface RawAccess {
  isOpen(): boolean;
  exclusive<T>(work: (raw: Database.Database) => T): Promise<T>;
  transaction<T>(work: (raw: Database.Database) => T): Promise<T>;
}

export interface TemporaryTable {
  /** As SQL names it. */
  readonly name: string;
  add(rows: readonly (readonly unknown[])[]): Promise<void>;
  drop(): Promise<void>;
}

/**
 * A table outside the main file, so that filling it for minutes blocks no other writer, and which vanishes with the process. It has
 * no index: rows are handed on once, and all of them are read.
 */
export async function openTemporaryTable(access: RawAccess, columns: readonly string[]): Promise<TemporaryTable> {
  const name = `temp.stage_${++tables}`;
  const inserts = await access.exclusive((raw) => {
    raw.exec(`CREATE TABLE ${name} (${columns.join()})`);
    const insert = (rows: number) => {
      const values = Array<string>(rows).fill(`(${columns.map(() => "?").join()})`);
      return raw.prepare(`INSERT INTO ${name} VALUES ${values.join()}`);
    };
    return { one: insert(1), many: insert(ROWS_PER_INSERT) };
  });

  return {
    name,
    async add(rows) {
      await access.exclusive((raw) => {
        // One savepoint for the batch: autocommit costs more than the insert, in a temporary table too.
        raw.exec("SAVEPOINT stage");
        try {
          let next = 0;
          for (; next + ROWS_PER_INSERT <= rows.length; next += ROWS_PER_INSERT) {
            inserts.many.run(rows.slice(next, next + ROWS_PER_INSERT).flat());
          }
          for (const row of rows.slice(next)) inserts.one.run([...row]);
          raw.exec("RELEASE stage");
        } catch (error) {
          if (raw.inTransaction) raw.exec("ROLLBACK");
          throw error;
        }
      });
    },
    async drop() {
      // The table goes with its connection.
      if (access.isOpen()) await access.exclusive((raw) => void raw.exec(`DROP TABLE ${name}`));
    },
  };
}

/** Whether the registration that was written for is still there. */
export function isRegistered(raw: Database.Database, { connectionKey, createdAt }: { connectionKey: string; createdAt: string }): boolean {
  const registered = raw.prepare("SELECT 1 AS known FROM connection WHERE connection_key = ? AND created_at = ?");
  return registered.get(connectionKey, createdAt) !== undefined;
}
