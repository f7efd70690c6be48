import { fewestOverrides } from "../model/fewest-overrides";
import { formatObjectPath } from "../model/object-path";
import { TOP, stand, type Standing } from "./decide";
import type { DecisionName, Defaults, GovernedObject, Rule } from "./rules";

const TABLE_ELEMENTS = 4;

/** What rules mean for the objects of one connection, as the fewest overrides beneath its top. Paths are in text form. */
export interface Compiled {
  readonly statuses: Readonly<Record<string, boolean>>;
  readonly activateNewChildren: Readonly<Record<string, boolean>>;
  /** Rules that match no object. */
  readonly unmatched: readonly Rule[];
}

interface Node {
  readonly children: Map<string, Node>;
  wanted: boolean | undefined;
}

/**
 * Objects come as lists show them: each before those beneath it. Every table comes to what its last matching rule says, and
 * to the top's setting where there is none. A database or schema comes to what a rule says of it by name; otherwise it may be
 * whatever takes the fewest overrides.
 */
export function compileRules(
  connectionKey: string,
  objects: Iterable<GovernedObject>,
  rules: readonly Rule[],
  defaults: Defaults,
  now: number,
): Compiled {
  const standings = new Map<string, Standing>();
  const trees: Record<DecisionName, Node> = { isActive: node(undefined), activateNewChildren: node(defaults.activateNewChildren) };
  const matched = new Set<number>();
  for (const object of objects) {
    const [, ...names] = object.objectPath;
    if (names.length === 0) continue;
    const above = standings.get(formatObjectPath(names.slice(0, -1))) ?? TOP;
    const standing = stand(above, object, rules, now);
    for (const index of standing.matching) matched.add(index);
    const isTable = object.objectPath.length === TABLE_ELEMENTS;
    if (!isTable) standings.set(formatObjectPath(names), standing);
    const decision = (name: DecisionName) => {
      const decided = standing.decided[name];
      return decided === undefined ? defaults[name] : rules[decided.rule]![name];
    };
    place(trees.isActive, names, isTable || standing.isNamed.isActive ? decision("isActive") : undefined);
    if (!isTable) place(trees.activateNewChildren, names, decision("activateNewChildren"));
  }
  return {
    statuses: overridesOf(trees.isActive, defaults.isActive),
    activateNewChildren: overridesOf(trees.activateNewChildren, defaults.activateNewChildren),
    unmatched: rules.filter((_, index) => !matched.has(index)),
  };

  function overridesOf(root: Node, top: boolean): Record<string, boolean> {
    // The top itself belongs to the connection, so it is what it is.
    const found = fewestOverrides<boolean>({ wanted: top, children: root.children }, top, [false, true]);
    return Object.fromEntries(found.map(({ path, value }) => [formatObjectPath([connectionKey, ...path]), value]));
  }
}

function node(wanted: boolean | undefined): Node {
  return { wanted, children: new Map() };
}

function place(root: Node, names: readonly string[], wanted: boolean | undefined): void {
  let at = root;
  for (const name of names) {
    let child = at.children.get(name);
    if (child === undefined) at.children.set(name, (child = node(undefined)));
    at = child;
  }
  at.wanted = wanted;
}
