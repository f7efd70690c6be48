import { existsSync } from "node:fs";
import { sql, type Kysely, type Transaction } from "kysely";
import { childKey, descendantRange, depthOf, fromPathKey, toPathKey, type PathKey } from "../../model/path-key";
import type { Settings, SettingsPatch } from "../../model/settings";
import type { ChildQuery, ConnectionRow, JobRow, ObjectRow, OverrideRow, RecordedObject, Store } from "../../model/store";
import { connectionRow, jobInsert, jobRow, objectRow, overrideColumns, settingsOf } from "../rows";
import type { StoreSchema } from "../schema";
import { openForReading, openForWriting, storeError, type OpenFile } from "./open-file";
import { openStage } from "./stage";

const STREAM_BATCH = 5_000;
/** SQLite takes at most 32,766 bound values in one statement. */
const KEYS_PER_QUERY = 10_000;
const TABLE_DEPTH = 4;

type Db = Kysely<StoreSchema>;

/**
 * The embedded store: one SQLite file in WAL mode. It is opened when first used, for reading as long as nothing is
 * written, so that whoever only reads leaves no trace, and a file that does not exist reads as an empty store.
 */
export function openSqliteStore(file: string): Store {
  let reader: Promise<OpenFile> | undefined;
  let readerIsEmpty = false;
  let writer: Promise<OpenFile> | undefined;

  function forReading(): Promise<OpenFile> {
    if (writer !== undefined) return writer;
    if (readerIsEmpty && existsSync(file)) reader = undefined;
    if (reader === undefined) {
      readerIsEmpty = !existsSync(file);
      reader = forgetOnFailure(openForReading(file), () => (reader = undefined));
    }
    return reader;
  }

  function forWriting(): Promise<OpenFile> {
    return (writer ??= forgetOnFailure(openForWriting(file), () => (writer = undefined)));
  }

  async function read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    const { db } = await forReading();
    return work(db).catch((error: unknown) => Promise.reject(storeError(file, error)));
  }

  async function write<T>(work: (trx: Transaction<StoreSchema>) => Promise<T>): Promise<T> {
    const { db } = await forWriting();
    return db
      .transaction()
      .execute(work)
      .catch((error: unknown) => Promise.reject(storeError(file, error)));
  }

  return {
    insertConnection: (row, identities, settings) =>
      write(async (trx) => {
        if (await findConnection(trx, row.connectionKey)) {
          return { inserted: false, identity: undefined, takenBy: row.connectionKey };
        }
        const taken = await findIdentity(trx, row.connectionKey, identities);
        if (taken !== undefined) return { inserted: false, identity: taken.identity, takenBy: taken.connection_key };
        const key = toPathKey([row.connectionKey]);
        await trx.insertInto("connection").values(connectionInsert(row)).execute();
        await insertIdentities(trx, row.connectionKey, identities);
        await trx
          .insertInto("object")
          .values({ path_key: key, depth: 1, object_type: "connection", comment: null, fingerprint: "", missing_since: null })
          .execute();
        await mergeOverride(trx, key, settings);
        return { inserted: true };
      }),

    getConnection: (connectionKey) => read((db) => findConnection(db, connectionKey)),

    updateConnection: (connectionKey, change, identities) =>
      write(async (trx) => {
        const taken = await findIdentity(trx, connectionKey, identities);
        if (taken !== undefined) return { updated: false, identity: taken.identity, takenBy: taken.connection_key };
        await trx
          .updateTable("connection")
          .set({ secret_details: change.secretDetails, updated_at: change.updatedAt })
          .where("connection_key", "=", connectionKey)
          .execute();
        await trx.deleteFrom("connection_identity").where("connection_key", "=", connectionKey).execute();
        await insertIdentities(trx, connectionKey, identities);
        return { updated: true };
      }),

    getObjects: (keys) =>
      read((db) => inChunks(keys, (some) => selectObjects(db).where("path_key", "in", some).execute())).then((rows) => rows.map(objectRow)),

    async getColumns(keys) {
      const rows = await read((db) =>
        inChunks(keys, (some) => db.selectFrom("object_columns").selectAll().where("path_key", "in", some).execute()),
      );
      return new Map(rows.map((row) => [row.path_key, row.columns]));
    },

    listChildren: (parent, query) => read((db) => listChildren(db, parent, query)),

    async *streamObjects(key) {
      const { before } = descendantRange(key);
      let from = key;
      let inclusive = true;
      for (;;) {
        const rows = await read((db) =>
          db
            .selectFrom("object")
            .select(["path_key", "object_type", "comment", "missing_since", "fingerprint"])
            .where("path_key", inclusive ? ">=" : ">", from)
            .where("path_key", "<", before)
            .orderBy("path_key")
            .limit(STREAM_BATCH)
            .execute(),
        );
        if (rows.length > 0) yield rows.map((row): RecordedObject => ({ ...objectRow(row), fingerprint: row.fingerprint }));
        if (rows.length < STREAM_BATCH) return;
        from = rows[rows.length - 1]!.path_key;
        inclusive = false;
      }
    },

    async countByDepth(key) {
      const rows = await read((db) => {
        const { after, before } = descendantRange(key);
        return db
          .selectFrom("object")
          .select(["depth", (eb) => eb.fn.countAll<number>().as("objects")])
          .where("depth", "in", [2, 3, 4])
          .where("path_key", ">", after)
          .where("path_key", "<", before)
          .where("missing_since", "is", null)
          .groupBy("depth")
          .execute();
      });
      return new Map(rows.map((row) => [row.depth, Number(row.objects)]));
    },

    countTables: (key) =>
      read((db) =>
        countObjects(
          db
            .selectFrom("object")
            .where("depth", "=", TABLE_DEPTH)
            .where("path_key", ">=", key)
            .where("path_key", "<", descendantRange(key).before)
            .where("missing_since", "is", null)
            .select((eb) => eb.fn.countAll<number>().as("objects"))
            .executeTakeFirstOrThrow(),
        ),
      ),

    countMissing: (key) =>
      read((db) =>
        countObjects(
          db
            .selectFrom("object")
            .where("path_key", ">", descendantRange(key).after)
            .where("path_key", "<", descendantRange(key).before)
            .where("missing_since", "is not", null)
            .select((eb) => eb.fn.countAll<number>().as("objects"))
            .executeTakeFirstOrThrow(),
        ),
      ),

    deleteSubtree: (key) => write((trx) => deleteSubtree(trx, key)),

    async getOverrides(keys) {
      const rows = await read((db) =>
        inChunks(keys, (some) => db.selectFrom("override").selectAll().where("path_key", "in", some).execute()),
      );
      return new Map(rows.map((row) => [row.path_key, settingsOf(row)]));
    },

    async listOverrides(key) {
      const rows = await read((db) =>
        db
          .selectFrom("override")
          .selectAll()
          .where("path_key", ">=", key)
          .where("path_key", "<", descendantRange(key).before)
          .orderBy("path_key")
          .execute(),
      );
      return rows.map((row): OverrideRow => ({ key: row.path_key, overrides: settingsOf(row) }));
    },

    overriddenBeneath: (key) => read((db) => overriddenBeneath(db, key)),

    mergeOverrides: (key, patch) => write((trx) => mergeOverride(trx, key, patch)),

    async openStage() {
      const { db, raw } = await forWriting();
      const guard = <T>(work: Promise<T>) => work.catch((error: unknown) => Promise.reject(storeError(file, error)));
      return openStage({
        exclusive: (work) => guard(db.connection().execute(async () => work(raw))),
        transaction: (work) => guard(db.transaction().execute(async () => work(raw))),
      });
    },

    setLastSync: (connectionKey, lastSync) =>
      write(async (trx) => {
        await trx
          .updateTable("connection")
          .set({ last_sync: JSON.stringify(lastSync) })
          .where("connection_key", "=", connectionKey)
          .execute();
      }),

    insertJob: (job) =>
      write(async (trx) => {
        await trx
          .insertInto("job")
          .values(jobInsert(job, toPathKey(job.objectPath)))
          .execute();
      }),

    activateJob: (job, at, isAlive) => write((trx) => activateJob(trx, job, at, isAlive)),

    updateJob: (id, change) =>
      write(async (trx) => {
        await trx
          .updateTable("job")
          .set({
            heartbeat_at: change.heartbeatAt,
            ...(change.state !== undefined && { state: change.state }),
            ...(change.progress !== undefined && { progress: JSON.stringify(change.progress) }),
            ...(change.output !== undefined && { output: JSON.stringify(change.output) }),
            ...(change.endedAt !== undefined && { ended_at: change.endedAt }),
          })
          .where("id", "=", id)
          .execute();
      }),

    async getJobs(bulkId) {
      const rows = await read((db) => db.selectFrom("job").selectAll().where("bulk_id", "=", bulkId).orderBy("created_at").execute());
      return rows.map(jobRow);
    },

    async close() {
      const opened = await Promise.allSettled([reader, writer]);
      reader = writer = undefined;
      for (const result of opened) {
        if (result.status === "rejected" || result.value === undefined) continue;
        // The driver's close leaves the log as it is; a large one would be read again at every start.
        if (result.value.writable) result.value.raw.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        result.value.raw.close();
      }
    },
  };
}

