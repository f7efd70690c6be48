import { setTimeout as delay } from "node:timers/promises";
import { troubleOf } from "./errors";

/** How long work goes on trying when the database is away: a restart or a failover takes less. */
const LOST_MILLISECONDS = 45_000;
const CONFLICT_ATTEMPTS = 20;
const FIRST_WAIT_MILLISECONDS = 20;
const LONGEST_WAIT_MILLISECONDS = 2_000;

export interface RetryOptions {
  /** False: the database was never reached, so that waiting for it to come back makes no sense. */
  readonly wasReached: () => boolean;
  readonly signal: AbortSignal;
}

/** Runs work until it succeeds, within limits: again when another transaction came first, or the connection was lost. */
export async function withRetries<T>(work: () => Promise<T>, { wasReached, signal }: RetryOptions): Promise<T> {
  const start = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const trouble = troubleOf(error);
      const again =
        trouble === "conflict"
          ? attempt < CONFLICT_ATTEMPTS
          : trouble === "lost" && wasReached() && performance.now() - start < LOST_MILLISECONDS;
      if (!again || signal.aborted) throw error;
      const longest = Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** attempt);
      // Those who were in each other's way must not meet again.
      await delay(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
}
