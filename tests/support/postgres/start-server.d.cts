export interface PostgresParts {
  readonly port: number;
  /** May do everything, without a password. */
  readonly user: string;
  /** The folder of initdb, postgres and psql. */
  readonly programs: string;
  /** POST /crash?away=1000 kills it and starts it again after so many milliseconds. */
  readonly control: string;
  readonly data: string;
}

export interface StartedPostgres {
  readonly parts: PostgresParts;
  stop(): Promise<void>;
}

/** A PostgreSQL of its own on this machine; it ends with this process, if not before. */
export function startPostgres(): Promise<StartedPostgres>;
