import type { Pool } from "pg";
import { QUEUE_SCHEMA } from "../migrate";

/** A process without a sign of life for this long is gone. */
const SILENCE_MILLISECONDS = 15_000;

/**
 * Signs of life of the processes that take on tasks. They are counted and not timed, since clocks differ: silence counts from when it is
 * first seen here, and what was seen is forgotten whenever the database itself was away. A claim that no process names counts as silence
 * too: whoever made it died before its next sign of life, or never learned that it was made.
 */
export class ServerBeats {
  /** The ids under which this process is at a task. */
  readonly busy = new Set<string>();
  #seen = new Map<string, { readonly beat: string; readonly since: number }>();
  /** When a claim that no process names was first seen. */
  #unnamed = new Map<string, number>();
  #beat = 0;

  constructor(private readonly serverId: string) {}

  /** @returns the ids under which processes that are found to be gone claimed tasks. */
  async beat(pool: Pool): Promise<string[]> {
    const workers = JSON.stringify([...this.busy]);
    await pool.query(
      `INSERT INTO server (server_id, beat, workers) VALUES ($1, $2, $3)
       ON CONFLICT (server_id) DO UPDATE SET beat = excluded.beat, workers = excluded.workers`,
      [this.serverId, ++this.#beat, workers],
    );
    const { rows } = await pool.query<{ server_id: string; beat: string; workers: string }>("SELECT server_id, beat, workers FROM server");
    const named = rows.flatMap(({ workers }) => JSON.parse(workers) as string[]);
    return [...(await this.#silent(pool, rows)), ...(await this.#unnamedTooLong(pool, new Set(named)))];
  }

  async #silent(pool: Pool, rows: readonly { readonly server_id: string; readonly beat: string }[]): Promise<string[]> {
    const now = performance.now();
    const before = this.#seen;
    this.#seen = new Map();
    const gone: string[] = [];
    for (const { server_id: id, beat } of rows) {
      const last = before.get(id);
      const isSilent = id !== this.serverId && last?.beat === beat;
      if (isSilent && now - last.since >= SILENCE_MILLISECONDS) gone.push(...(await this.#remove(pool, id, beat)));
      else this.#seen.set(id, isSilent ? last : { beat, since: now });
    }
    return gone;
  }

  async #unnamedTooLong(pool: Pool, named: ReadonlySet<string>): Promise<string[]> {
    const { rows } = await pool.query<{ id: string; worker: string; at: string }>(
      `SELECT id, locked_by AS worker, locked_at AS at FROM ${QUEUE_SCHEMA}.jobs WHERE locked_by IS NOT NULL`,
    );
    const now = performance.now();
    const before = this.#unnamed;
    this.#unnamed = new Map();
    const gone: string[] = [];
    for (const { id, worker, at } of rows) {
      if (named.has(worker) || this.busy.has(worker)) continue;
      const claim = `${id} ${worker} ${String(at)}`;
      const since = before.get(claim) ?? now;
      this.#unnamed.set(claim, since);
      if (now - since >= SILENCE_MILLISECONDS) gone.push(worker);
    }
    return gone;
  }

  forgetOthers(): void {
    this.#seen = new Map();
    this.#unnamed = new Map();
  }

  async leave(pool: Pool): Promise<void> {
    await pool.query("DELETE FROM server WHERE server_id = $1", [this.serverId]);
  }

  async #remove(pool: Pool, id: string, beat: string): Promise<string[]> {
    const { rows } = await pool.query<{ workers: string }>("DELETE FROM server WHERE server_id = $1 AND beat = $2 RETURNING workers", [
      id,
      beat,
    ]);
    return rows.flatMap(({ workers }) => JSON.parse(workers) as string[]);
  }
}
