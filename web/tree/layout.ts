import { toText, type ObjectPath } from "../object-path";

/** An object of which the children are shown; `index` is its place among its siblings. */
export interface Expanded {
  readonly path: ObjectPath;
  readonly index: number;
}

/** By the text of their paths. An object counts only where all above it are expanded too. */
export type ExpandedObjects = ReadonlyMap<string, Expanded>;

/** Where a row of the tree comes from. */
export interface Place {
  readonly parent: ObjectPath;
  readonly index: number;
  readonly siblings: number;
  /** The row of the parent; undefined for a connection. */
  readonly parentRow: number | undefined;
}

interface Branch {
  readonly path: ObjectPath;
  readonly index: number;
  readonly children: number;
  /** In order of their index. */
  readonly expanded: readonly Branch[];
  /** Rows beneath it. */
  readonly rows: number;
}

/** The expanded tree as rows, without a row in memory: each branch knows how many it has. */
export class TreeLayout {
  readonly #root: Branch;

  /** @param countOf how many children an object has; undefined while that is not known. */
  constructor(expanded: ExpandedObjects, countOf: (path: ObjectPath) => number | undefined) {
    const byParent = new Map<string, Expanded[]>();
    for (const one of expanded.values()) {
      const parent = toText(one.path.slice(0, -1));
      byParent.set(parent, [...(byParent.get(parent) ?? []), one]);
    }
    const branch = (path: ObjectPath, index: number): Branch => {
      const children = countOf(path) ?? 0;
      const inside = (byParent.get(toText(path)) ?? [])
        .filter((one) => one.index < children)
        .sort((a, b) => a.index - b.index)
        .map((one) => branch(one.path, one.index));
      return { path, index, children, expanded: inside, rows: inside.reduce((sum, { rows }) => sum + rows, children) };
    };
    this.#root = branch([], 0);
  }

  get rows(): number {
    return this.#root.rows;
  }

  placeOf(row: number): Place | undefined {
    return row < 0 || row >= this.rows ? undefined : placeIn(this.#root, row, undefined);
  }

  /** The row of the object at some positions (of itself and those above it); undefined where it is not shown. */
  rowOf(positions: readonly number[]): number | undefined {
    let branch: Branch | undefined = this.#root;
    let row = 0;
    for (const [level, position] of positions.entries()) {
      if (branch === undefined || position >= branch.children) return undefined;
      row += position + (level === 0 ? 0 : 1);
      for (const before of branch.expanded) if (before.index < position) row += before.rows;
      branch = branch.expanded.find(({ index }) => index === position);
    }
    return row;
  }
}

/** @param row counted from the first row beneath the branch, which itself is at `parentRow` of the whole tree */
function placeIn({ path, children, expanded }: Branch, row: number, parentRow: number | undefined): Place {
  const first = parentRow === undefined ? 0 : parentRow + 1;
  let skipped = 0;
  for (const inside of expanded) {
    const own = inside.index + skipped;
    if (row <= own) break;
    if (row <= own + inside.rows) return placeIn(inside, row - own - 1, first + own);
    skipped += inside.rows;
  }
  return { parent: path, index: row - skipped, siblings: children, parentRow };
}
