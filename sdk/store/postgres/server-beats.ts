import type { Pool } from "pg";
import type { TaskKind } from "../../model/work-queue";
import { QUEUE_SCHEMA } from "../migrate";

/** A process without a sign of life for this long is gone. */
const SILENCE_MILLISECONDS = 15_000;

/**
 * Signs of life of the processes that take on tasks. They are counted and not timed, since clocks differ: silence counts from when it is
 * first seen here, and what was seen is forgotten whenever the database itself was away. A claim under an id that no process names, since
 * whoever made it died before its next sign of life, counts as silence too.
 */
export class ServerBeats {
  readonly #workers: Readonly<Record<TaskKind, Set<string>>> = { sync: new Set(), database: new Set() };
  #seen = new Map<string, { readonly beat: string; readonly since: number }>();
  /** When a claim under an id that no process names was first seen. */
  #unnamed = new Map<string, number>();
  #beat = 0;

  constructor(private readonly serverId: string) {}

  /** The ids under which this process claims tasks of a kind. */
  workers(kind: TaskKind): Set<string> {
    return this.#workers[kind];
  }

  /** @returns the ids under which processes that are found to be gone claimed tasks. */
  async beat(pool: Pool): Promise<string[]> {
    const workers = JSON.stringify(this.#allWorkers());
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
    const { rows } = await pool.query<{ worker: string }>(
      `SELECT DISTINCT locked_by AS worker FROM ${QUEUE_SCHEMA}.jobs WHERE locked_by IS NOT NULL`,
    );
    const now = performance.now();
    const before = this.#unnamed;
    const mine = new Set(this.#allWorkers());
    const unnamed = rows.map(({ worker }) => worker).filter((worker) => !named.has(worker) && !mine.has(worker));
    this.#unnamed = new Map(unnamed.map((worker) => [worker, before.get(worker) ?? now]));
    return unnamed.filter((worker) => now - this.#unnamed.get(worker)! >= SILENCE_MILLISECONDS);
  }

  #allWorkers(): string[] {
    return [...this.#workers.sync, ...this.#workers.database];
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
