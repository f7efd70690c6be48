import { setTimeout as delay } from "node:timers/promises";

/** Tells the time and waits; tests inject their own. */
export interface Clock {
  now(): Date;
  /** Returns after the time or at the signal, whichever comes first. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(milliseconds, signal) {
    await delay(milliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  },
};
