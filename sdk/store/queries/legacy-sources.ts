import { sql } from "kysely";
import { hostKeyOf, type LegacyHost } from "../../model/legacy-data-source";
import type {
  LegacyChange,
  LegacyConflict,
  LegacyHostRow,
  LegacyRegistrationRow,
  LegacySourceQuery,
  LegacySourceRow,
  MonitoredRow,
  NewLegacySource,
} from "../../model/legacy-store";
import { fromPathKey, type PathKey } from "../../model/path-key";
import { contains } from "./contains";
import { inChunks, type Db, type Trx } from "./database";
import { containerKey, hostRow, placeKey, sourceRow } from "./legacy-rows";

export async function listLegacyHosts(db: Db): Promise<LegacyHostRow[]> {
  return (await db.selectFrom("legacy_host").selectAll().orderBy("host_key").execute()).map(hostRow);
}

export async function getLegacyHost(db: Db, hostKey: string): Promise<LegacyHostRow | undefined> {
  const row = await db.selectFrom("legacy_host").selectAll().where("host_key", "=", hostKey).executeTakeFirst();
  return row && hostRow(row);
}

/** Makes the host known. @returns the conflict, when it was upgraded. */
export async function openHost(trx: Trx, host: LegacyHost): Promise<LegacyConflict | undefined> {
  const hostKey = hostKeyOf(host);
  await trx
    .insertInto("legacy_host")
    .values({ host_key: hostKey, ...host, connection_key: null, is_upgraded: 0 })
    .onConflict((conflict) => conflict.column("host_key").doNothing())
    .execute();
  return upgradedAmong(trx, [hostKey]);
}

/** The first of some hosts that was upgraded. */
export async function upgradedAmong(db: Db, hostKeys: readonly string[]): Promise<LegacyConflict | undefined> {
  const [row] = await inChunks([...new Set(hostKeys)], (some) =>
    db.selectFrom("legacy_host").selectAll().where("host_key", "in", some).where("connection_key", "is not", null).limit(1).execute(),
  );
  return row && { conflict: "upgraded", hostKey: row.host_key, connectionKey: row.connection_key! };
}

export async function changeLegacy(trx: Trx, change: LegacyChange): Promise<{ readonly ids: readonly number[] } | LegacyConflict> {
  const { host, collection, secretPayload, createdAt } = change.registration;
  const hostKey = hostKeyOf(host);
  const blocked = await openHost(trx, host);
  if (blocked !== undefined) return blocked;
  const gone = [...change.remove, ...change.update.map(({ id }) => id)];
  const duplicate = await duplicateAmong(trx, host, [...change.create, ...change.update.map(({ source }) => source)], gone);
  if (duplicate !== undefined) return duplicate;

  const { registration_id: registrationId } = await trx
    .insertInto("legacy_registration")
    .values({ host_key: hostKey, collection, secret_payload: secretPayload, created_at: createdAt })
    .returning("registration_id")
    .executeTakeFirstOrThrow();
  const owner = { registration_id: registrationId, collection };
  await removeSources(trx, change.remove);
  await setEnabled(trx, change.disable, false);
  for (const { id, source } of change.update) {
    await trx
      .updateTable("legacy_source")
      .set({ ...owner, ...columnsOf(host, source) })
      .where("source_id", "=", id)
      .execute();
  }
  const ids: number[] = [];
  for (const source of change.create) {
    const id = await nextObjectId(trx, placeKey(host, source));
    await trx
      .insertInto("legacy_source")
      .values({ source_id: id, host_key: hostKey, ...owner, ...columnsOf(host, source) })
      .execute();
    ids.push(id);
  }
  if (collection !== null) {
    await trx.deleteFrom("legacy_monitored").where("host_key", "=", hostKey).where("collection", "=", collection).execute();
  }
  for (const container of change.monitored) {
    await trx
      .insertInto("legacy_monitored")
      .values({ host_key: hostKey, container_key: containerKey(container), collection, is_applied: 0 })
      .onConflict((conflict) => conflict.columns(["host_key", "container_key"]).doNothing())
      .execute();
  }
  await removeEmptyRegistrations(trx, hostKey);
  return { ids };
}

