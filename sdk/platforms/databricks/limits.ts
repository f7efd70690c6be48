/** How long each wait may take at most, in seconds. */
export interface Limits {
  /** Until a session answers: a stopped warehouse starts on demand, a classic one within some minutes. */
  readonly start: number;
  /** A single request: a token, a page of the REST API. */
  readonly request: number;
  /** Until a statement has run. */
  readonly answer: number;
  /** Between two batches of rows. */
  readonly rows: number;
  /** Ending a statement or the session. */
  readonly close: number;
}

export const DEFAULT_LIMITS: Limits = { start: 600, request: 60, answer: 600, rows: 120, close: 10 };
