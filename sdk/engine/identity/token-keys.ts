import { createHash, hkdfSync } from "node:crypto";
import type { Clock } from "../clock";

const KEY_BYTES = 32;
const PURPOSE = "pulumi-connections bearer token v1";
const REFRESH_MILLISECONDS = 60_000;

export interface TokenKey {
  /** A hash of the key: short, and tells nothing of it. */
  readonly name: string;
  readonly key: Buffer;
}

/**
 * The keys that sign bearer tokens, derived from those of the store's secrets. One that a rotation has taken away is kept as
 * long as a token may be valid that it has signed.
 * @param loadKeys the store's keys, the current one first.
 */
export class TokenKeys {
  readonly #known = new Map<string, { readonly token: TokenKey; readonly seenAt: number }>();
  #refreshedAt = -Infinity;

  constructor(
    private readonly loadKeys: () => readonly Buffer[],
    private readonly clock: Pick<Clock, "elapsed">,
    private readonly lifetimeMilliseconds: number,
  ) {}

  /** The key to sign with: always read anew, as the processes that verify may know no older one. */
  current(): TokenKey {
    return this.#refresh();
  }

  find(name: string): TokenKey | undefined {
    // An unknown name may be that of a key which another process has just put in place.
    if (!this.#known.has(name) || this.clock.elapsed() - this.#refreshedAt >= REFRESH_MILLISECONDS) this.#refresh();
    const known = this.#known.get(name);
    return known !== undefined && this.#isKept(known.seenAt) ? known.token : undefined;
  }

  #refresh(): TokenKey {
    const now = this.clock.elapsed();
    const keys = this.loadKeys().map(tokenKey);
    for (const token of keys) this.#known.set(token.name, { token, seenAt: now });
    for (const [name, { seenAt }] of this.#known) {
      if (!this.#isKept(seenAt)) this.#known.delete(name);
    }
    this.#refreshedAt = now;
    return keys[0]!;
  }

  #isKept(seenAt: number): boolean {
    return this.clock.elapsed() - seenAt < this.lifetimeMilliseconds;
  }
}

function tokenKey(storeKey: Buffer): TokenKey {
  const key = Buffer.from(hkdfSync("sha256", storeKey, Buffer.alloc(0), PURPOSE, KEY_BYTES));
  return { name: createHash("sha256").update("name of token key").update(key).digest("hex").slice(0, 12), key };
}
