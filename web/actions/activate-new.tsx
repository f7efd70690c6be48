import type { Right } from "../../sdk/model/browsing";
import type { DataObject } from "../../sdk/model/data-object";
import { Failure } from "../parts/notice";
import { originOf } from "../parts/status";
import { ChoiceOf, type Choice } from "./choice";
import { Refused, mayDo } from "./rights";
import { useSettings } from "./use-settings";

const POSITIONS: readonly Choice<boolean | null>[] = [
  { value: true, label: "Active" },
  { value: false, label: "Inactive" },
  { value: null, label: "Inherit" },
];

/** What objects start as that a later sync finds beneath this one. It changes no object that is there. */
export function ActivateNew({ object, rights }: { readonly object: DataObject; readonly rights: readonly Right[] | undefined }) {
  const { objectPath, overrides, settings } = object;
  const change = useSettings(objectPath);
  const isAllowed = mayDo(rights, "updateSettings");
  return (
    <div class="control">
      <ChoiceOf
        name="activate-new"
        legend="New objects start"
        choices={POSITIONS}
        value={overrides.activateNewChildren ?? null}
        isDisabled={!isAllowed || change.isPending}
        describedBy={isAllowed ? "activate-new-now" : "activate-new-refused"}
        onChoose={(activateNewChildren) => change.mutate({ activateNewChildren })}
      />
      <p class="quiet" id="activate-new-now">
        {settings.activateNewChildren.value ? "active" : "inactive"}, {originOf(object, "activateNewChildren")}
      </p>
      <Refused rights={rights} operation="updateSettings" id="activate-new-refused" />
      {change.error !== null && <Failure error={change.error} />}
    </div>
  );
}
