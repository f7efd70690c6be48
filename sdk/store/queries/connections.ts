import { createHash } from "node:crypto";
import { compareBytes, toPathKey } from "../../model/path-key";
import type { LastSync } from "../../model/registration";
import type { SettingsPatch } from "../../model/settings";
import type { ConnectionRow, IdentityTaken, Registered } from "../../model/store";
import { connectionInsert, connectionRow } from "../rows";
import type { Db, Trx } from "./database";
import { mergeOverrides } from "./overrides";
import { logSettings } from "./changes";

export async function insertConnection(
  trx: Trx,
  row: ConnectionRow,
  identities: readonly string[],
  settings: SettingsPatch,
): Promise<{ inserted: true } | { inserted: false; taken: IdentityTaken | undefined }> {
  if (await getConnection(trx, row.connectionKey)) return { inserted: false, taken: undefined };
  const taken = await findIdentity(trx, row.connectionKey, identities);
  if (taken !== undefined) return { inserted: false, taken };
  const key = toPathKey([row.connectionKey]);
  await trx.insertInto("connection").values(connectionInsert(row)).execute();
  await insertIdentities(trx, row.connectionKey, identities);
  await trx.insertInto("object").values({ path_key: key, depth: 1, object_type: "connection", fingerprint: "" }).execute();
  await mergeOverrides(trx, key, settings);
  await logSettings(trx, key, settings, { at: row.createdAt, by: row.creator.name });
  return { inserted: true };
}

export async function updateConnection(
  trx: Trx,
  connectionKey: string,
  change: Pick<ConnectionRow, "secretDetails" | "updatedAt" | "updater">,
  identities: readonly string[],
): Promise<{ updated: true } | { updated: false; taken: IdentityTaken }> {
  const taken = await findIdentity(trx, connectionKey, identities);
  if (taken !== undefined) return { updated: false, taken };
  await trx
    .updateTable("connection")
    .set({ secret_details: change.secretDetails, updated_at: change.updatedAt, updater: JSON.stringify(change.updater) })
    .where("connection_key", "=", connectionKey)
    .execute();
  await trx.deleteFrom("connection_identity").where("connection_key", "=", connectionKey).execute();
  await insertIdentities(trx, connectionKey, identities);
  return { updated: true };
}

export async function getConnection(db: Db, connectionKey: string): Promise<ConnectionRow | undefined> {
  const row = await db.selectFrom("connection").selectAll().where("connection_key", "=", connectionKey).executeTakeFirst();
  return row && connectionRow(row);
}

export async function rewriteSecrets(trx: Trx, rewrite: (secretDetails: string) => string): Promise<number> {
  const rows = await trx.selectFrom("connection").select(["connection_key", "secret_details"]).execute();
  for (const row of rows) {
    await trx
      .updateTable("connection")
      .set({ secret_details: rewrite(row.secret_details) })
      .where("connection_key", "=", row.connection_key)
      .execute();
  }
  for (const { registration_id: id, secret_payload: payload } of await trx
    .selectFrom("legacy_registration")
    .select(["registration_id", "secret_payload"])
    .execute()) {
    await trx
      .updateTable("legacy_registration")
      .set({ secret_payload: rewrite(payload) })
      .where("registration_id", "=", id)
      .execute();
  }
  for (const { integration_id: id, secret_config: config } of await trx
    .selectFrom("legacy_integration")
    .select(["integration_id", "secret_config"])
    .execute()) {
    await trx
      .updateTable("legacy_integration")
      .set({ secret_config: rewrite(config) })
      .where("integration_id", "=", id)
      .execute();
  }
  return rows.length;
}

export async function setLastSync(trx: Trx, { connectionKey, createdAt }: Registered, lastSync: LastSync): Promise<void> {
  await trx
    .updateTable("connection")
    .set({ last_sync: JSON.stringify(lastSync) })
    .where("connection_key", "=", connectionKey)
    .where("created_at", "=", createdAt)
    .execute();
}

export async function deleteConnection(trx: Trx, connectionKey: string): Promise<void> {
  await trx.deleteFrom("connection").where("connection_key", "=", connectionKey).execute();
  await trx.deleteFrom("connection_identity").where("connection_key", "=", connectionKey).execute();
}

async function findIdentity(db: Db, connectionKey: string, identities: readonly string[]): Promise<IdentityTaken | undefined> {
  const byHash = new Map(identities.map((identity) => [hashOf(identity), identity]));
  const rows = await db
    .selectFrom("connection_identity")
    .selectAll()
    .where("identity", "in", [...byHash.keys()])
    .where("connection_key", "!=", connectionKey)
    .execute();
  const taken = rows.map((row) => ({ identity: byHash.get(row.identity)!, takenBy: row.connection_key }));
  return taken.sort((a, b) => compareBytes(a.identity, b.identity))[0];
}

async function insertIdentities(trx: Trx, connectionKey: string, identities: readonly string[]): Promise<void> {
  const rows = [...new Set(identities)].map((identity) => ({ identity: hashOf(identity), connection_key: connectionKey }));
  if (rows.length > 0) await trx.insertInto("connection_identity").values(rows).execute();
}

/** An identity may hold what a program keeps secret (the place of a file); to compare it, its hash is enough. */
function hashOf(identity: string): string {
  return createHash("sha256").update(identity).digest("base64");
}
