import type { IdentityStore } from "../model/identity-store";
import { fromPathKey, toPathKey, type PathKey } from "../model/path-key";
import type { Store } from "../model/store";
import * as activity from "./queries/activity";
import * as apiKeys from "./queries/api-keys";
import * as browsing from "./queries/browsing";
import * as changes from "./queries/changes";
import * as connections from "./queries/connections";
import { declareSettings } from "./queries/declare-settings";
import { listChangedSince } from "./queries/declared";
import type { Db, Trx } from "./queries/database";
import * as identity from "./queries/identity";
import * as jobs from "./queries/jobs";
import * as integrations from "./queries/legacy-integrations";
import * as legacy from "./queries/legacy-sources";
import * as upgrade from "./queries/legacy-upgrade";
import * as lineage from "./queries/lineage";
import * as objects from "./queries/objects";
import * as overrides from "./queries/overrides";
import * as queries from "./queries/queries";
import * as syncParts from "./queries/sync-parts";
import * as tags from "./queries/tags";

const STREAM_BATCH = 1_000;

/** How a backend runs the statements that all of them share. */
export interface Access {
  readonly read: <T>(work: (db: Db) => Promise<T>) => Promise<T>;
  /**
   * All of the work in one transaction, as if nothing else were written meanwhile. It may run again, also when it is not known whether
   * it was committed: done twice, it must leave and return the same.
   */
  readonly write: <T>(work: (trx: Trx) => Promise<T>) => Promise<T>;
  /** The same for work that must not be done twice: where it is not known whether it was committed, it fails. */
  readonly writeOnce: <T>(work: (trx: Trx) => Promise<T>) => Promise<T>;
  /** As `write`, for much at once, on one connection only: at the side of others of its kind, or alone. */
  readonly writeMuch: <T>(connectionKey: string, beside: "others" | "nobody", work: (trx: Trx) => Promise<T>) => Promise<T>;
}

/** What every backend does in the same way; stages and the end of a store are its own. */
export type SharedMethods = Omit<Store & IdentityStore, "openStage" | "openTagStage" | "close">;

