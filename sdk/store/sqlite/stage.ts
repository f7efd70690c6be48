import { depthOf } from "../../model/path-key";
import type { Stage, StagedChange } from "../../model/store";
import { isRegistered, openTemporaryTable, type RawAccess } from "./temporary-table";

/** Columns of a recorded object that a sync writes as the platform shows them. */
const OBSERVED = ["object_type", "comment", "owner", "platform_created_at", "platform_altered_at", "fingerprint"];
const STAGED = ["path_key", "depth", ...OBSERVED, "columns", "is_active"];

/** Collects changes in a temporary table; `apply` moves it over in one transaction at the speed of the database. */
export async function openStage(access: RawAccess): Promise<Stage> {
  const table = await openTemporaryTable(access, STAGED);
  return {
    add: (changes) => table.add(changes.map(stagedRow)),
    async apply(connection, at) {
      try {
        return await access.transaction((raw) => {
          if (!isRegistered(raw, connection)) return false;
          for (const statement of applyStatements(table.name)) raw.exec(statement);
          raw
            .prepare(`UPDATE object SET missing_since = ? WHERE path_key IN (SELECT path_key FROM ${table.name} WHERE object_type IS NULL)`)
            .run(at);
          return true;
        });
      } finally {
        await table.drop();
      }
    },
    discard: () => table.drop(),
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
