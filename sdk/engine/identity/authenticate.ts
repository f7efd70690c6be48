import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Caller } from "../../model/caller";
import { UnauthorizedError } from "../../model/errors";
import type { ApiKeyRow } from "../../model/identity-store";
import type { Clock } from "../clock";
import { FailedAttempts } from "./attempts";
import { readKeyText } from "./key-text";
import type { KnownKey, KnownKeys } from "./known-keys";
import { isToken, type IssuedToken, type Tokens } from "./tokens";

/** `<key>`, `Bearer <key>` or `Bearer <token>` (contract: authentication). */
const AUTHORIZATION = /^(?:(bearer) +)?([\x21-\x7e]{1,1000})$/i;
const NO_HASH = randomBytes(32);

export interface AuthenticatorParts {
  readonly known: KnownKeys;
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** What went wrong while the use of a key was noted: that stops nobody from using it. */
  readonly onError: (error: unknown) => void;
}

export interface Authenticator {
  authenticate(authorization: string | undefined, remoteAddress: string): Promise<Caller>;
  issueToken(authorization: string | undefined, remoteAddress: string): Promise<IssuedToken>;
}

/** What credentials come to: "wrong" ones were guessed or mistyped, "ended" ones were right once. */
type Verdict = KnownKey | "wrong" | "ended";

export function createAuthenticator({ known, tokens, clock, onError }: AuthenticatorParts): Authenticator {
  const failed = new FailedAttempts(clock);

  return {
    async authenticate(authorization, remoteAddress) {
      return (await accept(authorization, remoteAddress, true)).caller;
    },
    async issueToken(authorization, remoteAddress) {
      const { key } = await accept(authorization, remoteAddress, false);
      return tokens.issue(key.id, key.expiresAt);
    },
  };

  async function accept(authorization: string | undefined, remoteAddress: string, mayBeToken: boolean): Promise<KnownKey> {
    failed.requireAllowed(remoteAddress);
    // Nothing was tried: programs often ask without credentials first.
    if (authorization === undefined || authorization === "") throw unauthorized();
    const verdict = await verify(authorization, mayBeToken);
    if (verdict === "wrong") failed.add(remoteAddress);
    if (typeof verdict === "string") throw unauthorized();
    await known.noteUse(verdict.key).catch(onError);
    return verdict;
  }

  async function verify(authorization: string, mayBeToken: boolean): Promise<Verdict> {
    const [, scheme, credentials] = AUTHORIZATION.exec(authorization) ?? [];
    if (credentials === undefined) return "wrong";
    if (isToken(credentials)) return scheme !== undefined && mayBeToken ? verifyToken(credentials) : "wrong";
    return verifyKey(credentials);
  }

  async function verifyKey(text: string): Promise<Verdict> {
    const { lookup, secretHash } = readKeyText(text);
    const found = await known.find(lookup);
    // The environment's key has an id too, but no text with that id in it.
    const expected = found?.key.isFromEnvironment === (lookup === "environment") ? found : undefined;
    // Compared whether there is such a key or not, so that time does not tell.
    const isEqual = timingSafeEqual(secretHash, expected?.key.secretHash ?? NO_HASH);
    if (!isEqual || expected === undefined) return "wrong";
    return isLive(expected.key) ? expected : "ended";
  }

  async function verifyToken(text: string): Promise<Verdict> {
    const token = tokens.read(text);
    if (token === undefined) return "wrong";
    const found = await known.find(token.keyId);
    return found !== undefined && !token.isExpired && isLive(found.key) ? found : "ended";
  }

  function isLive({ revokedAt, expiresAt }: ApiKeyRow): boolean {
    return revokedAt === null && (expiresAt === null || clock.now().getTime() < Date.parse(expiresAt));
  }
}

/** One text for all, since which part was wrong helps only those who guess. */
function unauthorized(): UnauthorizedError {
  return new UnauthorizedError(
    "Authorization: send a valid API key, or `Bearer` and a token of the last hour (POST /bim/apikey/authenticate); an administrator " +
      "makes keys with `connections key create`",
    { field: "Authorization" },
  );
}
