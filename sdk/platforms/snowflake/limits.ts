/** How long each wait may take at most, in seconds. */
export interface Limits {
  /** Logging in, with the driver's own tries. */
  readonly login: number;
  /** Until a statement's first row: a suspended warehouse starts, a large catalog is read. */
  readonly answer: number;
  /** Between two batches of rows. */
  readonly rows: number;
  /** Ending a statement or the session. */
  readonly close: number;
}

export const DEFAULT_LIMITS: Limits = { login: 60, answer: 600, rows: 120, close: 10 };
