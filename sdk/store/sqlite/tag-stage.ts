import type { TagStage } from "../../model/activity-store";
import { descendantRange, toPathKey } from "../../model/path-key";
import { isRegistered, openTemporaryTable, type RawAccess } from "./temporary-table";

/** Collects tags in a temporary table; `replace` moves them over in one transaction. */
export async function openTagStage(access: RawAccess): Promise<TagStage> {
  const table = await openTemporaryTable(access, ["path_key", "column_name", "name", "value"]);
  return {
    add: (tags) => table.add(tags.map(({ key, column, name, value }) => [key, column ?? "", name, value])),
    async replace(connection, source) {
      try {
        return await access.transaction((raw) => {
          if (!isRegistered(raw, connection)) return undefined;
          const key = toPathKey([connection.connectionKey]);
          const range = [key, descendantRange(key).before];
          raw.prepare("DELETE FROM tag WHERE source = ? AND path_key >= ? AND path_key < ?").run(source, ...range);
          const insert = raw.prepare(
            `INSERT INTO tag (path_key, column_name, name, source, value)
             SELECT path_key, column_name, name, ?, value FROM ${table.name} WHERE path_key IN (SELECT path_key FROM object)
             ON CONFLICT (path_key, column_name, name, source) DO UPDATE SET value = excluded.value`,
          );
          return insert.run(source).changes;
        });
      } finally {
        await table.drop();
      }
    },
    discard: () => table.drop(),
  };
}
