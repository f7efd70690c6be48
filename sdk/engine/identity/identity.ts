import type { Caller } from "../../model/caller";
import type { IdentityStore } from "../../model/identity-store";
import { systemClock, type Clock } from "../clock";
import { ensureAdministrator } from "./administrator";
import { createAuthenticator } from "./authenticate";
import { createKeys, type Keys } from "./keys";
import { KnownKeys } from "./known-keys";
import { Tokens, type IssuedToken } from "./tokens";
import { createUsers, type Users } from "./users";

export interface IdentityParts {
  readonly store: IdentityStore;
  /** The keys of the store's secrets, the current one first; read when a token is issued or verified. */
  readonly loadKeys: () => readonly Buffer[];
  /** Told of what is no reason to refuse a caller: that the use of its key could not be noted. */
  readonly onError: (error: unknown) => void;
  readonly clock?: Clock;
}

/**
 * Who calls. Users, groups and keys are managed by whoever has the store; over HTTP callers can only authenticate.
 * A change made here holds from the next call on, one by another process within 5 seconds.
 */
export interface Identity extends Users, Keys {
  /**
   * The caller that sent an `Authorization` header: an API key, with or without `Bearer`, or `Bearer` and a token.
   * @throws UnauthorizedError @throws TooManyRequestsError for a minute after 10 wrong keys or tokens from one address.
   */
  authenticate(authorization: string | undefined, remoteAddress: string): Promise<Caller>;
  /** A bearer token for an API key (not for a token), valid for an hour at most and as long as that key is. Throws as `authenticate`. */
  issueToken(authorization: string | undefined, remoteAddress: string): Promise<IssuedToken>;
  /** See `ensureAdministrator` in administrator.ts. */
  ensureAdministrator(environment: NodeJS.ProcessEnv): Promise<{ readonly key: string | undefined }>;
}

export function createIdentity({ store, loadKeys, onError, clock = systemClock }: IdentityParts): Identity {
  const known = new KnownKeys(store, clock);
  const users = createUsers(store);
  const keys = createKeys(store, clock);

  const changing = <T>(change: Promise<T>): Promise<T> => change.finally(() => known.forget());

  return {
    ...users,
    ...keys,
    ...createAuthenticator({ known, tokens: new Tokens(loadKeys, clock), clock, onError }),
    updateUser: (name, change) => changing(users.updateUser(name, change)),
    deleteUser: (name) => changing(users.deleteUser(name)),
    deleteGroup: (name) => changing(users.deleteGroup(name)),
    revokeKey: (id) => changing(keys.revokeKey(id)),
    ensureAdministrator: (environment) => changing(ensureAdministrator(store, clock, environment)),
  };
}
