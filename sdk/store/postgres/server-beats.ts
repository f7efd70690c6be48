import type { Pool } from "pg";
import type { TaskKind } from "../../model/work-queue";

/** A process without a sign of life for this long is gone. */
const SILENCE_MILLISECONDS = 15_000;

/**
 * Signs of life of the processes that take on tasks. They are counted and not timed, since clocks differ: silence counts from when it is
 * first seen here, and what was seen is forgotten whenever the database itself was away.
 */
export class ServerBeats {
  readonly #workers: Readonly<Record<TaskKind, Set<string>>> = { sync: new Set(), database: new Set() };
  #seen = new Map<string, { readonly beat: string; readonly since: number }>();
  #beat = 0;

  constructor(private readonly serverId: string) {}

  /** The ids under which this process claims tasks of a kind. */
  workers(kind: TaskKind): Set<string> {
    return this.#workers[kind];
  }

  /** @returns of each process that is found to be gone, the ids that it claimed tasks under; told to one process only. */
  async beat(pool: Pool): Promise<string[][]> {
    const workers = JSON.stringify([...this.#workers.sync, ...this.#workers.database]);
    await pool.query(
      `INSERT INTO server (server_id, beat, workers) VALUES ($1, $2, $3)
       ON CONFLICT (server_id) DO UPDATE SET beat = excluded.beat, workers = excluded.workers`,
      [this.serverId, ++this.#beat, workers],
    );
    const { rows } = await pool.query<{ server_id: string; beat: string }>("SELECT server_id, beat FROM server");
    const now = performance.now();
    const before = this.#seen;
    this.#seen = new Map();
    const gone: string[][] = [];
    for (const { server_id: id, beat } of rows) {
      const last = before.get(id);
      const isSilent = id !== this.serverId && last?.beat === beat;
      if (isSilent && now - last.since >= SILENCE_MILLISECONDS) gone.push(...(await this.#remove(pool, id, beat)));
      else this.#seen.set(id, isSilent ? last : { beat, since: now });
    }
    return gone;
  }

  forgetOthers(): void {
    this.#seen = new Map();
  }

  async leave(pool: Pool): Promise<void> {
    await pool.query("DELETE FROM server WHERE server_id = $1", [this.serverId]);
  }

  async #remove(pool: Pool, id: string, beat: string): Promise<string[][]> {
    const { rows } = await pool.query<{ workers: string }>("DELETE FROM server WHERE server_id = $1 AND beat = $2 RETURNING workers", [
      id,
      beat,
    ]);
    return rows.map(({ workers }) => JSON.parse(workers) as string[]);
  }
}
