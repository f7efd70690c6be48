import { SqliteAdapter, SqliteDialect, SqliteDriver, type DatabaseConnection, type Driver } from "kysely";
import type Database from "libsql";
import { withCachedStatements } from "./cached-statements";
import { Turns } from "./turns";

/**
 * kysely's SQLite dialect with transactions that take the write lock at once. A transaction that reads first and
 * writes later cannot wait for another process: SQLite fails it immediately.
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  constructor(private readonly database: Database.Database) {
    super({ database: withCachedStatements(database) });
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.database);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

/**
 * kysely runs migrations on SQLite without a transaction, though SQLite could. Then another process sees half a schema,
 * or makes the same tables at the same time, and one that is killed leaves a store that nobody can open again.
 */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  readonly #turns = new Turns();

  constructor(private readonly database: Database.Database) {
    super({ database: withCachedStatements(database) });
  }

  /** The lock beneath wakes everybody who waits each time that it is free, and does not keep their order. */
  override async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.take();
    return super.acquireConnection();
  }

  override async releaseConnection(): Promise<void> {
    await super.releaseConnection();
    this.#turns.end();
  }

  override async beginTransaction(): Promise<void> {
    // Not as a prepared statement: the driver leaves one that failed open, and no later transaction could commit.
    this.database.exec("BEGIN IMMEDIATE");
  }

  override async rollbackTransaction(): Promise<void> {
    // A full disk has rolled it back already; saying so would hide why.
    if (this.database.inTransaction) this.database.exec("ROLLBACK");
  }
}
