import { sql } from "kysely";
import type { QueryRow, QueryRowRange } from "../../model/activity-store";
import { descendantRange, fromPathKey, parentKey, toPathKey, type PathKey } from "../../model/path-key";
import type { Registered } from "../../model/store";
import type { QueryObjectTable, QueryTable } from "../schema";
import { KEYS_PER_QUERY, ROWS_PER_INSERT, eachChunk, inChunks, type Db, type Trx } from "./database";
import { ifRegistered, recordedAmong } from "./recorded";

export function putQueries(trx: Trx, connection: Registered, queries: readonly QueryRow[]): Promise<number | undefined> {
  return ifRegistered(trx, connection, async () => {
    const recorded = await recordedAmong(
      trx,
      queries.flatMap(({ objects }) => objects.map(({ key }) => key)),
    );
    const known = queries.map((query) => ({ ...query, objects: query.objects.filter(({ key }) => recorded.has(key)) }));
    const byId = new Map(known.map((query) => [query.id, query]));
    const kept = [...byId.values()].filter(({ objects }) => objects.length > 0);
    const { connectionKey } = connection;
    const rows = kept.map((query) => tableRow(connectionKey, query));
    await removeQueries(
      trx,
      connectionKey,
      rows.map((row) => row.query_id),
    );
    await eachChunk(rows, ROWS_PER_INSERT, (some) => trx.insertInto("query").values(some).execute());
    await eachChunk(kept.flatMap(objectRows), ROWS_PER_INSERT, (some) => trx.insertInto("query_object").values(some).execute());
    return kept.length;
  });
}

export async function listQueries(db: Db, key: PathKey, { from, to, after, limit }: QueryRowRange): Promise<QueryRow[]> {
  let found = db
    .selectFrom("query_object as object")
    .innerJoin("query", "query.query_id", "object.query_id")
    .selectAll("query")
    .where("query.connection_key", "=", fromPathKey(key)[0]!)
    .where("object.path_key", "=", key);
  if (from !== undefined) found = found.where("object.started_at", ">=", from);
  if (to !== undefined) found = found.where("object.started_at", "<=", to);
  if (after !== undefined) found = found.where(sql<boolean>`(object.started_at, object.query_id) < (${after.at}, ${after.id})`);
  const rows = await found.orderBy("object.started_at", "desc").orderBy("object.query_id", "desc").limit(limit).execute();
  const objects = await objectsOf(
    db,
    key,
    rows.map((row) => row.query_id),
  );
  return rows.map((row) => queryRow(row, objects.get(row.query_id) ?? []));
}

/** The oldest ones first. @returns how many were removed. */
export async function deleteQueriesBefore(trx: Trx, connectionKey: string, at: string, limit: number): Promise<number> {
  const old = await trx
    .selectFrom("query")
    .select("query_id")
    .where("connection_key", "=", connectionKey)
    .where("started_at", "<", at)
    .orderBy("started_at")
    .limit(limit)
    .execute();
  await removeQueries(
    trx,
    connectionKey,
    old.map((row) => row.query_id),
  );
  return old.length;
}

export async function deleteQueriesOfConnection(trx: Trx, connectionKey: string): Promise<void> {
  await trx
    .deleteFrom("query_object")
    .where(within(toPathKey([connectionKey])))
    .execute();
  await trx.deleteFrom("query").where("connection_key", "=", connectionKey).execute();
}

/** Of a statement, what other objects it used stays, and with it the objects above those. */
export async function deleteQueriesOf(trx: Trx, key: PathKey): Promise<void> {
  const connectionKey = fromPathKey(key)[0]!;
  const used = trx.selectFrom("query_object").select("query_id").where("path_key", "=", key);
  for (let above = parentKey(key); above !== undefined; above = parentKey(above)) {
    const container = above;
    await trx
      .deleteFrom("query_object")
      .where("path_key", "=", container)
      .where("query_id", "in", used)
      .where((eb) => eb.not(eb.exists(otherUses(trx, "query_object.query_id", container, key))))
      .execute();
  }
  await trx
    .deleteFrom("query")
    .where("connection_key", "=", connectionKey)
    .where("query_id", "in", used)
    .where((eb) => eb.not(eb.exists(otherUses(trx, "query.query_id", toPathKey([connectionKey]), key))))
    .execute();
  await trx.deleteFrom("query_object").where(within(key)).execute();
}

