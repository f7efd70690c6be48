import { useInfiniteQuery } from "@tanstack/preact-query";
import type { JobPage } from "../job";
import { call } from "../api";
import { nameOf } from "../object-path";
import { Link } from "../parts/link";
import { Answered, Empty } from "../parts/notice";
import { Table } from "../parts/table";
import { browseAddress } from "../routing";
import { duration, fromNow, number, time } from "../words";

const JOBS_PER_PAGE = 20;

const historyQuery = {
  queryKey: ["jobs", "history"],
  initialPageParam: "0",
  queryFn: ({ signal, pageParam }: { signal: AbortSignal; pageParam: string }) =>
    call<JobPage>("GET", `/jobs/search?size=${JOBS_PER_PAGE}&offset=${pageParam}`, undefined, signal),
  getNextPageParam: ({ next }: JobPage) => next,
};

/** The history of syncs, newest first. */
export function Syncs() {
  const history = useInfiniteQuery(historyQuery);
  return (
    <section class="syncs" aria-label="Syncs">
      <h1>Syncs</h1>
      <Answered of={history} what="the history">
        {({ pages }) => {
          const jobs = pages.flatMap((page) => page.jobs);
          if (jobs.length === 0) return <Empty>None yet.</Empty>;
          return (
            <>
              <Table label="Syncs, newest first" titles={["Started", "Of", "State", "By", "Duration", "Found"]}>
                {jobs.map(({ id, bulkId, createdAt, endedAt, objectPath, state, requestedBy, output }) => (
                  <tr key={id}>
                    <td title={time(createdAt)}>{fromNow(createdAt)}</td>
                    <th scope="row">
                      <Link to={browseAddress(objectPath, { sync: bulkId })} title={objectPath.join(" / ")}>
                        {nameOf(objectPath)}
                      </Link>
                    </th>
                    <td>
                      <span class={`chip ${state}`}>{state}</span>
                      {(output?.plan?.held.length ?? 0) > 0 && <span class="chip missing">held back</span>}
                    </td>
                    <td>{requestedBy}</td>
                    <td class="number">{endedAt !== null && duration(Date.parse(endedAt) - Date.parse(createdAt))}</td>
                    <td>{output?.error ?? (output?.plan && foundText(output.plan.counts))}</td>
                  </tr>
                ))}
              </Table>
              {history.hasNextPage && (
                <button type="button" disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
                  Older syncs
                </button>
              )}
            </>
          );
        }}
      </Answered>
    </section>
  );
}

function foundText(counts: Readonly<Record<"new" | "returned" | "changed" | "missing", number>>): string {
  const kinds = (["new", "returned", "changed", "missing"] as const).filter((kind) => counts[kind] > 0);
  return kinds.length === 0 ? "no change" : kinds.map((kind) => `${number(counts[kind])} ${kind}`).join(", ");
}
