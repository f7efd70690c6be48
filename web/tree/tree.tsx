import { useQuery } from "@tanstack/preact-query";
import { useEffect, useRef, useState } from "preact/hooks";
import { isSame, lineageOf, toText, type ObjectPath } from "../object-path";
import { Empty, Failure, Waiting } from "../parts/notice";
import { useVirtual } from "../parts/use-virtual";
import { positionQuery } from "../queries";
import { browseAddress, go } from "../routing";
import type { ExpandedObjects } from "./layout";
import { Row } from "./row";
import { useFlight } from "./use-flight";
import { useTree, type TreeRow } from "./use-tree";

const ROW_PIXELS = 34;
const ROWS_AHEAD = 8;
/** Pages are read this many rows before they come into sight. */
const ROWS_READ_AHEAD = 60;
/** Rows that are kept to be filled with others: how many are in sight changes with each pixel. */
const SPARE_ROWS = 32;
const TABLE_LEVEL = 4;

/** What is open outlives the tree, so that going to another view and back loses nothing. */
let remembered: ExpandedObjects = new Map();

/** The hierarchy. One row at a time can be reached by Tab, the others by the arrow keys. */
export function Tree({ selected }: { readonly selected: ObjectPath }) {
  const [expanded, setExpanded] = useState(remembered);
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  /** What the tree itself chose needs no looking for. */
  const chosen = useRef<string>();
  const sight = useRef<readonly number[]>([]);
  const isFlying = useFlight(sight.current[0] ?? 0);
  remembered = expanded;

  const tree = useTree(expanded, () => (isFlying ? [] : withMargin(sight.current)));
  const virtual = useVirtual({
    count: tree.layout.rows,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PIXELS,
    overscan: ROWS_AHEAD,
  });
  const items = virtual.getVirtualItems();
  const inSight = items.map(({ index }) => index);
  const isMoved = inSight[0] !== sight.current[0] || inSight.length !== sight.current.length;
  sight.current = inSight;
  const [, renderAgain] = useState(0);
  // The pages of what came into sight are asked for by the next rendering.
  useEffect(() => {
    if (isMoved && !isFlying) renderAgain((times) => times + 1);
  }, [isMoved, inSight[0], inSight.length]);

  useReveal(selected, chosen, expanded, setExpanded, tree.layout, (row) => {
    setActive(row);
    virtual.scrollToIndex(row, { align: "auto" });
  });

  const rows = tree.rowsOf(inSight);
  const slots = Math.ceil((rows.length + 1) / SPARE_ROWS) * SPARE_ROWS;
  const toggle = ({ object, place }: TreeRow, isOpen: boolean) => {
    if (object === undefined || object.objectPath.length === TABLE_LEVEL) return;
    const key = toText(object.objectPath);
    setExpanded((current) => {
      const next = new Map([...current].filter(([text]) => isOpen || (text !== key && !text.startsWith(`${key}/`))));
      if (isOpen) next.set(key, { path: object.objectPath, index: place.index });
      return next;
    });
  };
  const choose = ({ object, row }: TreeRow) => {
    setActive(row);
    if (object === undefined) return;
    chosen.current = toText(object.objectPath);
    go(browseAddress(object.objectPath));
  };
  const move = (row: number) => {
    const next = Math.max(0, Math.min(tree.layout.rows - 1, row));
    setActive(next);
    virtual.scrollToIndex(next, { align: "auto" });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const at = tree.rowsOf([active])[0];
    const isOpen = at?.object !== undefined && expanded.has(toText(at.object.objectPath));
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / ROW_PIXELS) - 1);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + page),
      PageUp: () => move(active - page),
      Home: () => move(0),
      End: () => move(tree.layout.rows - 1),
      ArrowRight: () => at && (isOpen ? move(active + 1) : toggle(at, true)),
      ArrowLeft: () => at && (isOpen ? toggle(at, false) : move(at.place.parentRow ?? active)),
      Enter: () => at && choose(at),
      " ": () => at && choose(at),
    };
    const action = actions[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };

  if (tree.isWaiting) return tree.error === null ? <Waiting what="the connections" /> : <Failure error={tree.error} />;
  if (tree.layout.rows === 0) {
    return (
      <Empty>
        No connections to show. Register one with <code>connections register</code> or a Pulumi program, or ask for a role on an object.
      </Empty>
    );
  }
  return (
    <>
      {tree.error !== null && <Failure error={tree.error} />}
      <div
        ref={box}
        class="tree"
        role="tree"
        aria-label="Connections and their objects"
        tabIndex={0}
        aria-activedescendant={inSight.includes(active) ? `row-${active}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" class="tree-rows" style={{ height: `${virtual.getTotalSize()}px` }}>
          {rows.map((one) => (
            <Row
              // An element that left sight is filled anew: that costs less than another one.
              key={one.row % slots}
              of={one}
              top={one.row * ROW_PIXELS}
              isActive={one.row === active}
              isSelected={isSame(one.object?.objectPath, selected)}
              isOpen={one.object !== undefined && expanded.has(toText(one.object.objectPath))}
              onToggle={(isOpen) => toggle(one, isOpen)}
              onChoose={() => choose(one)}
            />
          ))}
        </div>
      </div>
    </>
  );
}

function withMargin(rows: readonly number[]): readonly number[] {
  const [first, last] = [rows[0], rows[rows.length - 1]];
  return first === undefined || last === undefined ? rows : [Math.max(0, first - ROWS_READ_AHEAD), ...rows, last + ROWS_READ_AHEAD];
}

/** Opens what lies above an object that was chosen elsewhere, by an address or a link, and brings it into sight. */
function useReveal(
  selected: ObjectPath,
  chosen: { current: string | undefined },
  expanded: ExpandedObjects,
  setExpanded: (next: ExpandedObjects) => void,
  layout: { rowOf(positions: readonly number[]): number | undefined },
  show: (row: number) => void,
): void {
  const text = toText(selected);
  const isWanted = selected.length > 0 && chosen.current !== text;
  const { data } = useQuery({ ...positionQuery(selected), enabled: isWanted });
  const positions = data?.positions;
  const above = lineageOf(selected).slice(0, -1);
  const isOpen = above.every((path) => expanded.has(toText(path)));

  useEffect(() => {
    if (!isWanted || positions === undefined || isOpen) return;
    const next = new Map(expanded);
    for (const [index, path] of above.entries()) next.set(toText(path), { path, index: positions[index] ?? 0 });
    setExpanded(next);
  }, [text, positions, isOpen]);

  const row = isWanted && isOpen && positions !== undefined ? layout.rowOf(positions) : undefined;
  useEffect(() => {
    if (row === undefined) return;
    chosen.current = text;
    show(row);
  }, [text, row]);
}
