import { SqliteDialect, SqliteDriver, type Driver } from "kysely";
import type Database from "libsql";

/**
 * kysely's SQLite dialect with transactions that take the write lock at once. A transaction that reads first and
 * writes later cannot wait for another process: SQLite fails it immediately.
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  constructor(private readonly database: Database.Database) {
    super({ database });
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.database);
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  constructor(private readonly database: Database.Database) {
    super({ database });
  }

  override async beginTransaction(): Promise<void> {
    // Not as a prepared statement: the driver leaves one that failed open, and no later transaction could commit.
    this.database.exec("BEGIN IMMEDIATE");
  }
}