/** What a statement used in a container, but not in a part of it. */
function otherUses(trx: Trx, query: string, container: PathKey, part: PathKey) {
  return trx
    .selectFrom("query_object as other")
    .select("other.query_id")
    .where("other.query_id", "=", sql.ref<string>(query))
    .where(within(container, "other.path_key"))
    .where(sql<boolean>`not ${within(part, "other.path_key")}`)
    .where(usesTable("other"));
}

async function removeQueries(trx: Trx, connectionKey: string, ids: readonly string[]): Promise<void> {
  await eachChunk(ids, KEYS_PER_QUERY, async (some) => {
    await trx
      .deleteFrom("query_object")
      .where("query_id", "in", some)
      .where(within(toPathKey([connectionKey])))
      .execute();
    await trx.deleteFrom("query").where("connection_key", "=", connectionKey).where("query_id", "in", some).execute();
  });
}

async function objectsOf(db: Db, key: PathKey, ids: readonly string[]): Promise<ReadonlyMap<string, QueryRow["objects"][number][]>> {
  const rows = await inChunks(ids, (some) =>
    db
      .selectFrom("query_object")
      .selectAll()
      .where("query_id", "in", some)
      .where(within(key))
      .where(usesTable("query_object"))
      .orderBy("path_key")
      .execute(),
  );
  const objects = new Map<string, QueryRow["objects"][number][]>();
  for (const row of rows) objects.set(row.query_id, [...(objects.get(row.query_id) ?? []), ...accesses(row)]);
  return objects;
}

function accesses({ path_key: key, read_columns: read, written_columns: written }: QueryObjectTable): QueryRow["objects"][number][] {
  return [
    ...(read === null ? [] : [{ key, access: "read" as const, columns: columnsOf(read) }]),
    ...(written === null ? [] : [{ key, access: "write" as const, columns: columnsOf(written) }]),
  ];
}

function objectRows({ id, at, objects }: QueryRow): QueryObjectTable[] {
  const rows = new Map<PathKey, QueryObjectTable>();
  const rowOf = (key: PathKey): QueryObjectTable =>
    rows.get(key) ?? { path_key: key, started_at: at, query_id: id, read_columns: null, written_columns: null };
  for (const { key, access, columns } of objects) {
    for (let above = parentKey(key); above !== undefined; above = parentKey(above)) rows.set(above, rowOf(above));
    const row = rowOf(key);
    const which = access === "read" ? "read_columns" : "written_columns";
    rows.set(key, { ...row, [which]: JSON.stringify([...new Set([...columnsOf(row[which]), ...columns])]) });
  }
  return [...rows.values()];
}

function columnsOf(text: string | null): string[] {
  return text === null ? [] : (JSON.parse(text) as string[]);
}

function tableRow(connectionKey: string, { id, at, user, role, statementType, succeeded, hash }: QueryRow): QueryTable {
  return {
    connection_key: connectionKey,
    query_id: id,
    started_at: at,
    user_name: user,
    role_name: role,
    statement_type: statementType,
    succeeded: Number(succeeded),
    hash,
  };
}

function queryRow(row: QueryTable, objects: QueryRow["objects"]): QueryRow {
  return {
    id: row.query_id,
    at: row.started_at,
    user: row.user_name,
    role: row.role_name,
    statementType: row.statement_type,
    succeeded: row.succeeded === 1,
    hash: row.hash,
    objects,
  };
}

function within(key: PathKey, column = "path_key") {
  return sql<boolean>`(${sql.ref(column)} >= ${key} and ${sql.ref(column)} < ${descendantRange(key).before})`;
}

function usesTable(table: string) {
  return sql<boolean>`(${sql.ref(`${table}.read_columns`)} is not null or ${sql.ref(`${table}.written_columns`)} is not null)`;
}
