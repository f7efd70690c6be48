import type Database from "libsql";
import type { SqliteDatabase, SqliteStatement } from "kysely";

/** More kinds of statements than the store has; longer ones (a list of hundreds of keys) differ each time. */
const STATEMENTS_KEPT = 256;
const LONGEST_KEPT = 2_000;

/**
 * The database as kysely uses it, with statements prepared once: preparing one takes longer than most take to run. One that fails is
 * prepared anew, since the driver leaves it open.
 */
export function withCachedStatements(database: Database.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();

  const guarded = (sql: string, statement: SqliteStatement): SqliteStatement => {
    const run = <T>(work: () => T): T => {
      try {
        return work();
      } catch (error) {
        kept.delete(sql);
        throw error;
      }
    };
    return {
      reader: statement.reader,
      all: (parameters) => run(() => statement.all(parameters)),
      run: (parameters) => run(() => statement.run(parameters)),
      iterate: (parameters) => statement.iterate(parameters),
    };
  };

  return {
    close: () => {
      kept.clear();
      database.close();
    },
    prepare(sql) {
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = database.prepare(sql) as unknown as SqliteStatement;
      if (sql.length > LONGEST_KEPT) return statement;
      const [oldest] = kept.keys();
      if (kept.size >= STATEMENTS_KEPT && oldest !== undefined) kept.delete(oldest);
      const made = guarded(sql, statement);
      kept.set(sql, made);
      return made;
    },
  };
}
