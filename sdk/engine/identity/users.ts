import { ConflictError, NotFoundError } from "../../model/errors";
import type { Group, User, UserChange, UserInput } from "../../model/identity";
import { groupSchema, userChangeSchema, userSchema } from "../../model/identity-schema";
import type { IdentityStore, UserConflict } from "../../model/identity-store";
import { parse } from "../../model/validate";

export interface Users {
  createUser(input: UserInput): Promise<User>;
  /** In order of their names. */
  listUsers(): Promise<readonly User[]>;
  updateUser(name: string, change: UserChange): Promise<User>;
  /** Its keys go with it. Settings that name it are left as they are: its id is never used again. */
  deleteUser(name: string): Promise<void>;
  createGroup(name: string): Promise<Group>;
  listGroups(): Promise<readonly Group[]>;
  deleteGroup(name: string): Promise<void>;
}

/** Users and groups: what their fields may be, and what they are told that goes wrong. */
export function createUsers(store: IdentityStore): Users {
  return {
    async createUser(input) {
      const { name, email = null, permissions = [], groups = [] } = parse(userSchema, input);
      return orConflict(await store.insertUser({ name, email, permissions: distinct(permissions), groups }), name);
    },
    listUsers: () => store.listUsers(),
    async updateUser(name, input) {
      const { name: newName, email, permissions, groups } = parse(userChangeSchema, input);
      const user = await store.updateUser(name, {
        ...(newName !== undefined && { name: newName }),
        ...(email !== undefined && { email }),
        ...(permissions !== undefined && { permissions: distinct(permissions) }),
        ...(groups !== undefined && { groups }),
      });
      if (user === undefined) throw noUser(name);
      return orConflict(user, newName ?? name);
    },
    async deleteUser(name) {
      if (!(await store.deleteUser(name))) throw noUser(name);
    },
    async createGroup(name) {
      const group = await store.insertGroup(parse(groupSchema, { name }).name);
      if (group !== undefined) return group;
      throw new ConflictError(`name: there is a group "${name}" already; choose another name`, { field: "name" });
    },
    listGroups: () => store.listGroups(),
    async deleteGroup(name) {
      if (await store.deleteGroup(name)) return;
      throw new NotFoundError(`group: there is no group "${name}"; correct the name`, { field: "group" });
    },
  };
}

export function noUser(name: string): NotFoundError {
  return new NotFoundError(`user: there is no user "${name}"; create it first, or correct the name`, { field: "user" });
}

/** @throws ConflictError when the name is taken. @throws NotFoundError when there is no such group. */
function orConflict(written: User | UserConflict, name: string): User {
  if (!("conflict" in written)) return written;
  if (written.conflict === "nameTaken") {
    throw new ConflictError(`name: there is a user "${name}" already; choose another name, or update that user`, { field: "name" });
  }
  throw new NotFoundError(`groups: there is no group "${written.group}"; create it first, or correct the name`, { field: "groups" });
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