function forgetOnFailure<T>(opening: Promise<T>, forget: () => void): Promise<T> {
  opening.catch(forget);
  return opening;
}

async function findConnection(db: Db, connectionKey: string): Promise<ConnectionRow | undefined> {
  const row = await db.selectFrom("connection").selectAll().where("connection_key", "=", connectionKey).executeTakeFirst();
  return row && connectionRow(row);
}

function findIdentity(db: Db, connectionKey: string, identities: readonly string[]) {
  return db
    .selectFrom("connection_identity")
    .selectAll()
    .where("identity", "in", [...identities])
    .where("connection_key", "!=", connectionKey)
    .orderBy("identity")
    .executeTakeFirst();
}

async function insertIdentities(db: Db, connectionKey: string, identities: readonly string[]): Promise<void> {
  if (identities.length === 0) return;
  await db
    .insertInto("connection_identity")
    .values(identities.map((identity) => ({ identity, connection_key: connectionKey })))
    .execute();
}

function connectionInsert(row: ConnectionRow) {
  return {
    connection_key: row.connectionKey,
    technology: row.technology,
    secret_details: row.secretDetails,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    last_sync: row.lastSync === null ? null : JSON.stringify(row.lastSync),
  };
}

function selectObjects(db: Db) {
  return db.selectFrom("object").select(["path_key", "object_type", "comment", "missing_since"]);
}

