import { LEGACY_TAG_SOURCE, type RegisteredTags } from "../../model/legacy-data-source";
import type { Adoption } from "../../model/legacy-store";
import { descendantRange, depthOf, type PathKey } from "../../model/path-key";
import type { SettingsPatch } from "../../model/settings";
import type { ConnectionRow, IdentityTaken, Registered } from "../../model/store";
import { insertConnection } from "./connections";
import { ROWS_PER_INSERT, eachChunk, inChunks, type Db, type Trx } from "./database";
import { containerKey } from "./legacy-rows";
import { removeSources } from "./legacy-sources";
import { mergeOverrides } from "./overrides";
import { ifRegistered } from "./recorded";

export async function beginUpgrade(
  trx: Trx,
  row: ConnectionRow,
  identities: readonly string[],
  settings: SettingsPatch,
  hostKey: string,
): Promise<{ inserted: true } | { inserted: false; taken: IdentityTaken | undefined }> {
  const host = await trx.selectFrom("legacy_host").select("connection_key").where("host_key", "=", hostKey).executeTakeFirst();
  if (host === undefined || host.connection_key !== null) return { inserted: false, taken: undefined };
  const result = await insertConnection(trx, row, identities, settings);
  if (result.inserted) {
    await trx
      .updateTable("legacy_host")
      .set({ connection_key: row.connectionKey, is_upgraded: 0 })
      .where("host_key", "=", hostKey)
      .execute();
  }
  return result;
}

export async function adopt(trx: Trx, connection: Registered, { sources, container }: Adoption): Promise<boolean> {
  const done = await ifRegistered(trx, connection, async () => {
    for (const { id, key, settings } of sources) {
      await trx.updateTable("object").set({ object_id: id }).where("path_key", "=", key).execute();
      await mergeOverrides(trx, key, settings);
      await trx.updateTable("legacy_source").set({ upgraded_to: key, reason: null }).where("source_id", "=", id).execute();
    }
    await eachChunk(
      sources.flatMap(({ key, tags }) => tagRows(key, tags)),
      ROWS_PER_INSERT,
      (rows) =>
        trx
          .insertInto("tag")
          .values(rows)
          .onConflict((conflict) => conflict.columns(["path_key", "column_name", "name", "source"]).doNothing())
          .execute(),
    );
    if (container !== undefined) {
      await mergeOverrides(trx, container.key, { isActive: true, activateNewChildren: true });
      await trx
        .updateTable("legacy_monitored")
        .set({ is_applied: 1 })
        .where("host_key", "=", trx.selectFrom("legacy_host").select("host_key").where("connection_key", "=", connection.connectionKey))
        .where("container_key", "=", containerKey(container.monitored))
        .execute();
    }
    return true;
  });
  return done ?? false;
}

export async function discardLegacySources(trx: Trx, connection: Registered, ids: readonly number[]): Promise<number> {
  const discarded = await ifRegistered(trx, connection, async () => {
    const rows = await inChunks(ids, (some) =>
      trx
        .selectFrom("legacy_source as s")
        .innerJoin("legacy_host as h", "h.host_key", "s.host_key")
        .select("s.source_id")
        .where("h.connection_key", "=", connection.connectionKey)
        .where("s.source_id", "in", some)
        .where("s.upgraded_to", "is", null)
        .execute(),
    );
    return removeSources(
      trx,
      rows.map((row) => row.source_id),
    );
  });
  return discarded ?? 0;
}

export async function setUpgradeReasons(trx: Trx, reasons: readonly { readonly id: number; readonly reason: string }[]): Promise<void> {
  for (const { id, reason } of reasons) {
    await trx.updateTable("legacy_source").set({ reason }).where("source_id", "=", id).where("upgraded_to", "is", null).execute();
  }
}

export async function setUpgraded(trx: Trx, connection: Registered): Promise<void> {
  await ifRegistered(trx, connection, async () => {
    await trx.updateTable("legacy_host").set({ is_upgraded: 1 }).where("connection_key", "=", connection.connectionKey).execute();
  });
}

/** With the objects go the data sources that became them; with a connection, its host is as before the upgrade. */
export async function deleteUpgradedOf(trx: Trx, key: PathKey, connectionKey: string): Promise<void> {
  await trx.deleteFrom("legacy_source").where("upgraded_to", ">=", key).where("upgraded_to", "<", descendantRange(key).before).execute();
  if (depthOf(key) > 1) return;
  const host = await trx.selectFrom("legacy_host").select("host_key").where("connection_key", "=", connectionKey).executeTakeFirst();
  if (host === undefined) return;
  const { host_key: hostKey } = host;
  await trx.updateTable("legacy_host").set({ connection_key: null, is_upgraded: 0 }).where("host_key", "=", hostKey).execute();
  await trx.updateTable("legacy_monitored").set({ is_applied: 0 }).where("host_key", "=", hostKey).execute();
}

export async function findObject(db: Db, id: number): Promise<PathKey | undefined> {
  return (await db.selectFrom("object").select("path_key").where("object_id", "=", id).executeTakeFirst())?.path_key;
}

export async function findPrincipals(db: Db, type: "user" | "group", names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await inChunks(names, (some) =>
    type === "user"
      ? db.selectFrom("identity_user").select(["user_id as id", "name"]).where("name", "in", some).execute()
      : db.selectFrom("identity_group").select(["group_id as id", "name"]).where("name", "in", some).execute(),
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}

function tagRows(key: PathKey, { table, columns }: RegisteredTags) {
  const own = table.map((name) => ({ column: "", name }));
  const beneath = columns.flatMap(({ column, tags }) => tags.map((name) => ({ column, name })));
  const rows = [...own, ...beneath].map(({ column, name }) => ({
    path_key: key,
    column_name: column,
    name,
    source: LEGACY_TAG_SOURCE,
    value: "",
  }));
  return [...new Map(rows.map((row) => [`${row.column_name}\u0000${row.name}`, row])).values()];
}
