import { sql } from "kysely";
import type { LineagePosition, LineageRow, LineageSide } from "../../model/activity-store";
import { descendantRange, toPathKey, type PathKey } from "../../model/path-key";
import type { Registered } from "../../model/store";
import type { LineageTable } from "../schema";
import { ROWS_PER_INSERT, eachChunk, type Db, type Trx } from "./database";
import { ifRegistered, recordedAmong } from "./recorded";

const EDGE = ["source_key", "source_column", "target_key", "target_column", "kind"] as const;
/** The order of each side is that of an index. */
const ORDER = {
  in: ["target_key", "target_column", "source_key", "source_column", "kind"],
  out: EDGE,
} as const;

export function putLineage(trx: Trx, connection: Registered, edges: readonly LineageRow[]): Promise<number | undefined> {
  return ifRegistered(trx, connection, async () => {
    const recorded = await recordedAmong(
      trx,
      edges.flatMap(({ source, target }) => [source, target]),
    );
    const rows = edges.filter(({ source, target }) => recorded.has(source) && recorded.has(target)).map(tableRow);
    await eachChunk(rows, ROWS_PER_INSERT, (some) =>
      trx
        .insertInto("lineage")
        .values(some)
        .onConflict((conflict) =>
          conflict.columns([...EDGE]).doUpdateSet({
            first_seen: sql<string>`case when excluded.first_seen < lineage.first_seen then excluded.first_seen else lineage.first_seen end`,
            last_seen: sql<string>`case when excluded.last_seen > lineage.last_seen then excluded.last_seen else lineage.last_seen end`,
          }),
        )
        .execute(),
    );
    return rows.length;
  });
}

export async function deleteDependenciesBefore(trx: Trx, connection: Registered, at: string): Promise<void> {
  await ifRegistered(trx, connection, () =>
    seenBefore(trx, toPathKey([connection.connectionKey]), at)
      .where("kind", "=", "dependency")
      .execute(),
  );
}

export async function deleteLineageBefore(trx: Trx, key: PathKey, at: string): Promise<void> {
  await seenBefore(trx, key, at).execute();
}

export async function listLineage(
  db: Db,
  key: PathKey,
  side: LineageSide,
  after: LineagePosition | undefined,
  limit: number,
): Promise<LineageRow[]> {
  const { before } = descendantRange(key);
  const order = ORDER[side === "in" ? "in" : "out"];
  const end = order[0];
  let edges = db.selectFrom("lineage").selectAll().where(end, ">=", key).where(end, "<", before);
  if (side === "onlyOut") edges = edges.where((eb) => eb.or([eb("target_key", "<", key), eb("target_key", ">=", before)]));
  if (after !== undefined) {
    const position = tableRow({ ...after, firstSeen: "", lastSeen: "" });
    const values = sql.join(order.map((column) => sql.val(position[column])));
    edges = edges.where(sql<boolean>`(${sql.join(order.map((column) => sql.ref(column)))}) > (${values})`);
  }
  for (const column of order) edges = edges.orderBy(column);
  return (await edges.limit(limit).execute()).map(lineageRow);
}

/** Both ends of an edge lie in the same connection. */
function seenBefore(trx: Trx, key: PathKey, at: string) {
  const { before } = descendantRange(key);
  return trx.deleteFrom("lineage").where("source_key", ">=", key).where("source_key", "<", before).where("last_seen", "<", at);
}

function tableRow({ source, target, sourceColumn, targetColumn, kind, firstSeen, lastSeen }: LineageRow): LineageTable {
  return {
    source_key: source,
    source_column: sourceColumn ?? "",
    target_key: target,
    target_column: targetColumn ?? "",
    kind,
    first_seen: firstSeen,
    last_seen: lastSeen,
  };
}

function lineageRow(row: LineageTable): LineageRow {
  return {
    source: row.source_key,
    target: row.target_key,
    sourceColumn: row.source_column || null,
    targetColumn: row.target_column || null,
    kind: row.kind as LineageRow["kind"],
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  };
}
