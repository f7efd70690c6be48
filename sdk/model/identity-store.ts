import type { ApiKey, Group, User } from "./identity";

/** A user as it is written; groups by name. */
export interface UserRecord extends Omit<User, "id" | "groups"> {
  readonly groups: readonly string[];
}

/** What stood in the way of a write, of which then nothing was written. */
export type UserConflict = { readonly conflict: "nameTaken" } | { readonly conflict: "unknownGroup"; readonly group: string };

/**
 * A key is found by its id, which is no secret, so that no lookup depends on a secret. "environment" is the newest of those
 * whose text an administrator put into the environment.
 */
export type KeyLookup = number | "environment";

/** An API key as it is stored: of its secret only the SHA-256. */
export interface ApiKeyRow extends Omit<ApiKey, "prefix"> {
  readonly secretHash: Buffer;
  readonly isFromEnvironment: boolean;
}

/** A key as it is written. */
export type NewApiKey = Pick<ApiKeyRow, "name" | "createdAt" | "expiresAt" | "secretHash" | "isFromEnvironment">;

/**
 * Where users, groups and API keys are kept. No rules in it. As with `Store`, reads never write, all writes of one call
 * are one transaction, and every method throws `StoreError` when the store cannot be used.
 */
export interface IdentityStore {
  /** In order of their names. */
  listUsers(): Promise<User[]>;
  getUser(name: string): Promise<User | undefined>;
  insertUser(user: UserRecord): Promise<User | UserConflict>;
  /** Writes nothing when there is a user already, in any process. */
  insertFirstUser(user: UserRecord, key: NewApiKey): Promise<{ readonly user: User; readonly keyId: number } | undefined>;
  /** @returns undefined when there is no such user. */
  updateUser(name: string, change: Partial<UserRecord>): Promise<User | UserConflict | undefined>;
  /** With its keys and memberships. @returns whether there was one. */
  deleteUser(name: string): Promise<boolean>;

  listGroups(): Promise<Group[]>;
  /** @returns undefined when the name is taken. */
  insertGroup(name: string): Promise<Group | undefined>;
  /** With its memberships. @returns whether there was one. */
  deleteGroup(name: string): Promise<boolean>;

  /** @returns its id, or undefined when the user is gone. */
  insertKey(userId: number, key: NewApiKey): Promise<number | undefined>;
  /** Revokes every other key from the environment. Writes nothing when there is one with that secret already. */
  replaceEnvironmentKey(userId: number, key: NewApiKey, at: string): Promise<void>;
  findKey(lookup: KeyLookup): Promise<{ readonly key: ApiKeyRow; readonly user: User } | undefined>;
  /** In order of their ids; revoked and expired ones too. */
  listKeys(): Promise<ApiKeyRow[]>;
  /** A key that is revoked already stays as it is. @returns whether there is such a key. */
  revokeKey(id: number, at: string): Promise<boolean>;
  /** Never moves it back. */
  setKeyUsed(id: number, at: string): Promise<void>;
}
