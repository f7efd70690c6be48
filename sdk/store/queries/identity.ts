import type { NamedPrincipal } from "../../model/browsing";
import type { Permission } from "../../model/caller";
import type { Group, User } from "../../model/identity";
import type { UserConflict, UserRecord } from "../../model/identity-store";
import type { Principal } from "../../model/settings";
import { inChunks, type Db, type Trx } from "./database";

export const listUsers = (db: Db): Promise<User[]> => usersWhere(db, undefined);

export async function getUser(db: Db, name: string): Promise<User | undefined> {
  return (await usersWhere(db, { column: "name", value: name }))[0];
}

export async function getUserById(db: Db, id: number): Promise<User | undefined> {
  return (await usersWhere(db, { column: "user_id", value: id }))[0];
}

export async function insertUser(trx: Trx, user: UserRecord): Promise<User | UserConflict> {
  const groups = await groupsNamed(trx, user.groups);
  if ("conflict" in groups) return groups;
  if ((await getUser(trx, user.name)) !== undefined) return { conflict: "nameTaken" };
  const { user_id: id } = await trx
    .insertInto("identity_user")
    .values({ name: user.name, email: user.email, permissions: JSON.stringify(user.permissions) })
    .returning("user_id")
    .executeTakeFirstOrThrow();
  await setGroups(trx, id, groups.ids);
  return (await getUserById(trx, id))!;
}

export async function updateUser(trx: Trx, name: string, change: Partial<UserRecord>): Promise<User | UserConflict | undefined> {
  const user = await getUser(trx, name);
  if (user === undefined) return undefined;
  const groups = await groupsNamed(trx, change.groups ?? []);
  if ("conflict" in groups) return groups;
  const other = change.name === undefined ? undefined : await getUser(trx, change.name);
  if (other !== undefined && other.id !== user.id) return { conflict: "nameTaken" };
  const { name: newName, email, permissions } = { ...user, ...change };
  await trx
    .updateTable("identity_user")
    .set({ name: newName, email, permissions: JSON.stringify(permissions) })
    .where("user_id", "=", user.id)
    .execute();
  if (change.groups !== undefined) await setGroups(trx, user.id, groups.ids);
  return (await getUserById(trx, user.id))!;
}

export async function deleteUser(trx: Trx, name: string): Promise<boolean> {
  const user = await getUser(trx, name);
  if (user === undefined) return false;
  await trx.deleteFrom("api_key").where("user_id", "=", user.id).execute();
  await trx.deleteFrom("identity_member").where("user_id", "=", user.id).execute();
  await trx.deleteFrom("identity_user").where("user_id", "=", user.id).execute();
  return true;
}

export async function listGroups(db: Db): Promise<Group[]> {
  return db.selectFrom("identity_group").select(["group_id as id", "name"]).orderBy("name").execute();
}

export async function namePrincipals(db: Db, principals: readonly Principal[]): Promise<NamedPrincipal[]> {
  const idsOf = (type: Principal["type"]) => [...new Set(principals.filter((one) => one.type === type).map(({ id }) => id))];
  const users = await inChunks(idsOf("user"), (some) =>
    db.selectFrom("identity_user").select(["user_id as id", "name"]).where("user_id", "in", some).execute(),
  );
  const groups = await inChunks(idsOf("group"), (some) =>
    db.selectFrom("identity_group").select(["group_id as id", "name"]).where("group_id", "in", some).execute(),
  );
  return [...users.map((user) => ({ type: "user", ...user }) as const), ...groups.map((group) => ({ type: "group", ...group }) as const)];
}

export async function insertGroup(trx: Trx, name: string): Promise<Group | undefined> {
  return trx
    .insertInto("identity_group")
    .values({ name })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returning(["group_id as id", "name"])
    .executeTakeFirst();
}

export async function deleteGroup(trx: Trx, name: string): Promise<boolean> {
  const group = await trx.selectFrom("identity_group").select("group_id").where("name", "=", name).executeTakeFirst();
  if (group === undefined) return false;
  await trx.deleteFrom("identity_member").where("group_id", "=", group.group_id).execute();
  await trx.deleteFrom("identity_group").where("group_id", "=", group.group_id).execute();
  return true;
}

type One = { readonly column: "name"; readonly value: string } | { readonly column: "user_id"; readonly value: number };

async function usersWhere(db: Db, one: One | undefined): Promise<User[]> {
  let users = db.selectFrom("identity_user as u");
  if (one !== undefined) users = users.where(`u.${one.column}`, "=", one.value);
  const rows = await users
    .leftJoin("identity_member as m", "m.user_id", "u.user_id")
    .leftJoin("identity_group as g", "g.group_id", "m.group_id")
    .select(["u.user_id", "u.name", "u.email", "u.permissions", "g.group_id", "g.name as group_name"])
    .orderBy("u.name")
    .orderBy("g.name")
    .execute();
  const found = new Map<number, User & { readonly groups: Group[] }>();
  for (const { user_id: id, name, email, permissions, group_id: groupId, group_name: groupName } of rows) {
    const user = found.get(id) ?? { id, name, email, permissions: JSON.parse(permissions) as Permission[], groups: [] };
    if (groupId !== null && groupName !== null) user.groups.push({ id: groupId, name: groupName });
    found.set(id, user);
  }
  return [...found.values()];
}

async function groupsNamed(trx: Trx, names: readonly string[]): Promise<{ readonly ids: readonly number[] } | UserConflict> {
  const ids = new Map((await listGroups(trx)).map(({ id, name }) => [name, id]));
  const unknown = names.find((name) => !ids.has(name));
  if (unknown !== undefined) return { conflict: "unknownGroup", group: unknown };
  return { ids: [...new Set(names)].map((name) => ids.get(name)!) };
}

async function setGroups(trx: Trx, userId: number, groupIds: readonly number[]): Promise<void> {
  await trx.deleteFrom("identity_member").where("user_id", "=", userId).execute();
  const rows = groupIds.map((groupId) => ({ user_id: userId, group_id: groupId }));
  if (rows.length > 0) await trx.insertInto("identity_member").values(rows).execute();
}
