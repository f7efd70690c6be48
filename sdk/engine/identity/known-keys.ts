import type { Caller } from "../../model/caller";
import type { User } from "../../model/identity";
import type { ApiKeyRow, IdentityStore, KeyLookup } from "../../model/identity-store";
import type { Clock } from "../clock";

/** How long a change by another process may go unnoticed. */
export const KNOWN_MILLISECONDS = 5_000;
const NOTE_USE_EVERY_MILLISECONDS = 60_000;

export interface KnownKey {
  readonly key: ApiKeyRow;
  readonly caller: Caller;
}

/** API keys with their users, remembered for a few seconds so that a call costs no read of the store. */
export class KnownKeys {
  readonly #known = new Map<KeyLookup, KnownKey & { readonly until: number }>();
  readonly #useNoted = new Map<number, number>();
  #changes = 0;

  constructor(
    private readonly store: IdentityStore,
    private readonly clock: Pick<Clock, "now" | "elapsed">,
  ) {}

  async find(lookup: KeyLookup): Promise<KnownKey | undefined> {
    const known = this.#known.get(lookup);
    if (known !== undefined && this.clock.elapsed() < known.until) return known;
    const changes = this.#changes;
    const found = await this.store.findKey(lookup);
    this.#known.delete(lookup);
    if (found === undefined) return undefined;
    const fresh = { key: found.key, caller: callerOf(found.user), until: this.clock.elapsed() + KNOWN_MILLISECONDS };
    // What was read before a change must not be remembered after it.
    if (changes === this.#changes) this.#known.set(lookup, fresh);
    return fresh;
  }

  /** Forgets everything, since something was changed. */
  forget(): void {
    this.#changes++;
    this.#known.clear();
  }

  /** Writes down that a key is used, at most once a minute. */
  async noteUse({ id, lastUsedAt }: ApiKeyRow): Promise<void> {
    const now = this.clock.now().getTime();
    const noted = Math.max(this.#useNoted.get(id) ?? -Infinity, lastUsedAt === null ? -Infinity : Date.parse(lastUsedAt));
    if (now - noted < NOTE_USE_EVERY_MILLISECONDS) return;
    this.#useNoted.set(id, now);
    await this.store.setKeyUsed(id, new Date(now).toISOString());
  }
}

function callerOf({ id, name, email, permissions, groups }: User): Caller {
  return {
    name,
    email,
    permissions,
    principals: [{ type: "user", id }, ...groups.map((group) => ({ type: "group" as const, id: group.id }))],
  };
}
