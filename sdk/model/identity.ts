import type { Permission } from "./caller";

/** A caller of the HTTP API. `id` is what settings name in their principals; it is never used again. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly permissions: readonly Permission[];
  /** In order of their names. */
  readonly groups: readonly Group[];
}

export interface Group {
  readonly id: number;
  readonly name: string;
}

/** An API key as lists show it; its text is shown once, when it is made. Times are ISO-8601 UTC. */
export interface ApiKey {
  readonly id: number;
  readonly user: Pick<User, "id" | "name">;
  readonly name: string;
  /** What the key's text starts with; empty for one that an administrator chose. */
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
}

/** What a user is made of; groups by name. */
export interface UserInput {
  readonly name: string;
  readonly email?: string | null | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly groups?: readonly string[] | undefined;
}

/** A change of a user: fields left out stay; lists are replaced. */
export type UserChange = Partial<UserInput>;

export interface ApiKeyInput {
  /** The name of its user. */
  readonly user: string;
  /** What it is for; default "API key". */
  readonly name?: string | undefined;
  /** 1 to 3,650; without it the key lasts until it is revoked. */
  readonly expiresInDays?: number | undefined;
}
