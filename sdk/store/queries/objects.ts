import { sql } from "kysely";
import { childKey, depthOf, descendantRange, fromPathKey, type PathKey } from "../../model/path-key";
import type { ChildQuery, KeyRange, ObjectRow, RecordedObject } from "../../model/store";
import { objectRow } from "../rows";
import { deleteActivityOf } from "./activity";
import { behind } from "./behind";
import { deleteChangesOf } from "./changes";
import { deleteConnection } from "./connections";
import { inChunks, type Db, type Trx } from "./database";
import { deleteUpgradedOf } from "./legacy-upgrade";

const TABLE_DEPTH = 4;
const DEPTHS_BENEATH = [2, 3, TABLE_DEPTH];
export const ROW = [
  "object_id",
  "path_key",
  "object_type",
  "comment",
  "owner",
  "platform_created_at",
  "platform_altered_at",
  "missing_since",
] as const;

export async function getObjects(db: Db, keys: readonly PathKey[]): Promise<ObjectRow[]> {
  const rows = await inChunks(keys, (some) => db.selectFrom("object").select(ROW).where("path_key", "in", some).execute());
  return rows.map(objectRow);
}

export async function getColumns(db: Db, keys: readonly PathKey[]): Promise<ReadonlyMap<PathKey, string>> {
  const rows = await inChunks(keys, (some) => db.selectFrom("object_columns").selectAll().where("path_key", "in", some).execute());
  return new Map(rows.map((row) => [row.path_key, row.columns]));
}

export async function listChildren(db: Db, parent: PathKey | undefined, query: ChildQuery): Promise<{ count: number; rows: ObjectRow[] }> {
  let children = db.selectFrom("object").where("depth", "=", parent === undefined ? 1 : depthOf(parent) + 1);
  if (parent !== undefined) {
    const { after, before } = descendantRange(parent);
    children = children.where("path_key", ">", after).where("path_key", "<", before);
  }
  if (query.searchText !== undefined && query.searchText !== "") {
    // The database counts characters, JavaScript units of them.
    const start = parent === undefined ? 1 : [...childKey(parent, "")].length + 1;
    const pattern = `%${query.searchText.replaceAll(/[\\%_]/g, "\\$&")}%`;
    children = children.where(sql<boolean>`lower(substr(path_key, ${start})) like lower(${pattern}) escape '\\'`);
  }
  const { objects } = await children.select((eb) => eb.fn.countAll<number>().as("objects")).executeTakeFirstOrThrow();
  const ordered =
    query.sortField === undefined || query.sortField === "name" ? children : children.orderBy(orderOf(query), query.sortOrder);
  const rows = await ordered.select(ROW).orderBy("path_key", query.sortOrder).offset(query.offset).limit(query.size).execute();
  return { count: Number(objects), rows: rows.map(objectRow) };
}

/** Sorted when asked for: an index of each field would cost every sync, and one parent's children are few enough. */
function orderOf({ sortField, inheritsActive = false }: ChildQuery) {
  if (sortField === "createdAt") return sql<string>`coalesce(platform_created_at, '')`;
  if (sortField === "updatedAt") return sql<string>`coalesce(platform_altered_at, '')`;
  const own = sql`(select o.is_active from override as o where o.path_key = object.path_key)`;
  return sql<number>`case when coalesce(${own}, ${Number(inheritsActive)}) = 1 then 0 else 1 end`;
}

export async function listObjects(db: Db, key: PathKey, after: PathKey | undefined, limit: number): Promise<ObjectRow[]> {
  const rows = await beneath(db, key, after).select(ROW).orderBy("path_key").limit(limit).execute();
  return rows.map(objectRow);
}

/** One batch of the object and everything beneath it, behind `after`; from the object itself without. */
export async function objectsPage(db: Db, key: PathKey, after: PathKey | undefined, limit: number): Promise<RecordedObject[]> {
  const rows = await beneath(db, key, after)
    .select([...ROW, "fingerprint"])
    .orderBy("path_key")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...objectRow(row), fingerprint: row.fingerprint }));
}

function beneath(db: Db, key: PathKey, after: PathKey | undefined) {
  return db
    .selectFrom("object")
    .where("path_key", after === undefined ? ">=" : ">", after ?? key)
    .where("path_key", "<", descendantRange(key).before);
}

export async function countByDepth(db: Db, key: PathKey): Promise<ReadonlyMap<number, number>> {
  const { after, before } = descendantRange(key);
  const rows = await db
    .selectFrom("object")
    .select(["depth", (eb) => eb.fn.countAll<number>().as("objects")])
    .where("depth", "in", DEPTHS_BENEATH)
    .where("path_key", ">", after)
    .where("path_key", "<", before)
    .where("missing_since", "is", null)
    .groupBy("depth")
    .execute();
  return new Map(rows.map((row) => [row.depth, Number(row.objects)]));
}

export async function countTables(db: Db, ranges: readonly KeyRange[]): Promise<number> {
  let tables = 0;
  for (const range of ranges) {
    const { objects } = await tablesIn(db, range)
      .select((eb) => eb.fn.countAll<number>().as("objects"))
      .executeTakeFirstOrThrow();
    tables += Number(objects);
  }
  return tables;
}

export async function listTables(db: Db, range: KeyRange, after: PathKey | undefined, limit: number): Promise<ObjectRow[]> {
  return (await tablesIn(db, range, after).select(ROW).orderBy("path_key").limit(limit).execute()).map(objectRow);
}

function tablesIn(db: Db, range: KeyRange, after?: PathKey) {
  const { operator, key } = behind(range, after);
  return db
    .selectFrom("object")
    .where("depth", "=", TABLE_DEPTH)
    .where("path_key", operator, key)
    .where("path_key", "<", range.before)
    .where("missing_since", "is", null);
}

export async function countMissing(db: Db, key: PathKey): Promise<number> {
  const { after, before } = descendantRange(key);
  const { objects } = await db
    .selectFrom("object")
    // By the depths, the index has all that is asked for.
    .where("depth", "in", DEPTHS_BENEATH)
    .where("path_key", ">", after)
    .where("path_key", "<", before)
    .where("missing_since", "is not", null)
    .select((eb) => eb.fn.countAll<number>().as("objects"))
    .executeTakeFirstOrThrow();
  return Number(objects);
}

export async function deleteSubtree(trx: Trx, key: PathKey): Promise<{ removed: number }> {
  const { before } = descendantRange(key);
  for (const table of ["override", "setting_change", "declared_setting", "object_columns"] as const) {
    await trx.deleteFrom(table).where("path_key", ">=", key).where("path_key", "<", before).execute();
  }
  const deleted = await trx.deleteFrom("object").where("path_key", ">=", key).where("path_key", "<", before).executeTakeFirst();
  await deleteActivityOf(trx, key);
  await deleteChangesOf(trx, key);
  const [connectionKey, ...beneath] = fromPathKey(key);
  if (connectionKey !== undefined) await deleteUpgradedOf(trx, key, connectionKey);
  if (connectionKey !== undefined && beneath.length === 0) await deleteConnection(trx, connectionKey);
  return { removed: Number(deleted.numDeletedRows) };
}
