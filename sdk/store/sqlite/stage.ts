import type Database from "libsql";
import { depthOf } from "../../model/path-key";
import type { Stage, StagedChange } from "../../model/store";

let stages = 0;

/** Columns of a recorded object that a sync writes as the platform shows them. */
const OBSERVED = ["object_type", "comment", "owner", "platform_created_at", "platform_altered_at", "fingerprint"];
const STAGED = ["path_key", "depth", ...OBSERVED, "columns", "is_active"];
/** Rows of one INSERT: a call of the driver costs more than a row. */
const ROWS_PER_INSERT = 50;

/** Runs work on the raw driver while nothing else uses the connection. */
export interface RawAccess {
  isOpen(): boolean;
  exclusive<T>(work: (raw: Database.Database) => T): Promise<T>;
  transaction<T>(work: (raw: Database.Database) => T): Promise<T>;
}

/**
 * Collects changes in a temporary table: it lies outside the main file, so that filling it for minutes blocks no other
 * writer, and it vanishes with the process. `apply` moves it over in one transaction at the speed of the database.
 */
export async function openStage(access: RawAccess): Promise<Stage> {
  const table = `temp.sync_change_${++stages}`;
  const inserts = await access.exclusive((raw) => {
    // Without an index: a sync hands on every object once, and all of them are read.
    raw.exec(`CREATE TABLE ${table} (${STAGED.join()})`);
    const insert = (rows: number) => {
      const values = Array<string>(rows).fill(`(${STAGED.map(() => "?").join()})`);
      return raw.prepare(`INSERT INTO ${table} VALUES ${values.join()}`);
    };
    return { one: insert(1), many: insert(ROWS_PER_INSERT) };
  });
  const drop = async () => {
    // The table goes with its connection.
    if (access.isOpen()) await access.exclusive((raw) => void raw.exec(`DROP TABLE ${table}`));
  };

  return {
    async add(changes) {
      await access.exclusive((raw) => {
        // One savepoint for the batch: autocommit costs more than the insert, in a temporary table too.
        raw.exec("SAVEPOINT stage");
        try {
          let next = 0;
          for (; next + ROWS_PER_INSERT <= changes.length; next += ROWS_PER_INSERT) {
            inserts.many.run(changes.slice(next, next + ROWS_PER_INSERT).flatMap(stagedRow));
          }
          for (const change of changes.slice(next)) inserts.one.run(stagedRow(change));
          raw.exec("RELEASE stage");
        } catch (error) {
          if (raw.inTransaction) raw.exec("ROLLBACK");
          throw error;
        }
      });
    },
    async apply({ connectionKey, createdAt }, at) {
      try {
        return await access.transaction((raw) => {
          const registered = raw.prepare("SELECT 1 AS known FROM connection WHERE connection_key = ? AND created_at = ?");
          if (registered.get(connectionKey, createdAt) === undefined) return false;
          for (const statement of applyStatements(table)) raw.exec(statement);
          raw
            .prepare(`UPDATE object SET missing_since = ? WHERE path_key IN (SELECT path_key FROM ${table} WHERE object_type IS NULL)`)
            .run(at);
          return true;
        });
      } finally {
        await drop();
      }
    },
    discard: drop,
  };
}

/** `object_type` NULL stands for: gone from the platform. */
function stagedRow(change: StagedChange): unknown[] {
  if (change.kind === "missing") return [change.key, depthOf(change.key), ...STAGED.slice(2).map(() => null)];
  const { comment = null, owner = null, createdAt = null, lastAlteredAt = null } = change.facts;
  const isActive = change.isActive === undefined ? null : Number(change.isActive);
  return [
    ...[change.key, depthOf(change.key), change.objectType, comment, owner, createdAt, lastAlteredAt, change.fingerprint],
    ...[change.columns ?? null, isActive],
  ];
}

function applyStatements(table: string): string[] {
  return [
    `INSERT INTO object (path_key, depth, ${OBSERVED.join()}, missing_since)
     SELECT path_key, depth, ${OBSERVED.join()}, NULL FROM ${table} WHERE object_type IS NOT NULL
     ON CONFLICT (path_key) DO UPDATE SET ${OBSERVED.map((column) => `${column} = excluded.${column}`).join()}, missing_since = NULL`,
    `INSERT INTO object_columns (path_key, columns)
     SELECT path_key, columns FROM ${table} WHERE columns IS NOT NULL
     ON CONFLICT (path_key) DO UPDATE SET columns = excluded.columns`,
    // What somebody has set on the object meanwhile, or before it went missing, stays.
    `INSERT INTO override (path_key, is_active)
     SELECT path_key, is_active FROM ${table} WHERE is_active IS NOT NULL
     ON CONFLICT (path_key) DO NOTHING`,
  ];
}
