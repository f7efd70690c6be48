import { existsSync } from "node:fs";
import type { IdentityStore } from "../../model/identity-store";
import { toPathKey, type PathKey } from "../../model/path-key";
import type { SettingsPatch } from "../../model/settings";
import type { SettingNote, Store } from "../../model/store";
import * as activity from "../queries/activity";
import * as apiKeys from "../queries/api-keys";
import * as browsing from "../queries/browsing";
import * as changes from "../queries/changes";
import * as connections from "../queries/connections";
import type { Db, Trx } from "../queries/database";
import * as identity from "../queries/identity";
import * as jobs from "../queries/jobs";
import * as integrations from "../queries/legacy-integrations";
import * as legacy from "../queries/legacy-sources";
import * as upgrade from "../queries/legacy-upgrade";
import * as lineage from "../queries/lineage";
import * as objects from "../queries/objects";
import * as overrides from "../queries/overrides";
import * as queries from "../queries/queries";
import * as tags from "../queries/tags";
import { codeOf, openForReading, openForWriting, storeError, type OpenFile } from "./open-file";
import { sharedCommit } from "./shared-commit";
import { openStage } from "./stage";
import { openTagStage } from "./tag-stage";
import type { RawAccess } from "./temporary-table";

const STREAM_BATCH = 1_000;

/**
 * The embedded store: one SQLite file in WAL mode. It is opened when first used, for reading as long as nothing is
 * written, so that whoever only reads leaves no trace, and a file that does not exist reads as an empty store.
 */
