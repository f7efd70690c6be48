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

/** A PostgreSQL of its own on this machine. */
export function startPostgres(): Promise<PostgresParts>;
/** Stops what `startPostgres` started, if anything. */
export function stopPostgres(): Promise<void>;