export async function getLegacyRegistration(db: Db, id: number): Promise<LegacyRegistrationRow | undefined> {
  const row = await registrations(db).where("registration_id", "=", id).executeTakeFirst();
  return row && registrationRow(row);
}

export async function legacyRegistrationsPage(
  db: Db,
  hostKey: string,
  after: number | undefined,
  limit: number,
): Promise<LegacyRegistrationRow[]> {
  let rows = registrations(db).where("r.host_key", "=", hostKey);
  if (after !== undefined) rows = rows.where("registration_id", ">", after);
  return (await rows.orderBy("registration_id").limit(limit).execute()).map(registrationRow);
}

export async function listLegacySources(db: Db, query: LegacySourceQuery): Promise<LegacySourceRow[]> {
  const page = (ids?: readonly number[]) => {
    let rows = matching(db, { ...query, ...(ids && { ids }) })
      .selectAll()
      .orderBy("source_id");
    if (query.limit !== undefined) rows = rows.limit(query.limit).offset(query.offset ?? 0);
    return rows.execute();
  };
  const rows = query.ids === undefined ? await page() : await inChunks(query.ids, page);
  return rows.map(sourceRow);
}

export async function countLegacySources(db: Db, query: LegacySourceQuery): Promise<number> {
  const { sources } = await matching(db, query)
    .select((eb) => eb.fn.countAll<number>().as("sources"))
    .executeTakeFirstOrThrow();
  return Number(sources);
}

export async function legacySourcesPage(db: Db, hostKey: string, after: PathKey | undefined, limit: number): Promise<LegacySourceRow[]> {
  let rows = matching(db, { hostKey, isUpgraded: false }).selectAll();
  if (after !== undefined) rows = rows.where("place_key", ">", after);
  return (await rows.orderBy("place_key").limit(limit).execute()).map(sourceRow);
}

export async function setLegacyEnabled(trx: Trx, ids: readonly number[], isEnabled: boolean): Promise<LegacyConflict | undefined> {
  const blocked = await upgradedAmong(trx, await hostsOf(trx, ids));
  if (blocked === undefined) await setEnabled(trx, ids, isEnabled);
  return blocked;
}

export async function deleteLegacySources(trx: Trx, ids: readonly number[]): Promise<LegacyConflict | undefined> {
  const hostKeys = await hostsOf(trx, ids);
  const blocked = await upgradedAmong(trx, hostKeys);
  if (blocked !== undefined) return blocked;
  await removeSources(trx, ids);
  for (const hostKey of hostKeys) await removeEmptyRegistrations(trx, hostKey);
  return undefined;
}

export async function listMonitored(db: Db, hostKey: string): Promise<MonitoredRow[]> {
  const rows = await db.selectFrom("legacy_monitored").selectAll().where("host_key", "=", hostKey).orderBy("container_key").execute();
  return rows.map((row) => {
    const [database, schema = null] = fromPathKey(row.container_key) as [string, string?];
    return { database, schema, collection: row.collection, isApplied: row.is_applied === 1 };
  });
}

export async function removeSources(trx: Trx, ids: readonly number[]): Promise<number> {
  const removed = await inChunks(ids, async (some) => [
    await trx.deleteFrom("legacy_source").where("source_id", "in", some).executeTakeFirstOrThrow(),
  ]);
  return removed.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0);
}

function matching(db: Db, query: LegacySourceQuery) {
  let sources = db.selectFrom("legacy_source");
  if (query.hostKey !== undefined) sources = sources.where("host_key", "=", query.hostKey);
  if (query.collection !== undefined) sources = sources.where("collection", "=", query.collection);
  if (query.ids !== undefined) sources = sources.where("source_id", "in", query.ids);
  if (query.name !== undefined) sources = sources.where("name", "=", query.name);
  if (query.isEnabled !== undefined) sources = sources.where("is_enabled", "=", Number(query.isEnabled));
  if (query.isUpgraded !== undefined) sources = sources.where("upgraded_to", query.isUpgraded ? "is not" : "is", null);
  if (query.afterId !== undefined) sources = sources.where("source_id", ">", query.afterId);
  if (query.searchText) sources = sources.where(contains(sql<string>`name`, query.searchText));
  return sources;
}

