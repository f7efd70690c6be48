import { setTimeout as delay } from "node:timers/promises";

/** Tells the time and waits; tests inject their own. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment; unlike the time, never jumps. */
  elapsed(): number;
  /** Returns after the time or at the signal, whichever comes first. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  async sleep(milliseconds, signal) {
    await delay(milliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  },
};
