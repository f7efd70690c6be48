import type { Identity } from "../engine/identity/identity";
import type { Caller } from "../model/caller";

/** Of a request, whatever framework it came by, what tells who calls. */
export interface RequestIdentity {
  readonly authorization: string | undefined;
  /** The client's address; behind a proxy the one that a trusted proxy names, or else all clients share one limit of attempts. */
  readonly remoteAddress: string;
}

/** @throws UnauthorizedError @throws TooManyRequestsError */
export function callerOf(identity: Pick<Identity, "authenticate">, { authorization, remoteAddress }: RequestIdentity): Promise<Caller> {
  return identity.authenticate(authorization, remoteAddress);
}
