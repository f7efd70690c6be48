import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock";
import { MADE_PREFIX } from "./key-text";
import { TokenKeys } from "./token-keys";

export const TOKEN_LIFETIME_SECONDS = 3_600;
/** `pc_token.<name of the signing key>.<API key id>.<expiry, seconds since 1970>.<HMAC-SHA256 of all before>` */
const TOKEN = /^(pc_token\.([0-9a-f]{12})\.([1-9][0-9]{0,14})\.([1-9][0-9]{0,14}))\.([A-Za-z0-9_-]{43})$/;
const NO_KEY = randomBytes(32);

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: string;
}

export interface SignedToken {
  readonly keyId: number;
  readonly isExpired: boolean;
}

/** Bearer tokens that need no row in the store: what they carry is signed, and any process that has the store's keys verifies it. */
export class Tokens {
  readonly #keys: TokenKeys;

  constructor(
    loadKeys: () => readonly Buffer[],
    private readonly clock: Pick<Clock, "now" | "elapsed">,
  ) {
    this.#keys = new TokenKeys(loadKeys, clock, TOKEN_LIFETIME_SECONDS * 1_000);
  }

  /** @param keyExpiresAt the token never outlives its API key. */
  issue(keyId: number, keyExpiresAt: string | null): IssuedToken {
    const latest = Math.floor(this.clock.now().getTime() / 1_000) + TOKEN_LIFETIME_SECONDS;
    const expires = keyExpiresAt === null ? latest : Math.min(latest, Math.floor(Date.parse(keyExpiresAt) / 1_000));
    const { name, key } = this.#keys.current();
    const claims = `${MADE_PREFIX}token.${name}.${keyId}.${expires}`;
    return { token: `${claims}.${sign(claims, key)}`, expiresAt: new Date(expires * 1_000).toISOString() };
  }

  /** What a token says; undefined unless it was signed here, whoever compares how long that takes. */
  read(text: string): SignedToken | undefined {
    const [, claims, name, keyId, expires, signature] = TOKEN.exec(text) ?? [];
    if (claims === undefined || name === undefined || signature === undefined) return undefined;
    const key = this.#keys.find(name)?.key;
    // Texts are compared, not bytes: the last character of base64 has more than one way to say the same bits.
    const isEqual = timingSafeEqual(Buffer.from(signature), Buffer.from(sign(claims, key ?? NO_KEY)));
    if (!isEqual || key === undefined) return undefined;
    return { keyId: Number(keyId), isExpired: this.clock.now().getTime() >= Number(expires) * 1_000 };
  }
}

export function isToken(text: string): boolean {
  return text.startsWith(`${MADE_PREFIX}token.`);
}

function sign(claims: string, key: Buffer): string {
  return createHmac("sha256", key).update(claims).digest("base64url");
}
