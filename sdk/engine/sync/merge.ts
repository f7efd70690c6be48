import { PlatformError } from "../../model/errors";
import { formatObjectPath } from "../../model/object-path";
import { compareBytes, fromPathKey, type PathKey } from "../../model/path-key";

interface Keyed {
  readonly key: PathKey;
}

/**
 * Walks two streams of batches, both in byte order of the key, side by side and calls `visit` for every key with what
 * either side has of it. `settle` runs after each step through a batch; the streams wait for it, so memory stays flat.
 * @throws PlatformError when the observed side is out of order or names an object twice; nothing may be concluded then.
 */
export async function mergeByKey<R extends Keyed, O extends Keyed>(
  recordedBatches: AsyncIterable<R[]>,
  observedBatches: AsyncIterable<O[]>,
  visit: (recorded: R | undefined, observed: O | undefined) => void,
  settle: () => Promise<void>,
): Promise<void> {
  const recorded = await openCursor(recordedBatches);
  const observed = await openCursor(observedBatches);
  try {
    let previous: PathKey | undefined;
    while (recorded.item !== undefined || observed.item !== undefined) {
      const left = recorded.item;
      const right = observed.item;
      const order = left === undefined ? 1 : right === undefined ? -1 : compareBytes(left.key, right.key);
      if (right !== undefined && order >= 0) {
        if (previous !== undefined && compareBytes(previous, right.key) >= 0) throw outOfOrder(previous, right.key);
        previous = right.key;
      }
      visit(order <= 0 ? left : undefined, order >= 0 ? right : undefined);
      if (order <= 0 && recorded.step()) {
        await settle();
        await recorded.load();
      }
      if (order >= 0 && observed.step()) {
        await settle();
        await observed.load();
      }
    }
    await settle();
  } finally {
    await recorded.close();
    await observed.close();
  }
}

/** Synchronous within a batch: a promise for every object would cost more than the comparison. */
async function openCursor<T>(batches: AsyncIterable<T[]>) {
  const iterator = batches[Symbol.asyncIterator]();
  let batch: T[] = [];
  let index = 0;
  const cursor = {
    item: undefined as T | undefined,
    /** To the next item; true when the batch is used up and `load` must be awaited. */
    step(): boolean {
      cursor.item = batch[++index];
      return cursor.item === undefined;
    },
    async load(): Promise<void> {
      do {
        const next = await iterator.next();
        batch = next.done === true ? [] : next.value;
        index = 0;
        if (next.done === true) break;
      } while (batch.length === 0);
      cursor.item = batch[0];
    },
    async close(): Promise<void> {
      await iterator.return?.();
    },
  };
  await cursor.load();
  return cursor;
}

function outOfOrder(previous: PathKey, key: PathKey): PlatformError {
  const [before, after] = [previous, key].map((one) => formatObjectPath(fromPathKey(one)));
  return new PlatformError(
    previous === key
      ? `${after}: the platform listed this object twice; nothing was changed. Run the sync again`
      : `${after}: the platform listed this object after ${before}, out of order; nothing was changed. Run the sync again`,
  );
}
