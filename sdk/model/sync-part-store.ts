import type { PathKey } from "./path-key";

/** One database of a sync that is spread over servers. */
export interface SyncPart {
  readonly key: PathKey;
  /** JSON that the engine makes: what whoever takes it on has to know. */
  readonly details: string;
  /** Objects read so far. */
  readonly objects: number;
  /** JSON that the engine makes; null until it has ended. */
  readonly outcome: string | null;
}

export interface FinishedPart {
  readonly jobId: string;
  readonly key: PathKey;
  readonly objects: number;
  readonly outcome: string;
}

/** Where the parts of spread syncs are kept, until their job has ended. */
export interface SyncPartStore {
  /** Leaves those that are there already as they are. */
  insertSyncParts(jobId: string, parts: readonly Pick<SyncPart, "key" | "details">[]): Promise<void>;
  /** In byte order of the key. */
  getSyncParts(jobId: string): Promise<SyncPart[]>;
  getSyncPart(jobId: string, key: PathKey): Promise<SyncPart | undefined>;
  reportSyncPart(jobId: string, key: PathKey, objects: number): Promise<void>;
  /** For a part that writes nothing else. One that has ended already stays as it is. */
  finishSyncPart(part: FinishedPart): Promise<void>;
  deleteSyncParts(jobId: string): Promise<void>;
}
