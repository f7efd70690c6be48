import type { Selectable } from "kysely";
import type { User } from "../../model/identity";
import type { ApiKeyRow, KeyLookup, NewApiKey, UserRecord } from "../../model/identity-store";
import type { ApiKeyTable } from "../schema";
import type { Db, Trx } from "./database";
import { getUserById, insertUser } from "./identity";

export async function insertFirstUser(
  trx: Trx,
  record: UserRecord,
  key: NewApiKey,
): Promise<{ readonly user: User; readonly keyId: number } | undefined> {
  if ((await trx.selectFrom("identity_user").select("user_id").limit(1).executeTakeFirst()) !== undefined) return undefined;
  const user = await insertUser(trx, record);
  if ("conflict" in user) return undefined;
  return { user, keyId: await insertRow(trx, user.id, key) };
}

export async function insertKey(trx: Trx, userId: number, key: NewApiKey): Promise<number | undefined> {
  return (await getUserById(trx, userId)) === undefined ? undefined : insertRow(trx, userId, key);
}

export async function replaceEnvironmentKey(trx: Trx, userId: number, key: NewApiKey, at: string): Promise<void> {
  const fromEnvironment = keys(trx).where("k.is_from_environment", "=", 1);
  if ((await fromEnvironment.where("k.secret_hash", "=", hashText(key)).executeTakeFirst()) !== undefined) return;
  await trx.updateTable("api_key").set({ revoked_at: at }).where("is_from_environment", "=", 1).where("revoked_at", "is", null).execute();
  await insertKey(trx, userId, key);
}

export async function findKey(db: Db, lookup: KeyLookup): Promise<{ readonly key: ApiKeyRow; readonly user: User } | undefined> {
  const found =
    lookup === "environment"
      ? keys(db).where("k.is_from_environment", "=", 1).orderBy("k.key_id", "desc").limit(1)
      : keys(db).where("k.key_id", "=", lookup);
  const row = await found.executeTakeFirst();
  const user = row && (await getUserById(db, row.user_id));
  return user && { key: keyRow(row), user };
}

export async function listKeys(db: Db): Promise<ApiKeyRow[]> {
  return (await keys(db).orderBy("k.key_id").execute()).map(keyRow);
}

export async function revokeKey(trx: Trx, id: number, at: string): Promise<boolean> {
  if ((await keys(trx).where("k.key_id", "=", id).executeTakeFirst()) === undefined) return false;
  await trx.updateTable("api_key").set({ revoked_at: at }).where("key_id", "=", id).where("revoked_at", "is", null).execute();
  return true;
}

export async function setKeyUsed(trx: Trx, id: number, at: string): Promise<void> {
  await trx
    .updateTable("api_key")
    .set({ last_used_at: at })
    .where("key_id", "=", id)
    .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<", at)]))
    .execute();
}

function keys(db: Db) {
  return db
    .selectFrom("api_key as k")
    .innerJoin("identity_user as u", "u.user_id", "k.user_id")
    .selectAll("k")
    .select("u.name as user_name");
}

async function insertRow(trx: Trx, userId: number, key: NewApiKey): Promise<number> {
  const { key_id: id } = await trx
    .insertInto("api_key")
    .values({
      user_id: userId,
      name: key.name,
      secret_hash: hashText(key),
      is_from_environment: Number(key.isFromEnvironment),
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    })
    .returning("key_id")
    .executeTakeFirstOrThrow();
  return id;
}

function keyRow(row: Selectable<ApiKeyTable> & { readonly user_name: string }): ApiKeyRow {
  return {
    id: row.key_id,
    user: { id: row.user_id, name: row.user_name },
    name: row.name,
    secretHash: Buffer.from(row.secret_hash, "base64"),
    isFromEnvironment: row.is_from_environment === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

function hashText({ secretHash }: NewApiKey): string {
  return secretHash.toString("base64");
}
