import { setImmediate as turn } from "node:timers/promises";
import type { ActivityFeed, ActivityReader, FeedResult, TimeRange, TimedFeed } from "../../model/activity";
import { StoreError, messageOf } from "../../model/errors";
import type { ConnectionRow, Store } from "../../model/store";
import { feedRanges } from "./feed-ranges";
import { activityRows, isoTime } from "./rows";

export interface FeedReading {
  readonly store: Store;
  readonly reader: ActivityReader;
  readonly feeds: readonly ActivityFeed[];
  readonly connection: ConnectionRow;
  readonly signal: AbortSignal;
}

/**
 * Reads feeds into the store, one after another, batch by batch. One that fails does not keep the others from being read: its
 * result says why, and the next reading goes on from where it came to.
 */
export async function readFeeds({ store, reader, feeds, connection, signal }: FeedReading): Promise<FeedResult[]> {
  const { connectionKey } = connection;
  const rows = activityRows(connectionKey);
  const read: Readonly<Record<ActivityFeed, (count: (recorded: number) => void) => Promise<void>>> = {
    tags: readTags,
    async lineage(count) {
      // First: a platform's edition may tell dependencies only.
      await readDependencies(count);
      await readTimed("lineage", async (range) => {
        for await (const batch of inTurns(reader.streamLineage(range, signal))) {
          count(required(await store.putLineage(connection, rows.lineage(batch))));
        }
      });
    },
    audit: (count) =>
      readTimed("audit", async (range) => {
        for await (const batch of inTurns(reader.streamQueries(range, signal))) {
          count(required(await store.putQueries(connection, rows.queries(batch))));
        }
      }),
  };

  const results: FeedResult[] = [];
  for (const feed of feeds) {
    let recorded = 0;
    try {
      await read[feed]((more) => (recorded += more));
      results.push({ feed, recorded });
    } catch (error) {
      signal.throwIfAborted();
      results.push({ feed, recorded, error: messageOf(error) });
    }
  }
  return results;

  async function readTags(count: (recorded: number) => void): Promise<void> {
    const stage = await store.openTagStage();
    let open = true;
    try {
      for await (const batch of inTurns(reader.streamTags(signal))) await stage.add(rows.tags(batch));
      open = false;
      count(required(await stage.replace(connection, connection.technology)));
    } finally {
      if (open) await stage.discard();
    }
  }

  async function readTimed(feed: TimedFeed, readRange: (range: TimeRange) => Promise<void>): Promise<void> {
    const watermark = await store.getWatermark(connectionKey, feed);
    const until = isoTime(await reader.serverTime(signal));
    for (const range of feedRanges({ watermark, until, latencySeconds: reader.latencySeconds[feed] })) {
      await readRange(range);
      if (watermark === undefined || range.to > watermark) required(await store.setWatermark(connection, feed, range.to));
    }
  }

  /** What is seen no more is gone; after a failure, what was there before stays. */
  async function readDependencies(count: (recorded: number) => void): Promise<void> {
    if (reader.streamDependencies === undefined) return;
    const at = isoTime(await reader.serverTime(signal));
    for await (const batch of inTurns(reader.streamDependencies(signal))) {
      count(required(await store.putLineage(connection, rows.dependencies(batch, at))));
    }
    await store.deleteDependenciesBefore(connection, at);
  }

  function required<T>(written: T | undefined): T {
    if (written !== undefined) return written;
    throw new StoreError(`${connectionKey}: the connection was deregistered while its feeds were read; nothing more was written`);
  }
}

/** An embedded store never waits for anything: without this, timers and the release of driver objects would wait for the end. */
async function* inTurns<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const batch of batches) {
    yield batch;
    await turn();
  }
}
