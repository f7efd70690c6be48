import { memo } from "preact/compat";
import { nameOf } from "../object-path";
import { Owners } from "../parts/principals";
import { MissingChip, StatusChip, originOf } from "../parts/status";
import { ConnectionHealth } from "./connection-health";
import { TypeIcon } from "./type-icon";
import type { TreeRow } from "./use-tree";

const TABLE_LEVEL = 4;
const SHOWN_TAGS = 2;

interface Props {
  readonly of: TreeRow;
  readonly top: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly onChoose: () => void;
}

function RowView({ of: { row, place, object, tags }, top, isActive, isSelected, isOpen, onToggle, onChoose }: Props) {
  const level = place.parent.length + 1;
  const canOpen = level < TABLE_LEVEL;
  const owners = object?.settings.dataOwners.value ?? [];
  return (
    <div
      id={`row-${row}`}
      role="treeitem"
      aria-level={level}
      aria-setsize={place.siblings}
      aria-posinset={place.index + 1}
      aria-selected={isSelected}
      aria-expanded={canOpen ? isOpen : undefined}
      aria-busy={object === undefined}
      class={`row level-${level}${isActive ? " active-row" : ""}${isSelected ? " selected" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
    >
      <span
        class={`opener${canOpen ? "" : " none"}${isOpen ? " open" : ""}`}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          onToggle(!isOpen);
        }}
      />
      {object === undefined ? (
        <span class="loading">…</span>
      ) : (
        <>
          <TypeIcon type={object.objectType} />
          <span class={`name${object.missingSince === null ? "" : " gone"}`} title={nameOf(object.objectPath)}>
            {nameOf(object.objectPath)}
          </span>
          {level === 1 && <ConnectionHealth object={object} />}
          {level === TABLE_LEVEL && object.objectType !== "table" && <span class="quiet kind">{object.objectType}</span>}
          <span class="marks">
            {tags.slice(0, SHOWN_TAGS).map((tag) => (
              <span class="tag" key={tag} title={tag}>
                {lastPart(tag)}
              </span>
            ))}
            {tags.length > SHOWN_TAGS && <span class="tag">+{tags.length - SHOWN_TAGS}</span>}
            {owners.length > 0 && <Owners principals={owners} />}
            {canOpen && object.settings.activateNewChildren.value && (
              <span class="quiet" title={`New objects start active: ${originOf(object, "activateNewChildren")}`}>
                new: active
              </span>
            )}
            <MissingChip object={object} />
            <span class="quiet origin">{originOf(object)}</span>
            <StatusChip object={object} />
          </span>
        </>
      )}
    </div>
  );
}

/** Tags carry their own place in front, which the title keeps. */
function lastPart(tag: string): string {
  return tag.split(".").pop() ?? tag;
}

/** Scrolling renders only rows that are new in sight: handlers are not compared, since they only close over the same row. */
export const Row = memo(
  RowView,
  (a, b) =>
    a.of.object === b.of.object &&
    a.of.row === b.of.row &&
    a.of.place.siblings === b.of.place.siblings &&
    a.of.tags.join() === b.of.tags.join() &&
    a.isActive === b.isActive &&
    a.isSelected === b.isSelected &&
    a.isOpen === b.isOpen,
);
