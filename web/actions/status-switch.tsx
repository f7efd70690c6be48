import { useState } from "preact/hooks";
import type { Right, StatusPreview } from "../../sdk/model/browsing";
import type { DataObject } from "../../sdk/model/data-object";
import { Failure } from "../parts/notice";
import { usePreview } from "../queries";
import { counted } from "../words";
import { ChoiceOf, type Choice } from "./choice";
import { Refused, mayDo } from "./rights";
import { useSettings } from "./use-settings";

type Position = boolean | null;

const POSITIONS: readonly Choice<Position>[] = [
  { value: true, label: "Enable" },
  { value: false, label: "Disable" },
  { value: null, label: "Inherit" },
];

/** Enable, Disable or Inherit. What a choice would change is shown first, and made only when that is confirmed. */
export function StatusSwitch({ object, rights }: { readonly object: DataObject; readonly rights: readonly Right[] | undefined }) {
  const { objectPath, overrides } = object;
  const now: Position = overrides.isActive ?? null;
  const [wanted, setWanted] = useState<Position>();
  const isChange = wanted !== undefined && wanted !== now;
  const preview = usePreview(objectPath, isChange ? wanted : undefined);
  const change = useSettings(objectPath);
  const isAllowed = mayDo(rights, "updateSettings");

  return (
    <div class="control">
      <ChoiceOf
        name="status"
        legend="Status"
        choices={POSITIONS}
        value={wanted === undefined ? now : wanted}
        isDisabled={!isAllowed || change.isPending}
        describedBy={isAllowed ? undefined : "status-refused"}
        onChoose={(value) => {
          change.reset();
          setWanted(value);
        }}
      />
      <Refused rights={rights} operation="updateSettings" id="status-refused" />
      {isChange && (
        <div class="preview" role="status">
          {preview.error !== null && <Failure error={preview.error} />}
          {preview.data === undefined ? preview.error === null && "Counting what would change…" : previewText(preview.data)}
          <div class="buttons">
            <button
              type="button"
              class="primary"
              disabled={change.isPending || preview.data === undefined}
              onClick={() => change.mutate({ isActive: wanted }, { onSuccess: () => setWanted(undefined) })}
            >
              Apply
            </button>
            <button type="button" onClick={() => setWanted(undefined)}>
              Cancel
            </button>
          </div>
        </div>
      )}
      {change.error !== null && <Failure error={change.error} />}
    </div>
  );
}

function previewText({ from, to, changed: { databases, schemas, tables } }: StatusPreview): string {
  if (from === to) return `It stays ${to}, and so does everything that inherits from it.`;
  const parts = [
    ...(databases > 0 ? [counted(databases, "database")] : []),
    ...(schemas > 0 ? [counted(schemas, "schema")] : []),
    ...(tables > 0 ? [counted(tables, "table")] : []),
  ];
  return parts.length === 0 ? `It becomes ${to}; nothing beneath it changes.` : `Changes to ${to}: ${parts.join(", ")}.`;
}
