import { sql } from "kysely";
import type { TagRow } from "../../model/activity-store";
import type { FoundRows, RowFilter } from "../../model/browsing-store";
import { depthOf, descendantRange, parentKey, type PathKey } from "../../model/path-key";
import type { KeyRange } from "../../model/store";
import { objectRow } from "../rows";
import { behind } from "./behind";
import { contains } from "./contains";
import { inChunks, type Db } from "./database";
import { ROW } from "./objects";

const DEPTHS = [1, 2, 3, 4];
/** What joins the elements of a path key. */
const SEPARATOR = "\u0001";

/**
 * A bounded number of objects is looked at, so that a search for what there is not ends soon, and can go on. The range has one bound at each
 * end: see `behind`.
 */
export async function findRows(
  db: Db,
  range: KeyRange,
  after: PathKey | undefined,
  filter: RowFilter,
  limit: number,
  scan: number,
): Promise<FoundRows> {
  const { operator, key } = behind(range, after);
  const rest = db.selectFrom("object").where("path_key", operator, key);
  const end = await rest
    .where("path_key", "<", range.before)
    .select("path_key")
    .orderBy("path_key")
    .offset(scan - 1)
    .limit(1)
    .executeTakeFirst();
  let found = end === undefined ? rest.where("path_key", "<", range.before) : rest.where("path_key", "<=", end.path_key);

  const { searchText, objectTypes, tag, isMissing, isSetHere } = filter;
  if (isMissing !== undefined) found = found.where("missing_since", isMissing ? "is not" : "is", null);
  if (objectTypes !== undefined) found = found.where("object_type", "in", objectTypes);
  if (searchText !== undefined && searchText !== "") found = found.where(nameContains(searchText));
  if (tag !== undefined) {
    found = found.where((eb) =>
      eb.exists(
        eb
          .selectFrom("tag")
          .select("tag.name")
          .whereRef("tag.path_key", "=", "object.path_key")
          .where("column_name", "=", "")
          .where("name", "=", tag),
      ),
    );
  }
  if (isSetHere === true) {
    found = found.where((eb) =>
      eb.exists(eb.selectFrom("override").select("override.path_key").whereRef("override.path_key", "=", "object.path_key")),
    );
  }
  const rows = (await found.select(ROW).orderBy("path_key").limit(limit).execute()).map(objectRow);
  return { rows, scannedTo: rows.length === limit ? rows[rows.length - 1]?.key : end?.path_key };
}

/** The last element alone; the whole key first, which costs less and sorts most out. */
function nameContains(text: string) {
  const key = sql<string>`path_key`;
  const upToName = sql`rtrim(${key}, replace(${key}, ${SEPARATOR}, ''))`;
  const name = sql<string>`substr(${key}, length(${upToName}) + 1)`;
  return sql<boolean>`(${contains(key, text)} and ${contains(name, text)})`;
}

export async function countBefore(db: Db, key: PathKey): Promise<number> {
  const parent = parentKey(key);
  let siblings = db.selectFrom("object").where("depth", "=", depthOf(key)).where("path_key", "<", key);
  if (parent !== undefined) siblings = siblings.where("path_key", ">", descendantRange(parent).after);
  const { objects } = await siblings.select((eb) => eb.fn.countAll<number>().as("objects")).executeTakeFirstOrThrow();
  return Number(objects);
}

export async function countInRanges(db: Db, ranges: readonly KeyRange[]): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  for (const { from, before } of ranges) {
    const rows = await db
      .selectFrom("object")
      .select(["depth", (eb) => eb.fn.countAll<number>().as("objects")])
      .where("depth", "in", DEPTHS)
      .where("path_key", ">=", from)
      .where("path_key", "<", before)
      .where("missing_since", "is", null)
      .groupBy("depth")
      .execute();
    for (const { depth, objects } of rows) counts.set(depth, (counts.get(depth) ?? 0) + Number(objects));
  }
  return counts;
}

export async function getTags(db: Db, keys: readonly PathKey[]): Promise<TagRow[]> {
  const rows = await inChunks(keys, (some) =>
    db
      .selectFrom("tag")
      .selectAll()
      .where("path_key", "in", some)
      .where("column_name", "=", "")
      .orderBy("path_key")
      .orderBy("name")
      .orderBy("source")
      .execute(),
  );
  return rows.map((row) => ({ key: row.path_key, column: null, name: row.name, value: row.value, source: row.source }));
}
