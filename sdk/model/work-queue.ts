/** What kinds of work there are: a whole sync, which waits for its databases, and one database of it. */
export type TaskKind = "sync" | "database";

export interface QueuedTask {
  readonly kind: TaskKind;
  /** There is one task of a key at a time; adding it again changes nothing. */
  readonly key: string;
  /** Plain JSON without secrets. */
  readonly payload: Readonly<Record<string, string>>;
  /** Smaller ones first, 0 to 32,767. */
  readonly priority: number;
  /** Tasks of a lane run one after another, on whatever server. */
  readonly lane?: string;
}

export interface TaskRun {
  readonly payload: Readonly<Record<string, string>>;
  /** No further attempt follows this one. */
  readonly isLastAttempt: boolean;
  /** The process stops: what throws now is taken on by another. */
  readonly signal: AbortSignal;
}

export type TaskHandlers = Readonly<Record<TaskKind, (run: TaskRun) => Promise<void>>>;

/**
 * Work that any process of a store takes on. Each task runs at least once: one that throws is tried again, and one whose process dies is
 * taken on by another within seconds, so what it does must be fit to be done twice.
 */
export interface WorkQueue {
  add(tasks: readonly QueuedTask[]): Promise<void>;
  /** Takes tasks on from now on; a second call changes nothing. */
  work(handlers: TaskHandlers): void;
  /** How many tasks wait or run, by kind. */
  sizes(): Promise<Readonly<Record<TaskKind, number>>>;
  /** Hands back what runs, and waits until it has ended. */
  close(): Promise<void>;
}
