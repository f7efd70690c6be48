import type { ActivityReader, ObservedDependency, ObservedLineage, ObservedQuery, ObservedTag, TimeRange } from "../../sdk/model/activity";

/** When the platform starts to tell of a row; from the start where it does not say. */
type Told<Row> = Row & { readonly told?: string };

/** What an account in memory tells of its objects. Tests change it between syncs. */
export interface MemoryActivity {
  /** The account's time. */
  now: string;
  latencySeconds: number;
  tags: ObservedTag[];
  dependencies: ObservedDependency[];
  lineage: Told<ObservedLineage>[];
  queries: Told<ObservedQuery>[];
  /** The ranges that were read. */
  readonly read: { readonly feed: "lineage" | "audit"; readonly range: TimeRange }[];
  /** Called before each row; what it throws is what the platform says. */
  onRow: (feed: "tags" | "dependencies" | "lineage" | "audit") => unknown;
}

export function memoryActivity(): MemoryActivity {
  return {
    now: "2026-01-10T00:00:00.000Z",
    latencySeconds: 3 * 3_600,
    tags: [],
    dependencies: [],
    lineage: [],
    queries: [],
    read: [],
    onRow: () => undefined,
  };
}

export function activityReader(activity: MemoryActivity): ActivityReader {
  async function* stream<Row>(feed: Parameters<MemoryActivity["onRow"]>[0], rows: readonly Row[]): AsyncGenerator<Row[]> {
    for (const row of rows) {
      await activity.onRow(feed);
      yield [row];
    }
  }
  const toldIn = <Row extends Told<{ at: string }>>(rows: readonly Row[], { from, to }: TimeRange) =>
    rows.filter(({ at, told = at }) => at >= from && at < to && told <= activity.now);

  return {
    get latencySeconds() {
      return { lineage: activity.latencySeconds, audit: activity.latencySeconds };
    },
    serverTime: async () => activity.now,
    streamTags: () => stream("tags", activity.tags),
    streamDependencies: () => stream("dependencies", activity.dependencies),
    streamLineage(range) {
      activity.read.push({ feed: "lineage", range });
      return stream("lineage", toldIn(activity.lineage, range));
    },
    streamQueries(range) {
      activity.read.push({ feed: "audit", range });
      return stream("audit", toldIn(activity.queries, range));
    },
  };
}