async function listChildren(db: Db, parent: PathKey | undefined, query: ChildQuery): Promise<{ count: number; rows: ObjectRow[] }> {
  let children = db.selectFrom("object").where("depth", "=", parent === undefined ? 1 : depthOf(parent) + 1);
  if (parent !== undefined) {
    const { after, before } = descendantRange(parent);
    children = children.where("path_key", ">", after).where("path_key", "<", before);
  }
  if (query.searchText !== undefined && query.searchText !== "") {
    const prefixLength = parent === undefined ? 0 : [...childKey(parent, "")].length;
    const name = sql<string>`lower(substr(path_key, ${prefixLength + 1}))`;
    children = children.where(sql<boolean>`instr(${name}, lower(${query.searchText})) > 0`);
  }
  const count = await countObjects(children.select((eb) => eb.fn.countAll<number>().as("objects")).executeTakeFirstOrThrow());
  const rows = await children
    .select(["path_key", "object_type", "comment", "missing_since"])
    .orderBy("path_key", query.sortOrder)
    .offset(query.offset)
    .limit(query.size)
    .execute();
  return { count, rows: rows.map(objectRow) };
}

async function deleteSubtree(trx: Transaction<StoreSchema>, key: PathKey): Promise<{ removed: number }> {
  const { before } = descendantRange(key);
  const within = ["override", "object_columns"] as const;
  for (const table of within) {
    await trx.deleteFrom(table).where("path_key", ">=", key).where("path_key", "<", before).execute();
  }
  const deleted = await trx.deleteFrom("object").where("path_key", ">=", key).where("path_key", "<", before).executeTakeFirst();
  if (depthOf(key) === 1) {
    await trx
      .deleteFrom("connection")
      .where("connection_key", "=", fromPathKey(key)[0] ?? "")
      .execute();
    await trx
      .deleteFrom("connection_identity")
      .where("connection_key", "=", fromPathKey(key)[0] ?? "")
      .execute();
  }
  return { removed: Number(deleted.numDeletedRows) };
}

async function overriddenBeneath(db: Db, key: PathKey): Promise<ReadonlySet<keyof Settings>> {
  const { after, before } = descendantRange(key);
  const columns = {
    isActive: "is_active",
    activateNewChildren: "activate_new_children",
    dataOwners: "data_owners",
    infrastructureAdmins: "infrastructure_admins",
  } as const;
  const found = new Set<keyof Settings>();
  for (const [name, column] of Object.entries(columns) as [keyof Settings, (typeof columns)[keyof typeof columns]][]) {
    const row = await db
      .selectFrom("override")
      .select("path_key")
      .where("path_key", ">", after)
      .where("path_key", "<", before)
      .where(column, "is not", null)
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) found.add(name);
  }
  return found;
}

async function mergeOverride(trx: Transaction<StoreSchema>, key: PathKey, patch: SettingsPatch): Promise<void> {
  const columns = overrideColumns(patch);
  if (Object.keys(columns).length === 0) return;
  await trx
    .insertInto("override")
    .values({ path_key: key, ...columns })
    .onConflict((conflict) => conflict.column("path_key").doUpdateSet(columns))
    .execute();
  await trx
    .deleteFrom("override")
    .where("path_key", "=", key)
    .where("is_active", "is", null)
    .where("activate_new_children", "is", null)
    .where("data_owners", "is", null)
    .where("infrastructure_admins", "is", null)
    .execute();
}

async function activateJob(
  trx: Transaction<StoreSchema>,
  job: JobRow,
  at: string,
  isAlive: (other: JobRow) => boolean,
): Promise<JobRow | undefined> {
  const active = await trx
    .selectFrom("job")
    .selectAll()
    .where("connection_key", "=", job.objectPath[0] ?? "")
    .where("state", "=", "active")
    .execute();
  for (const other of active.map(jobRow)) {
    if (isAlive(other)) return other;
    const output = { error: "interrupted: the process that ran this job is gone; run the sync again" };
    await trx
      .updateTable("job")
      .set({ state: "failed", ended_at: at, output: JSON.stringify(output) })
      .where("id", "=", other.id)
      .execute();
  }
  await trx.updateTable("job").set({ state: "active", heartbeat_at: at }).where("id", "=", job.id).execute();
  return undefined;
}

async function countObjects(row: Promise<{ objects: number }>): Promise<number> {
  return Number((await row).objects);
}

async function inChunks<T, R>(values: readonly T[], query: (some: T[]) => Promise<R[]>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < values.length; from += KEYS_PER_QUERY) {
    results.push(...(await query(values.slice(from, from + KEYS_PER_QUERY))));
  }
  return results;
}
