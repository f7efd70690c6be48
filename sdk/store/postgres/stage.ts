import { sql } from "kysely";
import type { Stage } from "../../model/store";
import { ifRegistered } from "../queries/recorded";
import { finishSyncPart } from "../queries/sync-parts";
import type { Trx } from "../queries/database";
import type { PostgresAccess } from "./access";
import { openStagedRows } from "./staged-rows";
import { OBSERVED, STAGED, stagedRow } from "../staged-row";

/** Collects changes in a table of the store; `apply` moves them over in one transaction at the speed of the database. */
export function openStage(access: PostgresAccess): Stage {
  const rows = openStagedRows(access, "staged_object", STAGED);
  return {
    add: (changes) => rows.add(changes.map(stagedRow)),
    async apply(connection, at, part) {
      const applied = await rows.use(connection.connectionKey, (trx) =>
        ifRegistered(trx, connection, async (): Promise<true> => {
          if (part === undefined || (await finishSyncPart(trx, part))) await moveOver(trx, rows.id, at);
          return true;
        }),
      );
      return applied !== undefined;
    },
    discard: () => rows.discard(),
  };
}

async function moveOver(trx: Trx, stage: string, at: string): Promise<void> {
  const observed = sql.join(OBSERVED.map((column) => sql.ref(column)));
  const excluded = sql.join(OBSERVED.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));
  await sql`insert into "object" (path_key, depth, ${observed}, missing_since)
    select path_key, depth, ${observed}, null from staged_object where stage_id = ${stage} and object_type is not null
    on conflict (path_key) do update set ${excluded}, missing_since = null`.execute(trx);
  await sql`insert into object_columns (path_key, "columns")
    select path_key, "columns" from staged_object where stage_id = ${stage} and "columns" is not null
    on conflict (path_key) do update set "columns" = excluded."columns"`.execute(trx);
  // What somebody has set on the object meanwhile, or before it went missing, stays.
  await sql`insert into "override" (path_key, is_active)
    select path_key, is_active from staged_object where stage_id = ${stage} and is_active is not null
    on conflict (path_key) do nothing`.execute(trx);
  await sql`update "object" set missing_since = ${at}
    where path_key in (select path_key from staged_object where stage_id = ${stage} and object_type is null)`.execute(trx);
}
