/** A data source that was registered the old way, as the state keeps it; what V2 answers are names alone. */
export interface RegisteredSource {
  readonly id?: number;
  readonly name: string;
  /** `SALES/PUBLIC/ORDERS`, names percent-encoded. */
  readonly table?: string;
}

/** What speaking the old way comes to for one form of payload. `payload` was checked; nothing here is an upgraded account's. */
export interface OldWay {
  /** Names the registration among those of its form; it stays the same while the payload changes. */
  readonly id: string;
  /** Registers what is not registered yet. */
  create(): Promise<readonly RegisteredSource[]>;
  /** @param progress told what is registered after each step, so that a failure half-way leaves a true state */
  update(
    before: readonly RegisteredSource[],
    previous: object,
    progress: (sources: readonly RegisteredSource[]) => void,
  ): Promise<readonly RegisteredSource[]>;
  /** What was changed outside, a line each. */
  drift(): Promise<string[]>;
  /** What is left of it; undefined where all of it is gone. */
  read(before: readonly RegisteredSource[]): Promise<readonly RegisteredSource[] | undefined>;
  /** @throws BlockedError on an account that was upgraded. */
  remove(before: readonly RegisteredSource[]): Promise<void>;
}
