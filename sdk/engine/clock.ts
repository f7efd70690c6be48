/** Tells the time; tests inject their own. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment; unlike the time, never jumps. */
  elapsed(): number;
}

export const systemClock: Clock = { now: () => new Date(), elapsed: () => performance.now() };
