/** How long each wait may take at most, in seconds. */
export interface Limits {
  /**
   * Until a session answers: a stopped warehouse starts on demand, a classic one within some minutes. Less than the engine waits for any
   * answer, which knows nothing of warehouses.
   */
  readonly start: number;
  /** Between two words on what is waited for. */
  readonly tell: number;
  /** A single request: a token, a page of the REST API. */
  readonly request: number;
  /** Until a statement has run. */
  readonly answer: number;
  /** Between two batches of rows. */
  readonly rows: number;
  /** Ending a statement or the session. */
  readonly close: number;
}

export const DEFAULT_LIMITS: Limits = { start: 540, tell: 5, request: 60, answer: 600, rows: 120, close: 10 };
