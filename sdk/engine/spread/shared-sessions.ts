import { setTimeout as delay } from "node:timers/promises";
import type { PlatformSession } from "../../model/platform";
import type { ConnectionRow } from "../../model/store";

/** How long a session that nobody uses stays open: the next database of the same sync is about to come. */
const IDLE_MILLISECONDS = 2_000;

interface Shared {
  readonly opening: Promise<PlatformSession>;
  users: number;
}

/** One session for all databases of a connection that are synced here at the same time: opening one may take longer than reading. */
export class SharedSessions {
  readonly #sessions = new Map<string, Shared>();
  readonly #closing = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(private readonly open: (row: ConnectionRow) => Promise<PlatformSession>) {}

  async use<T>(row: ConnectionRow, work: (session: PlatformSession) => Promise<T>): Promise<T> {
    const key = JSON.stringify([row.connectionKey, row.createdAt, row.updatedAt]);
    let shared = this.#sessions.get(key);
    if (shared === undefined) {
      shared = { opening: this.open(row), users: 0 };
      this.#sessions.set(key, shared);
    }
    shared.users++;
    try {
      return await work(await shared.opening);
    } catch (error) {
      // Others that use it go on; whoever comes next opens another, as this one may be what failed.
      if (this.#sessions.get(key) === shared) this.#sessions.delete(key);
      throw error;
    } finally {
      shared.users--;
      const closing = this.#closeUnused(key, shared);
      this.#closing.add(closing);
      void closing.finally(() => this.#closing.delete(closing));
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#closing);
  }

  async #closeUnused(key: string, shared: Shared): Promise<void> {
    if (shared.users > 0) return;
    if (this.#sessions.get(key) === shared) {
      await delay(IDLE_MILLISECONDS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (shared.users > 0 || this.#sessions.get(key) !== shared) return;
      this.#sessions.delete(key);
    }
    await shared.opening.then(
      (session) => session.close(),
      () => undefined,
    );
  }
}