function columnsOf(host: LegacyHost, source: NewLegacySource) {
  return {
    place_key: placeKey(host, source),
    name: source.name,
    is_enabled: Number(source.isEnabled),
    tags: JSON.stringify(source.tags),
    owners: JSON.stringify(source.owners),
    policies: JSON.stringify(source.policies),
  };
}

/**
 * Data sources share the ids of objects, so that one can become the other; integrations do, since that of a connection has the
 * connection's. The sequence gives none twice.
 */
export async function nextObjectId(trx: Trx, place: PathKey): Promise<number> {
  const { object_id: id } = await trx
    .insertInto("object")
    .values({ path_key: place, depth: 0, object_type: "table", fingerprint: "" })
    .returning("object_id")
    .executeTakeFirstOrThrow();
  await trx.deleteFrom("object").where("object_id", "=", id).execute();
  return id;
}

async function duplicateAmong(
  trx: Trx,
  host: LegacyHost,
  sources: readonly NewLegacySource[],
  except: readonly number[],
): Promise<LegacyConflict | undefined> {
  const own = new Set(except);
  const places = sources.map((source) => placeKey(host, source));
  const taken = await inChunks(places, (some) => trx.selectFrom("legacy_source").selectAll().where("place_key", "in", some).execute());
  const table = taken.find(({ source_id: id }) => !own.has(id));
  if (table !== undefined) return { conflict: "duplicate", what: "table", id: table.source_id, name: table.name };
  const names = sources.map(({ name }) => name);
  const called = await inChunks(names, (some) =>
    trx.selectFrom("legacy_source").selectAll().where("name", "in", some).where("upgraded_to", "is", null).execute(),
  );
  const name = called.find(({ source_id: id }) => !own.has(id));
  return name && { conflict: "duplicate", what: "name", id: name.source_id, name: name.name };
}

async function setEnabled(trx: Trx, ids: readonly number[], isEnabled: boolean): Promise<void> {
  await inChunks(ids, async (some) => [
    await trx
      .updateTable("legacy_source")
      .set({ is_enabled: Number(isEnabled) })
      .where("source_id", "in", some)
      .executeTakeFirstOrThrow(),
  ]);
}

async function hostsOf(db: Db, ids: readonly number[]): Promise<string[]> {
  const rows = await inChunks(ids, (some) =>
    db.selectFrom("legacy_source").select("host_key").distinct().where("source_id", "in", some).execute(),
  );
  return [...new Set(rows.map((row) => row.host_key))];
}

/**
 * What was sent, secrets too, is kept as long as a data source comes from it; of a collection, the last one also as long as it has none.
 */
async function removeEmptyRegistrations(trx: Trx, hostKey: string): Promise<void> {
  const used = trx.selectFrom("legacy_source").select("registration_id").where("host_key", "=", hostKey);
  const newest = trx
    .selectFrom("legacy_registration")
    .select((eb) => eb.fn.max("registration_id").as("id"))
    .where("host_key", "=", hostKey)
    .where("collection", "is not", null)
    .groupBy("collection");
  await trx
    .deleteFrom("legacy_registration")
    .where("host_key", "=", hostKey)
    .where("registration_id", "not in", used)
    .where((eb) => eb.or([eb("collection", "is", null), eb("registration_id", "not in", newest)]))
    .execute();
}

function registrations(db: Db) {
  return db
    .selectFrom("legacy_registration as r")
    .innerJoin("legacy_host as h", "h.host_key", "r.host_key")
    .select(["r.registration_id", "r.collection", "r.secret_payload", "r.created_at", "h.technology", "h.hostname", "h.port"]);
}

function registrationRow(row: Awaited<ReturnType<ReturnType<typeof registrations>["executeTakeFirstOrThrow"]>>): LegacyRegistrationRow {
  return {
    id: row.registration_id,
    host: { technology: row.technology, hostname: row.hostname, port: Number(row.port) },
    collection: row.collection,
    secretPayload: row.secret_payload,
    createdAt: row.created_at,
  };
}
