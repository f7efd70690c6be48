import { sql } from "kysely";
import type { TagStage } from "../../model/activity-store";
import { descendantRange, toPathKey } from "../../model/path-key";
import { ifRegistered } from "../queries/recorded";
import type { PostgresAccess } from "./access";
import { openStagedRows } from "./staged-rows";

/** Collects tags in a table of the store; `replace` moves them over in one transaction. */
export function openTagStage(access: PostgresAccess): TagStage {
  const rows = openStagedRows(access, "staged_tag", ["path_key", "column_name", "name", "value"]);
  let written: number | undefined;
  return {
    add: (tags) => rows.add(tags.map(({ key, column, name, value }) => [key, column ?? "", name, value])),
    async replace(connection, source) {
      const replaced = await rows.use(connection.connectionKey, (trx) =>
        ifRegistered(trx, connection, async () => {
          const key = toPathKey([connection.connectionKey]);
          const { before } = descendantRange(key);
          await trx.deleteFrom("tag").where("source", "=", source).where("path_key", ">=", key).where("path_key", "<", before).execute();
          // A statement cannot write the same row twice: of tags that come twice, one stays.
          const { numAffectedRows = 0n } = await sql`insert into tag (path_key, column_name, name, source, value)
            select path_key, column_name, name, ${source}, max(value) from staged_tag
            where stage_id = ${rows.id} and path_key in (select path_key from "object")
            group by path_key, column_name, name`.execute(trx);
          return (written = Number(numAffectedRows));
        }),
      );
      return replaced === "used before" ? written : replaced;
    },
    discard: () => rows.discard(),
  };
}
