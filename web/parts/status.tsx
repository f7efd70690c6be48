import type { DataObject } from "../../sdk/model/data-object";
import { isSame, nameOf } from "../object-path";
import { time } from "../words";

/** "set here", "inherited from SALES", or that nobody set it. */
export function originOf({ objectPath, settings }: DataObject, setting: "isActive" | "activateNewChildren" = "isActive"): string {
  const { setOn } = settings[setting];
  if (setOn === null) return "default";
  return isSame(setOn, objectPath) ? "set here" : `inherited from ${nameOf(setOn)}`;
}

export function StatusChip({ object }: { readonly object: DataObject }) {
  return <span class={`chip ${object.state}`}>{object.state}</span>;
}

export function MissingChip({ object }: { readonly object: DataObject }) {
  if (object.missingSince === null) return null;
  return (
    <span class="chip missing" title={`The platform has not shown it since ${time(object.missingSince)}`}>
      missing
    </span>
  );
}
