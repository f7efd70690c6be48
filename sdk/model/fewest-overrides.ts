/**
 * A tree of wanted values. A node without `wanted` may come to any value. A node with children may want one too: whatever is
 * not named beneath it inherits the node's own value.
 */
export interface WantedTree<Value> {
  readonly wanted?: Value | undefined;
  readonly children?: ReadonlyMap<string, WantedTree<Value>> | undefined;
}

/** A value set on the node at `path` (names from the root down; the root's is empty); everything beneath inherits it. */
export interface Override<Value> {
  readonly path: readonly string[];
  readonly value: Value;
}

/** A node with what it costs. */
interface Costed {
  /** For each value: how few overrides lie beneath the node if its own value is this one; infinite where it wants another. */
  readonly own: readonly number[];
  /** The value that costs least, the first of `values` among equals. */
  readonly best: number;
  readonly children: readonly (readonly [string, Costed])[];
}

/**
 * The fewest overrides that give every node its wanted value, where the root inherits `inherited` and each other node its
 * parent's value. Each node is visited twice for each of `values`, which have to hold `inherited` and every wanted value. Among
 * equally few, a node keeps what it inherits, and else takes the first of `values`. Parents come before their children.
 */
export function fewestOverrides<Value>(root: WantedTree<Value>, inherited: Value, values: readonly Value[]): Override<Value>[] {
  const overrides: Override<Value>[] = [];
  const choose = (node: Costed, given: number, path: readonly string[]): void => {
    const keeps = node.own[given]! <= 1 + node.own[node.best]!;
    const value = keeps ? given : node.best;
    if (!keeps) overrides.push({ path, value: values[value]! });
    for (const [name, child] of node.children) choose(child, value, [...path, name]);
  };
  choose(costsOf(root, values), values.indexOf(inherited), []);
  return overrides;
}

function costsOf<Value>(node: WantedTree<Value>, values: readonly Value[]): Costed {
  const children = [...(node.children ?? [])].map(([name, child]) => [name, costsOf(child, values)] as const);
  const own = values.map((value, index) =>
    node.wanted !== undefined && node.wanted !== value
      ? Infinity
      : children.reduce((sum, [, child]) => sum + Math.min(child.own[index]!, 1 + child.own[child.best]!), 0),
  );
  return { own, best: own.indexOf(Math.min(...own)), children };
}
