import type Database from "libsql";
import type { FinishedPart } from "../../model/sync-part-store";
import type { Stage } from "../../model/store";
import { isRegistered, openTemporaryTable, type RawAccess } from "./temporary-table";
import { OBSERVED, STAGED, stagedRow } from "../staged-row";

/** Collects changes in a temporary table; `apply` moves it over in one transaction at the speed of the database. */
export async function openStage(access: RawAccess): Promise<Stage> {
  const table = await openTemporaryTable(access, STAGED);
  return {
    add: (changes) => table.add(changes.map(stagedRow)),
    async apply(connection, at, part) {
      try {
        return await access.transaction((raw) => {
          if (!isRegistered(raw, connection)) return false;
          if (part !== undefined && !finishPart(raw, part)) return true;
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

function finishPart(raw: Database.Database, { jobId, key, objects, outcome }: FinishedPart): boolean {
  const finish = raw.prepare("UPDATE sync_part SET objects = ?, outcome = ? WHERE job_id = ? AND path_key = ? AND outcome IS NULL");
  return finish.run(objects, outcome, jobId, key).changes > 0;
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