export function openSqliteStore(file: string): Store & IdentityStore {
  let reader: Promise<OpenFile> | undefined;
  let readerIsEmpty = false;
  let writer: Promise<OpenFile> | undefined;

  function forReading(): Promise<OpenFile> {
    if (writer !== undefined) return writer;
    if (readerIsEmpty && existsSync(file)) reader = undefined;
    if (reader === undefined) {
      readerIsEmpty = false;
      const opening = openForReading(file).then((open) => {
        readerIsEmpty = open.isPlaceholder;
        return open;
      });
      reader = forgetOnFailure(opening, () => (reader = undefined));
    }
    return reader;
  }

  function forWriting(): Promise<OpenFile> {
    return (writer ??= forgetOnFailure(openForWriting(file), () => (writer = undefined)));
  }

  const guard = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(storeError(file, error)));
  const read = async <T>(work: (db: Db) => Promise<T>): Promise<T> => guard(work((await forReading()).db));
  const write = async <T>(work: (trx: Trx) => Promise<T>): Promise<T> => {
    const open = await forWriting();
    return guardWriter(open, open.db.transaction().execute(work));
  };

  /** SQLite fails every later statement of a connection whose temporary file could not be written. */
  function guardWriter<T>(open: OpenFile, work: Promise<T>): Promise<T> {
    return guard(
      work.catch((error: unknown) => {
        if (codeOf(error) === "SQLITE_IOERR" && open.raw.open) {
          writer = undefined;
          open.raw.close();
        }
        throw error;
      }),
    );
  }

  const rawAccess = async (): Promise<RawAccess> => {
    const open = await forWriting();
    const { db, raw } = open;
    return {
      isOpen: () => raw.open,
      exclusive: (work) =>
        guardWriter(
          open,
          db.connection().execute(async () => work(raw)),
        ),
      transaction: (work) =>
        guardWriter(
          open,
          db.transaction().execute(async () => work(raw)),
        ),
    };
  };

  const mergeOverrides = sharedCommit(
    write<void>,
    (trx, { key, patch, note }: { key: PathKey; patch: SettingsPatch; note: SettingNote | undefined }) =>
      overrides.mergeOverrides(trx, key, patch, note),
  );

  return {
    insertConnection: (row, identities, settings) => write((trx) => connections.insertConnection(trx, row, identities, settings)),
    getConnection: (connectionKey) => read((db) => connections.getConnection(db, connectionKey)),
    updateConnection: (connectionKey, change, identities) =>
      write((trx) => connections.updateConnection(trx, connectionKey, change, identities)),
    rewriteSecrets: (rewrite) => write((trx) => connections.rewriteSecrets(trx, rewrite)),
    setLastSync: (connection, lastSync) => write((trx) => connections.setLastSync(trx, connection, lastSync)),

    getObjects: (keys) => read((db) => objects.getObjects(db, keys)),
    getColumns: (keys) => read((db) => objects.getColumns(db, keys)),
    listChildren: (parent, query) => read((db) => objects.listChildren(db, parent, query)),
    countByDepth: (key) => read((db) => objects.countByDepth(db, key)),
    countTables: (ranges) => read((db) => objects.countTables(db, ranges)),
    listObjects: (key, after, limit) => read((db) => objects.listObjects(db, key, after, limit)),
    listTables: (range, after, limit) => read((db) => objects.listTables(db, range, after, limit)),
    countMissing: (key) => read((db) => objects.countMissing(db, key)),
    deleteSubtree: (key) => write((trx) => objects.deleteSubtree(trx, key)),

    streamObjects: (key) =>
      pages(
        (after: PathKey | undefined) => read((db) => objects.objectsPage(db, key, after, STREAM_BATCH)),
        (row) => row.key,
      ),

    getOverrides: (keys) => read((db) => overrides.getOverrides(db, keys)),
    listOverrides: (key) => read((db) => overrides.listOverrides(db, key)),
    overriddenBeneath: (key) => read((db) => overrides.overriddenBeneath(db, key)),
    mergeOverrides: (key, patch, note) => mergeOverrides({ key, patch, note }),
    mergeManyOverrides: (patches, note) => write((trx) => overrides.mergeManyOverrides(trx, patches, note)),
    listSettingChanges: (key) => read((db) => overrides.listSettingChanges(db, key)),

    findRows: (range, after, filter, limit, scan) => read((db) => browsing.findRows(db, range, after, filter, limit, scan)),
    countBefore: (key) => read((db) => browsing.countBefore(db, key)),
    countInRanges: (ranges) => read((db) => browsing.countInRanges(db, ranges)),
    getTags: (keys) => read((db) => browsing.getTags(db, keys)),
    namePrincipals: (principals) => read((db) => identity.namePrincipals(db, principals)),
    listRoles: (principals) => read((db) => overrides.listRoles(db, principals)),
    listSettingsLog: (keys, limit) => read((db) => changes.listSettingsLog(db, keys, limit)),
    recordSync: (connection, record, forgetBefore) => write((trx) => changes.recordSync(trx, connection, record, forgetBefore)),
    listSyncRecords: (connectionKey) => read((db) => changes.listSyncRecords(db, connectionKey)),

    openStage: async () => openStage(await rawAccess()),

    openTagStage: async () => openTagStage(await rawAccess()),
    putLineage: (connection, edges) => write((trx) => lineage.putLineage(trx, connection, edges)),
    deleteDependenciesBefore: (connection, at) => write((trx) => lineage.deleteDependenciesBefore(trx, connection, at)),
    putQueries: (connection, rows) => write((trx) => queries.putQueries(trx, connection, rows)),
    getWatermark: (connectionKey, feed) => read((db) => activity.getWatermark(db, connectionKey, feed)),
    setWatermark: (connection, feed, at) => write((trx) => activity.setWatermark(trx, connection, feed, at)),
    deleteActivityBefore: (connectionKey, at, statements) =>
      write((trx) => activity.deleteActivityBefore(trx, connectionKey, at, statements)),
    listTags: (key, after, limit) => read((db) => tags.listTags(db, key, after, limit)),
    listLineage: (key, side, after, limit) => read((db) => lineage.listLineage(db, key, side, after, limit)),
    listQueries: (key, range) => read((db) => queries.listQueries(db, key, range)),

    listLegacyHosts: () => read((db) => legacy.listLegacyHosts(db)),
    getLegacyHost: (hostKey) => read((db) => legacy.getLegacyHost(db, hostKey)),
    changeLegacy: (change) => write((trx) => legacy.changeLegacy(trx, change)),
    getLegacyRegistration: (id) => read((db) => legacy.getLegacyRegistration(db, id)),
    streamLegacyRegistrations: (hostKey) =>
      pages(
        (after: number | undefined) => read((db) => legacy.legacyRegistrationsPage(db, hostKey, after, STREAM_BATCH)),
        ({ id }) => id,
      ),
    listLegacySources: (query) => read((db) => legacy.listLegacySources(db, query)),
    countLegacySources: (query) => read((db) => legacy.countLegacySources(db, query)),
    streamLegacySources: (hostKey) =>
      pages(
        (after: PathKey | undefined) => read((db) => legacy.legacySourcesPage(db, hostKey, after, STREAM_BATCH)),
        (source) => toPathKey([source.hostKey, source.database, source.schema, source.table]),
      ),
    setLegacyEnabled: (ids, isEnabled) => write((trx) => legacy.setLegacyEnabled(trx, ids, isEnabled)),
    deleteLegacySources: (ids) => write((trx) => legacy.deleteLegacySources(trx, ids)),
    listMonitored: (hostKey) => read((db) => legacy.listMonitored(db, hostKey)),
    insertLegacyIntegration: (integration) => write((trx) => integrations.insertLegacyIntegration(trx, integration)),
    listLegacyIntegrations: () => read((db) => integrations.listLegacyIntegrations(db)),
    deleteLegacyIntegration: (id) => write((trx) => integrations.deleteLegacyIntegration(trx, id)),
    findObject: (id) => read((db) => upgrade.findObject(db, id)),
    findPrincipals: (type, names) => read((db) => upgrade.findPrincipals(db, type, names)),
    beginUpgrade: (row, identities, settings, hostKey) => write((trx) => upgrade.beginUpgrade(trx, row, identities, settings, hostKey)),
    adopt: (connection, adoption) => write((trx) => upgrade.adopt(trx, connection, adoption)),
    discardLegacySources: (connection, ids) => write((trx) => upgrade.discardLegacySources(trx, connection, ids)),
    setUpgradeReasons: (reasons) => write((trx) => upgrade.setUpgradeReasons(trx, reasons)),
    setUpgraded: (connection) => write((trx) => upgrade.setUpgraded(trx, connection)),

    insertJob: (job) => write((trx) => jobs.insertJob(trx, job)),
    activateJob: (job, at, isAlive) => write((trx) => jobs.activateJob(trx, job, at, isAlive)),
    updateJob: (id, change) => write((trx) => jobs.updateJob(trx, id, change)),
    getJobs: (bulkId) => read((db) => jobs.getJobs(db, bulkId)),
    getJobsById: (ids) => read((db) => jobs.getJobsById(db, ids)),
    searchJobs: (range, offset, limit) => read((db) => jobs.searchJobs(db, range, offset, limit)),
    countJobs: (range) => read((db) => jobs.countJobs(db, range)),
    deleteJobsBefore: (at) => write((trx) => jobs.deleteJobsBefore(trx, at)),

    listUsers: () => read((db) => identity.listUsers(db)),
    getUser: (name) => read((db) => identity.getUser(db, name)),
    insertUser: (user) => write((trx) => identity.insertUser(trx, user)),
    insertFirstUser: (user, key) => write((trx) => apiKeys.insertFirstUser(trx, user, key)),
    updateUser: (name, change) => write((trx) => identity.updateUser(trx, name, change)),
    deleteUser: (name) => write((trx) => identity.deleteUser(trx, name)),
    listGroups: () => read((db) => identity.listGroups(db)),
    insertGroup: (name) => write((trx) => identity.insertGroup(trx, name)),
    deleteGroup: (name) => write((trx) => identity.deleteGroup(trx, name)),
    insertKey: (userId, key) => write((trx) => apiKeys.insertKey(trx, userId, key)),
    replaceEnvironmentKey: (userId, key, at) => write((trx) => apiKeys.replaceEnvironmentKey(trx, userId, key, at)),
    findKey: (lookup) => read((db) => apiKeys.findKey(db, lookup)),
    listKeys: () => read((db) => apiKeys.listKeys(db)),
    revokeKey: (id, at) => write((trx) => apiKeys.revokeKey(trx, id, at)),
    setKeyUsed: (id, at) => write((trx) => apiKeys.setKeyUsed(trx, id, at)),

    async close() {
      const opened = await Promise.allSettled([reader, writer]);
      reader = writer = undefined;
      for (const result of opened) {
        if (result.status === "fulfilled") result.value?.close();
      }
    },
  };
}

function forgetOnFailure<T>(opening: Promise<T>, forget: () => void): Promise<T> {
  opening.catch(forget);
  return opening;
}

/** Batches in the order of a key, each read when it is asked for. */
async function* pages<T, Key>(readPage: (after: Key | undefined) => Promise<T[]>, keyOf: (row: T) => Key): AsyncGenerator<T[]> {
  let after: Key | undefined;
  for (;;) {
    const batch = await readPage(after);
    const last = batch[batch.length - 1];
    if (last !== undefined) yield batch;
    if (last === undefined || batch.length < STREAM_BATCH) return;
    after = keyOf(last);
  }
}
