import { useMutation } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import type { Right } from "../../sdk/model/browsing";
import type { LegacyHost } from "../../sdk/model/legacy-data-source";
import type { Acknowledgement, UpgradePlan, UpgradeRequest } from "../../sdk/model/upgrade";
import { Refused, mayDo } from "../actions/rights";
import { call } from "../api";
import { Failure } from "../parts/notice";
import { queryClient } from "../queries";
import { counted } from "../words";
import { PlanOfUpgrade } from "./plan-of-upgrade";
import { RequestForm } from "./request-form";

const LISTED = 200;

/** Plans the upgrade of an account, and begins it when the plan is to somebody's liking. */
export function Planning({ host, rights }: { readonly host: LegacyHost; readonly rights: readonly Right[] }) {
  const [acknowledged, setAcknowledged] = useState<readonly Acknowledgement[]>([]);
  const plan = useMutation({
    mutationFn: (request: UpgradeRequest) => call<UpgradePlan>("POST", `/upgrade/plan?limit=${LISTED}`, request),
  });
  const run = useMutation({
    mutationFn: (request: UpgradeRequest) => call("POST", "/upgrade", { ...request, acknowledge: acknowledged }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const isAllowed = mayDo(rights, "upgrade");
  const open = plan.data?.blockers.filter(({ acknowledge }) => acknowledge === undefined || !acknowledged.includes(acknowledge)) ?? [];
  const planned = plan.variables;

  return (
    <>
      <p>
        An upgrade makes one connection of the account. Data sources move to it with their ids, tags and policies; there is no way back but
        deregistering it.
      </p>
      <Refused rights={rights} operation="upgrade" id="upgrade-refused" />
      <RequestForm
        host={host}
        isDisabled={!isAllowed || run.isPending}
        describedBy={isAllowed ? undefined : "upgrade-refused"}
        isPending={plan.isPending}
        onPlan={(request) => plan.mutate(request)}
        onChange={() => {
          plan.reset();
          run.reset();
        }}
      />
      {plan.error !== null && <Failure error={plan.error} />}
      {plan.data !== undefined && planned !== undefined && (
        <>
          <PlanOfUpgrade
            plan={plan.data}
            acknowledged={acknowledged}
            onAcknowledge={(what, isAccepted) =>
              setAcknowledged((all) => (isAccepted ? [...all, what] : all.filter((one) => one !== what)))
            }
          />
          <div class="buttons">
            <button
              type="button"
              class="primary"
              disabled={!isAllowed || open.length > 0 || run.isPending}
              aria-describedby={open.length > 0 ? "upgrade-blocked" : undefined}
              onClick={() => run.mutate(planned)}
            >
              Upgrade to {planned.connectionKey}
            </button>
          </div>
          {open.length > 0 && (
            <p class="quiet" id="upgrade-blocked">
              {counted(open.length, "thing stands", "things stand")} in its way.
            </p>
          )}
        </>
      )}
      {run.error !== null && <Failure error={run.error} />}
    </>
  );
}
