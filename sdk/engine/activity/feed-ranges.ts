import type { TimeRange } from "../../model/activity";

const DAY = 24 * 3_600_000;
/** A first reading goes back this far. */
const FIRST_READING = 7 * DAY;
/** How long statements and lineage are kept. */
export const KEPT = 90 * DAY;

/** What is left to read of a feed. */
export interface FeedSpan {
  /** Up to where it was read; undefined before the first reading. */
  readonly watermark: string | undefined;
  /** The platform's time. */
  readonly until: string;
  readonly latencySeconds: number;
}

/**
 * The spans of time to read, oldest first, each a day at most. What may have been told late since the last reading is read again.
 * After each of them the watermark may move to its end: all that is older than that by the latency was told by now.
 */
export function feedRanges({ watermark, until, latencySeconds }: FeedSpan): TimeRange[] {
  const end = Date.parse(until);
  const start = watermark === undefined ? end - FIRST_READING : Math.max(Date.parse(watermark) - latencySeconds * 1_000, end - KEPT);
  const ranges: TimeRange[] = [];
  for (let from = start; from < end; from += DAY) {
    ranges.push({ from: new Date(from).toISOString(), to: new Date(Math.min(from + DAY, end)).toISOString() });
  }
  return ranges;
}
