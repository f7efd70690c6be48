import { createHash } from "node:crypto";
import type { SyncRecord } from "../../model/browsing";
import type { SettingsChange } from "../../model/browsing-store";
import { descendantRange, fromPathKey, toPathKey, type PathKey } from "../../model/path-key";
import type { SettingsPatch } from "../../model/settings";
import type { Registered, SettingNote } from "../../model/store";
import { inChunks, type Db, type Trx } from "./database";
import { ifRegistered } from "./recorded";

/** Writes down that somebody changed settings; nothing where the change was empty, and one that is written again once. */
export async function logSettings(trx: Trx, key: PathKey, patch: SettingsPatch, { at, by }: SettingNote): Promise<void> {
  if (Object.values(patch).every((value) => value === undefined)) return;
  const settings = JSON.stringify(patch);
  const id = createHash("sha256")
    .update(JSON.stringify([by, settings]))
    .digest("base64url");
  await trx
    .insertInto("settings_log")
    .values({ path_key: key, changed_at: at, change_id: id, changed_by: by, settings })
    .onConflict((conflict) => conflict.columns(["path_key", "changed_at", "change_id"]).doNothing())
    .execute();
}

export async function listSettingsLog(db: Db, keys: readonly PathKey[], limit: number): Promise<SettingsChange[]> {
  const rows = await inChunks(keys, (some) =>
    db.selectFrom("settings_log").selectAll().where("path_key", "in", some).orderBy("changed_at", "desc").limit(limit).execute(),
  );
  return rows.map((row) => ({
    key: row.path_key,
    at: row.changed_at,
    by: row.changed_by,
    settings: JSON.parse(row.settings) as SettingsPatch,
  }));
}

export async function recordSync(trx: Trx, connection: Registered, record: SyncRecord, forgetBefore: string): Promise<void> {
  const { connectionKey } = connection;
  await ifRegistered(trx, connection, async () => {
    await trx
      .insertInto("sync_record")
      .values({ connection_key: connectionKey, ended_at: record.at, record: JSON.stringify(record) })
      .onConflict((conflict) => conflict.columns(["connection_key", "ended_at"]).doNothing())
      .execute();
    await trx.deleteFrom("sync_record").where("connection_key", "=", connectionKey).where("ended_at", "<", forgetBefore).execute();
    await changesOf(trx, toPathKey([connectionKey]))
      .where("changed_at", "<", forgetBefore)
      .execute();
  });
}

export async function listSyncRecords(db: Db, connectionKey: string): Promise<SyncRecord[]> {
  const rows = await db
    .selectFrom("sync_record")
    .select("record")
    .where("connection_key", "=", connectionKey)
    .orderBy("ended_at")
    .execute();
  return rows.map((row) => JSON.parse(row.record) as SyncRecord);
}

export async function deleteChangesOf(trx: Trx, key: PathKey): Promise<void> {
  await changesOf(trx, key).execute();
  const [connectionKey, ...beneath] = fromPathKey(key);
  if (connectionKey === undefined || beneath.length > 0) return;
  await trx.deleteFrom("sync_record").where("connection_key", "=", connectionKey).execute();
}

function changesOf(trx: Trx, key: PathKey) {
  return trx.deleteFrom("settings_log").where("path_key", ">=", key).where("path_key", "<", descendantRange(key).before);
}
