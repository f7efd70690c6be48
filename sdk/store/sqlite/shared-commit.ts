import { setImmediate as nextTurn } from "node:timers/promises";

interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes small changes, those that come in the same turn of the event loop or while another transaction runs in one together: a commit
 * takes as long for many as for one. Each is done when it is committed; changes keep their order, and all of one transaction fail together.
 * @param write runs work in a transaction. @param apply writes one change.
 */
export function sharedCommit<Trx, T>(
  write: (work: (trx: Trx) => Promise<void>) => Promise<void>,
  apply: (trx: Trx, item: T) => Promise<void>,
): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = [];

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (waiting.length === 1) void nextTurn().then(commit);
    });

  async function commit(): Promise<void> {
    let taken: Waiting<T>[] = [];
    const take = () => {
      taken = waiting;
      waiting = [];
    };
    try {
      await write(async (trx) => {
        take();
        for (const { item } of taken) await apply(trx, item);
      });
      for (const { resolve } of taken) resolve();
    } catch (error) {
      // It may not even have begun.
      if (taken.length === 0) take();
      for (const { reject } of taken) reject(error);
    }
  }
}
