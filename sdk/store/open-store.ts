import type { IdentityStore } from "../model/identity-store";
import type { Store } from "../model/store";
import type { WorkQueue } from "../model/work-queue";
import type { QueueOptions } from "./postgres/graphile-queue";
import { isPostgresAddress, parsePostgresAddress } from "./postgres/address";
import { openPostgresStore } from "./postgres/postgres-store";
import { openSqliteStore } from "./sqlite/sqlite-store";

export { isPostgresAddress };

export interface OpenedStore {
  readonly store: Store & IdentityStore;
  /** Only where several processes can share the work. */
  readonly queue: WorkQueue | undefined;
}

/** As `openStore`, with the queue beside it. */
export function openSharedStore(place: string, options: QueueOptions): OpenedStore {
  return {
    store: openStore(place),
    queue: isPostgresAddress(place) ? lazyQueue(() => loadQueue(place, options), options.onError) : undefined,
  };
}

async function loadQueue(place: string, options: QueueOptions): Promise<WorkQueue> {
  const { openGraphileQueue } = await import("./postgres/graphile-queue.js");
  return openGraphileQueue(place, options);
}

/** Loaded when it is first used, which a command that only reads never does. */
function lazyQueue(load: () => Promise<WorkQueue>, onError: (error: unknown) => void): WorkQueue {
  let loading: Promise<WorkQueue> | undefined;
  const queue = () => (loading ??= load());
  return {
    add: async (tasks) => (await queue()).add(tasks),
    work: (handlers) => void queue().then((loaded) => loaded.work(handlers), onError),
    sizes: async () => (await queue()).sizes(),
    close: async () => (await loading)?.close(),
  };
}

/** @param place a file, or a PostgreSQL address. */
export function openStore(place: string): Store & IdentityStore {
  return isPostgresAddress(place) ? openPostgresStore(place) : openSqliteStore(place);
}

/** For people: a file, or an address without its password. */
export function nameOfStore(place: string): string {
  return isPostgresAddress(place) ? parsePostgresAddress(place).name : place;
}
