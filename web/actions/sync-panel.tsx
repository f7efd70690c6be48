import { useMutation } from "@tanstack/preact-query";
import type { Right } from "../../sdk/model/browsing";
import type { SyncPlan } from "../../sdk/model/sync-plan";
import { call } from "../api";
import { isFinal } from "../job";
import { nameOf, type ObjectPath } from "../object-path";
import { Failure } from "../parts/notice";
import { PlanView } from "../parts/plan";
import { Progress } from "../parts/progress";
import { at, useLastJob } from "../queries";
import { browseAddress, go } from "../routing";
import { counted, number } from "../words";
import { Refused, mayDo } from "./rights";
import { useFollowedJob } from "./use-followed-job";

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
  const followed = useFollowedJob(bulkId);
  const last = useLastJob(path[0] ?? "", bulkId === null && path.length === 1).data?.jobs[0];
  const job = bulkId === null ? last : followed.job;
  const isRunning = job !== undefined && !isFinal(job.state);
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
