import type { SyncRecord } from "../../sdk/model/browsing";
import { duration, number } from "../words";
import { Chart, type Line } from "./chart";

/** Counts and durations of a connection's syncs over time. */
export default function SyncCharts({ records }: { readonly records: readonly SyncRecord[] }) {
  const seconds = records.map(({ at }) => Date.parse(at) / 1_000);
  const line = (label: string, color: string, value: (record: SyncRecord) => number): Line => ({
    label,
    color,
    values: records.map(value),
  });
  const count = (value: number) => number(value);
  return (
    <div class="charts">
      <Chart
        title="Objects"
        seconds={seconds}
        format={count}
        lines={[
          line("objects", "--chart-1", ({ databases, schemas, tables }) => databases + schemas + tables),
          line("data sources", "--chart-2", ({ dataSources }) => dataSources),
        ]}
      />
      <Chart
        title="Missing and drift"
        seconds={seconds}
        format={count}
        lines={[line("missing", "--chart-3", ({ missing }) => missing), line("drift found", "--chart-4", ({ drift }) => drift)]}
      />
      <Chart
        title="Sync duration"
        seconds={seconds}
        format={duration}
        lines={[line("duration", "--chart-1", ({ durationMilliseconds }) => durationMilliseconds)]}
      />
    </div>
  );
}
