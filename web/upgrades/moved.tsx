import { useInfiniteQuery, useMutation } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import type { UpgradeStatus } from "../../sdk/model/upgrade";
import { Refused, mayDo } from "../actions/rights";
import { useFollowedJob } from "../actions/use-followed-job";
import { call } from "../api";
import { Link } from "../parts/link";
import { Answered, Empty, Failure } from "../parts/notice";
import { Progress } from "../parts/progress";
import { Table } from "../parts/table";
import { at, queryClient, upgradeSourcesQuery, useRights } from "../queries";
import { browseAddress } from "../routing";
import { counted } from "../words";

/** An upgrade that was begun: how far it is, what it left and why, and what became of the rest. */
export function Moved({ status, connectionKey }: { readonly status: UpgradeStatus; readonly connectionKey: string }) {
  const { job, isRunning, error } = useFollowedJob(status.bulkId);
  const isLeft = status.counts.remaining > 0 || status.status === "interrupted";
  return (
    <>
      {job !== undefined && <Progress job={job} />}
      {error !== null && <Failure error={error} />}
      {job === undefined && status.error !== null && <Failure error={new Error(status.error)} />}
      {(job?.output?.upgrade?.unknownOwners ?? []).length > 0 && (
        <div class="notice warn">No user or group here has the name of these owners: {job!.output!.upgrade!.unknownOwners.join(", ")}</div>
      )}
      {isLeft && !isRunning && <Left connectionKey={connectionKey} />}
      <h3>Moved</h3>
      <Sources connectionKey={connectionKey} />
    </>
  );
}

/** What was not moved, to be tried again or given up on. */
function Left({ connectionKey }: { readonly connectionKey: string }) {
  const rights = useRights([connectionKey]).data?.hits;
  const [given, setGiven] = useState<ReadonlySet<number>>(new Set());
  const left = useInfiniteQuery(upgradeSourcesQuery(connectionKey, "remaining"));
  const rerun = useMutation({
    mutationFn: () => call("POST", at("/upgrade/rerun", [connectionKey]), { discard: [...given] }),
    onSuccess: () => {
      setGiven(new Set());
      return queryClient.invalidateQueries();
    },
  });
  const isAllowed = mayDo(rights, "upgrade");
  const mark = (id: number, isGiven: boolean) =>
    setGiven((current) => new Set([...current].filter((one) => one !== id).concat(isGiven ? [id] : [])));
  return (
    <>
      <h3>Left</h3>
      <Answered of={left} what="what is left">
        {({ pages }) => (
          <>
            <Table label="Left" titles={["Data source", "Why", "Give up"]}>
              {pages
                .flatMap(({ hits }) => hits)
                .map(({ id, name, reason }) => (
                  <tr key={id}>
                    <th scope="row">{name}</th>
                    <td>{reason ?? "not looked at yet"}</td>
                    <td>
                      <input
                        type="checkbox"
                        aria-label={`Give up on ${name}`}
                        checked={given.has(id)}
                        disabled={!isAllowed}
                        onChange={(event) => mark(id, event.currentTarget.checked)}
                      />
                    </td>
                  </tr>
                ))}
            </Table>
            {left.hasNextPage && <More of={left} />}
          </>
        )}
      </Answered>
      <div class="buttons">
        <button type="button" disabled={!isAllowed || rerun.isPending} onClick={() => rerun.mutate()}>
          {given.size === 0 ? "Run again" : `Run again, and delete ${counted(given.size, "data source")} with tags and policies`}
        </button>
      </div>
      <Refused rights={rights} operation="upgrade" id="rerun-refused" />
      {rerun.error !== null && <Failure error={rerun.error} />}
    </>
  );
}

function Sources({ connectionKey }: { readonly connectionKey: string }) {
  const moved = useInfiniteQuery(upgradeSourcesQuery(connectionKey, "upgraded"));
  return (
    <Answered of={moved} what="what was moved">
      {({ pages }) => {
        const sources = pages.flatMap(({ hits }) => hits);
        if (sources.length === 0) return <Empty>Nothing yet.</Empty>;
        return (
          <>
            <Table label="Moved" titles={["Data source", "Name now"]}>
              {sources.map(({ id, name, newName, objectPath }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td>{objectPath === null ? newName : <Link to={browseAddress(objectPath)}>{newName}</Link>}</td>
                </tr>
              ))}
            </Table>
            {moved.hasNextPage && <More of={moved} />}
          </>
        );
      }}
    </Answered>
  );
}

function More({ of }: { readonly of: { readonly isFetchingNextPage: boolean; readonly fetchNextPage: () => Promise<unknown> } }) {
  return (
    <button type="button" disabled={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
      More
    </button>
  );
}