export function sharedMethods({ read, write, writeOnce, writeMuch }: Access): SharedMethods {
  return {
    insertConnection: (row, identities, settings) => writeOnce((trx) => connections.insertConnection(trx, row, identities, settings)),
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
    deleteSubtree: (key) => writeMuch(fromPathKey(key)[0]!, "nobody", (trx) => objects.deleteSubtree(trx, key)),

    streamObjects: (key) =>
      pages(
        (after: PathKey | undefined) => read((db) => objects.objectsPage(db, key, after, STREAM_BATCH)),
        (row) => row.key,
      ),

    getOverrides: (keys) => read((db) => overrides.getOverrides(db, keys)),
    listOverrides: (key) => read((db) => overrides.listOverrides(db, key)),
    overriddenBeneath: (key) => read((db) => overrides.overriddenBeneath(db, key)),
    mergeOverrides: (key, patch, note) => write((trx) => overrides.mergeOverrides(trx, key, patch, note)),
    mergeManyOverrides: (patches, note) => write((trx) => overrides.mergeManyOverrides(trx, patches, note)),
    listSettingChanges: (key) => read((db) => overrides.listSettingChanges(db, key)),

    findRows: (range, after, filter, limit, scan) => read((db) => browsing.findRows(db, range, after, filter, limit, scan)),
    countBefore: (key) => read((db) => browsing.countBefore(db, key)),
    countInRanges: (ranges) => read((db) => browsing.countInRanges(db, ranges)),
    getTags: (keys) => read((db) => browsing.getTags(db, keys)),
    namePrincipals: (principals) => read((db) => identity.namePrincipals(db, principals)),
    listRoles: (principals) => read((db) => overrides.listRoles(db, principals)),
    declareSettings: (key, settings, note) => write((trx) => declareSettings(trx, key, settings, note)),
    listChangedSince: (key, limit) => read((db) => listChangedSince(db, key, limit)),
    listSettingsLog: (keys, limit) => read((db) => changes.listSettingsLog(db, keys, limit)),
    recordSync: (connection, record, forgetBefore) => write((trx) => changes.recordSync(trx, connection, record, forgetBefore)),
    listSyncRecords: (connectionKey) => read((db) => changes.listSyncRecords(db, connectionKey)),

    putLineage: (connection, edges) => writeMuch(connection.connectionKey, "others", (trx) => lineage.putLineage(trx, connection, edges)),
    deleteDependenciesBefore: (connection, at) =>
      writeMuch(connection.connectionKey, "others", (trx) => lineage.deleteDependenciesBefore(trx, connection, at)),
    putQueries: (connection, rows) => writeMuch(connection.connectionKey, "others", (trx) => queries.putQueries(trx, connection, rows)),
    getWatermark: (connectionKey, feed) => read((db) => activity.getWatermark(db, connectionKey, feed)),
    setWatermark: (connection, feed, at) =>
      writeMuch(connection.connectionKey, "others", (trx) => activity.setWatermark(trx, connection, feed, at)),
    deleteActivityBefore: (connectionKey, at, statements) =>
      writeMuch(connectionKey, "others", (trx) => activity.deleteActivityBefore(trx, connectionKey, at, statements)),
    listTags: (key, after, limit) => read((db) => tags.listTags(db, key, after, limit)),
    listLineage: (key, side, after, limit) => read((db) => lineage.listLineage(db, key, side, after, limit)),
    listQueries: (key, range) => read((db) => queries.listQueries(db, key, range)),

    listLegacyHosts: () => read((db) => legacy.listLegacyHosts(db)),
    getLegacyHost: (hostKey) => read((db) => legacy.getLegacyHost(db, hostKey)),
    changeLegacy: (change) => writeOnce((trx) => legacy.changeLegacy(trx, change)),
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
    insertLegacyIntegration: (integration) => writeOnce((trx) => integrations.insertLegacyIntegration(trx, integration)),
    listLegacyIntegrations: () => read((db) => integrations.listLegacyIntegrations(db)),
    deleteLegacyIntegration: (id) => writeOnce((trx) => integrations.deleteLegacyIntegration(trx, id)),
    findObject: (id) => read((db) => upgrade.findObject(db, id)),
    findPrincipals: (type, names) => read((db) => upgrade.findPrincipals(db, type, names)),
    beginUpgrade: (row, identities, settings, hostKey) => writeOnce((trx) => upgrade.beginUpgrade(trx, row, identities, settings, hostKey)),
    adopt: (connection, adoption) => write((trx) => upgrade.adopt(trx, connection, adoption)),
    discardLegacySources: (connection, ids) => writeOnce((trx) => upgrade.discardLegacySources(trx, connection, ids)),
    setUpgradeReasons: (reasons) => write((trx) => upgrade.setUpgradeReasons(trx, reasons)),
    setUpgraded: (connection) => write((trx) => upgrade.setUpgraded(trx, connection)),

    insertSyncParts: (jobId, parts) => write((trx) => syncParts.insertSyncParts(trx, jobId, parts)),
    getSyncParts: (jobId) => read((db) => syncParts.getSyncParts(db, jobId)),
    getSyncPart: (jobId, key) => read((db) => syncParts.getSyncPart(db, jobId, key)),
    reportSyncPart: (jobId, key, done) => write((trx) => syncParts.reportSyncPart(trx, jobId, key, done)),
    finishSyncPart: (part) => write(async (trx) => void (await syncParts.finishSyncPart(trx, part))),
    deleteSyncParts: (jobId) => write((trx) => syncParts.deleteSyncParts(trx, jobId)),

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
    insertUser: (user) => writeOnce((trx) => identity.insertUser(trx, user)),
    insertFirstUser: (user, key) => writeOnce((trx) => apiKeys.insertFirstUser(trx, user, key)),
    updateUser: (name, change) => write((trx) => identity.updateUser(trx, name, change)),
    deleteUser: (name) => writeOnce((trx) => identity.deleteUser(trx, name)),
    listGroups: () => read((db) => identity.listGroups(db)),
    insertGroup: (name) => writeOnce((trx) => identity.insertGroup(trx, name)),
    deleteGroup: (name) => writeOnce((trx) => identity.deleteGroup(trx, name)),
    insertKey: (userId, key) => writeOnce((trx) => apiKeys.insertKey(trx, userId, key)),
    replaceEnvironmentKey: (userId, key, at) => write((trx) => apiKeys.replaceEnvironmentKey(trx, userId, key, at)),
    findKey: (lookup) => read((db) => apiKeys.findKey(db, lookup)),
    listKeys: () => read((db) => apiKeys.listKeys(db)),
    revokeKey: (id, at) => write((trx) => apiKeys.revokeKey(trx, id, at)),
    setKeyUsed: (id, at) => write((trx) => apiKeys.setKeyUsed(trx, id, at)),
  };
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
