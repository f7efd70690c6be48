import fc from "fast-check";
import { fewestOverrides, type Override, type WantedTree } from "./fewest-overrides";

const tree = (wanted: boolean | undefined, children: Record<string, WantedTree<boolean>> = {}): WantedTree<boolean> => ({
  wanted,
  children: new Map(Object.entries(children)),
});

const BOOLEANS = [false, true];

it("sets one value on a schema instead of one on each of its tables", () => {
  const schema = tree(undefined, { orders: tree(true), customers: tree(true), returns: tree(true), secrets: tree(false) });
  expect(fewestOverrides(tree(false, { sales: schema }), false, BOOLEANS)).toEqual([
    { path: ["sales"], value: true },
    { path: ["sales", "secrets"], value: false },
  ]);
});

it("leaves tables inactive that nobody named", () => {
  const schema = tree(false, { orders: tree(true), customers: tree(true) });
  expect(fewestOverrides(schema, false, BOOLEANS)).toEqual([
    { path: ["orders"], value: true },
    { path: ["customers"], value: true },
  ]);
});

it("sets nothing where everything is inherited or does not matter", () => {
  expect(fewestOverrides(tree(undefined, { a: tree(undefined), b: tree(false) }), false, BOOLEANS)).toEqual([]);
});

const VALUES = ["a", "b", "c"];
const wanted = fc.option(fc.constantFrom(...VALUES), { nil: undefined });

/** At most six nodes, each beneath any of those before it. */
const smallTree = fc.tuple(wanted, fc.array(fc.tuple(fc.nat(), wanted), { maxLength: 5 })).map(([rootWanted, more]) => {
  const nodes = [{ wanted: rootWanted, children: new Map<string, WantedTree<string>>() }];
  for (const [parent, own] of more) {
    const node = { wanted: own, children: new Map<string, WantedTree<string>>() };
    nodes[parent % nodes.length]!.children.set(`n${nodes.length}`, node);
    nodes.push(node);
  }
  return nodes[0]!;
});

it("gives every node its wanted value with as few overrides as there can be", () => {
  fc.assert(
    fc.property(smallTree, fc.constantFrom(...VALUES), (root, inherited) => {
      const overrides = fewestOverrides(root, inherited, VALUES);
      expect(isRight(root, inherited, overrides)).toBe(true);
      expect(overrides).toHaveLength(fewestByTrying(root, inherited));
    }),
    { numRuns: 300 },
  );
});

it("takes a time that grows with the tree and no faster", () => {
  const wide = (count: number) =>
    tree(false, Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, tree(index % 3 === 0)])));
  expect(fewestOverrides(wide(300_000), false, BOOLEANS)).toHaveLength(100_000);
});

function pathsOf(node: WantedTree<string>, path: readonly string[] = []): (readonly string[])[] {
  return [path, ...[...(node.children ?? [])].flatMap(([name, child]) => pathsOf(child, [...path, name]))];
}

function isRight(
  node: WantedTree<string>,
  inherited: string,
  overrides: readonly Override<string>[],
  path: readonly string[] = [],
): boolean {
  const value = overrides.find((override) => override.path.join("/") === path.join("/"))?.value ?? inherited;
  if (node.wanted !== undefined && node.wanted !== value) return false;
  return [...(node.children ?? [])].every(([name, child]) => isRight(child, value, overrides, [...path, name]));
}

/** By every way of setting or not setting each node. */
function fewestByTrying(root: WantedTree<string>, inherited: string): number {
  const paths = pathsOf(root);
  const choices = [undefined, ...VALUES];
  let fewest = Infinity;
  for (let number = 0; number < choices.length ** paths.length; number++) {
    const overrides = paths.flatMap((path, index) => {
      const value = choices[Math.floor(number / choices.length ** index) % choices.length];
      return value === undefined ? [] : [{ path, value }];
    });
    if (overrides.length < fewest && isRight(root, inherited, overrides)) fewest = overrides.length;
  }
  return fewest;
}
