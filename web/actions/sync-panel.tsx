import { useMutation } from "@tanstack/preact-query";
import { useEffect } from "preact/hooks";
import type { Right } from "../../sdk/model/browsing";
import type { SyncPlan } from "../../sdk/model/sync-plan";
import { call } from "../api";
import { isFinal, type Job } from "../job";
import { nameOf, type ObjectPath } from "../object-path";
import { Failure } from "../parts/notice";
import { PlanView } from "../parts/plan";
import { at, queryClient, useBulk, useLastJob } from "../queries";
import { browseAddress, go } from "../routing";
import { counted, number } from "../words";
import { Refused, mayDo } from "./rights";

/** Runs an object sync, shows how it goes and what it did; plans one; applies what a sync held back. */
export function SyncPanel({
  path,
  rights,
  bulkId,
}: {
  readonly path: ObjectPath;
  readonly rights: readonly Right[] | undefined;
  readonly bulkId: string | null;
}) {
  const isAllowed = mayDo(rights, "crawl");
  const plan = useMutation({ mutationFn: () => call<SyncPlan>("POST", `${at("/data/crawl", path)}?dryRun=true`, { limit: 200 }) });
  const run = useMutation({
    mutationFn: (allowMassRemoval: boolean) => call<{ bulkId: string }>("POST", at("/data/crawl", path), { allowMassRemoval }),
    onSuccess: (started) => {
      plan.reset();
      go(browseAddress(path, { sync: started.bulkId }));
    },
  });
  const followed = useBulk(bulkId);
  const last = useLastJob(path[0] ?? "", bulkId === null && path.length === 1).data?.jobs ?? [];
  const job = (bulkId === null ? last : followed.data)?.[0];
  const isRunning = job !== undefined && !isFinal(job.state);
  useEffect(() => {
    if (bulkId !== null && job !== undefined && !isRunning) void queryClient.invalidateQueries({ predicate: isChangedBySync });
  }, [bulkId, isRunning]);
  const held = job?.output?.plan?.held ?? [];

  return (
    <div class="control sync">
      <p class="legend">Object sync</p>
      <div class="buttons">
        <button type="button" disabled={!isAllowed || isRunning || run.isPending} onClick={() => run.mutate(false)}>
          Run sync
        </button>
        <button type="button" disabled={!isAllowed || plan.isPending} onClick={() => plan.mutate()}>
          {plan.isPending ? "Planning…" : "Show plan"}
        </button>
      </div>
      <Refused rights={rights} operation="crawl" id="sync-refused" />
      {run.error !== null && <Failure error={run.error} />}
      {plan.error !== null && <Failure error={plan.error} />}
      {followed.error !== null && <Failure error={followed.error} />}
      {job !== undefined && (bulkId !== null || isRunning || held.length > 0) && <Progress job={job} />}
      {held.length > 0 && !isRunning && (
        <div class="notice warn" role="status">
          <span>
            Held back, since it looks like lost grants:{" "}
            {held
              .map(({ objectPath, missing, known }) => `${nameOf(objectPath)} would lose ${number(missing)} of ${counted(known, "object")}`)
              .join("; ")}
            .
          </span>
          <button type="button" disabled={!isAllowed || run.isPending} onClick={() => run.mutate(true)}>
            Apply held changes
          </button>
        </div>
      )}
      {plan.data !== undefined && <PlanView plan={plan.data} title="A sync now would change" />}
      {bulkId !== null && job?.output?.plan !== undefined && <PlanView plan={job.output.plan} title="The sync changed" />}
    </div>
  );
}

function Progress({ job }: { readonly job: Job }) {
  const { state, progress, output } = job;
  const isRunning = !isFinal(state);
  return (
    <div class="progress" role="status">
      <span>
        {isRunning ? (state === "created" ? "Waiting for its turn" : "Syncing") : `Sync ${state}`}: {counted(progress.objects, "object")}{" "}
        read
        {progress.databasesTotal > 0 && `, ${progress.databasesDone} of ${counted(progress.databasesTotal, "database")}`}
      </span>
      {isRunning && <progress aria-label="Databases read" max={Math.max(1, progress.databasesTotal)} value={progress.databasesDone} />}
      {output?.error !== undefined && <Failure error={new Error(output.error)} />}
    </div>
  );
}

/** What a sync may have changed: all but who is signed in and the job that is shown. */
function isChangedBySync({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean {
  return queryKey[0] !== "session" && queryKey[0] !== "bulk";
}
