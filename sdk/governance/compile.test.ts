import fc from "fast-check";
import type { ObjectType } from "../model/data-object";
import { compileRules } from "./compile";
import { explainObject } from "./explain";
import type { GovernedObject } from "./rules";
import { normalizeRules, ruleProblems } from "./rules-schema";

const NOW = Date.parse("2026-06-01T00:00:00Z");
const DEFAULTS = { isActive: false, activateNewChildren: false };

type Traits = Partial<Omit<GovernedObject, "objectPath">>;

function object(path: string, traits: Traits = {}): GovernedObject {
  const objectPath = ["w", ...path.split("/").filter((name) => name !== "")];
  const objectType = (["connection", "database", "schema", "table"] as const)[objectPath.length - 1]!;
  return { objectPath, objectType, owner: null, createdAt: null, tags: [], ...traits };
}

/** Tables with all that they lie in, in order of the path. */
function tree(tables: Readonly<Record<string, Traits>>): GovernedObject[] {
  const paths = new Map<string, Traits>([["", {}]]);
  for (const [path, traits] of Object.entries(tables)) {
    const names = path.split("/");
    for (let length = 1; length < names.length; length++) {
      const above = names.slice(0, length).join("/");
      if (!paths.has(above)) paths.set(above, {});
    }
    paths.set(path, { ...paths.get(path), ...traits });
  }
  const sorted = [...paths].sort(([a], [b]) => (a.replaceAll("/", "\u0001") < b.replaceAll("/", "\u0001") ? -1 : 1));
  return sorted.map(([path, traits]) => object(path, traits));
}

const compile = (tables: Readonly<Record<string, Traits>>, rules: unknown[], defaults = DEFAULTS) => {
  expect(ruleProblems(rules)).toEqual([]);
  return compileRules("w", tree(tables), normalizeRules(rules), defaults, NOW);
};

const SALES = {
  "sales/main/fct_orders": {},
  "sales/main/dim_customers": {},
  "sales/main/dim_shops": {},
  "sales/main/dim_days": {},
  "sales/raw/fct_x": {},
};

it("activates what a glob matches, and lets later rules win, also over what lies beneath", () => {
  expect(compile(SALES, [{ "sales.*.fct_*": "active" }]).statuses).toEqual({ "w/sales/main/fct_orders": true, "w/sales/raw/fct_x": true });
  expect(compile(SALES, [{ "sales.*.fct_*": "active" }, { "sales.raw": "inactive" }]).statuses).toEqual({
    "w/sales/main/fct_orders": true,
  });
  expect(compile(SALES, [{ "sales.raw": "inactive" }, { "sales.*.fct_*": "active" }]).statuses).toEqual({
    "w/sales/main/fct_orders": true,
    "w/sales/raw/fct_x": true,
  });
});

it("sets a schema instead of each of its tables, where that takes fewer", () => {
  expect(compile(SALES, [{ "sales.main.*": "active" }]).statuses).toEqual({ "w/sales/main": true });
  expect(compile(SALES, [{ "sales.main.dim_*": "active" }]).statuses).toEqual({ "w/sales/main": true, "w/sales/main/fct_orders": false });
});

it("knows types, tags of objects and columns, owners and age", () => {
  const view: ObjectType = "view";
  const tables = {
    "s/a/1": { objectType: view },
    "s/a/2": { tags: [{ name: "GOV.TAGS.PII", value: "high" }] },
    "s/b/3": { owner: "ETL" },
    "s/b/4": { createdAt: "2026-01-01T00:00:00Z" },
    "s/b/5": { createdAt: "2026-05-30T00:00:00Z" },
  };
  const active = (match: object) => Object.keys(compile(tables, [{ match, isActive: true }]).statuses);
  expect(active({ objectType: "view" })).toEqual(["w/s/a/1"]);
  expect(active({ objectType: ["view", "external table"], path: "s.b" })).toEqual([]);
  expect(active({ tag: "PII" })).toEqual(["w/s/a/2"]);
  expect(active({ tag: { name: "GOV.TAGS.PII", value: "low" } })).toEqual([]);
  expect(active({ tag: { name: "PII", value: "high" }, path: "s.a" })).toEqual(["w/s/a/2"]);
  expect(active({ owner: "ETL" })).toEqual(["w/s/b/3"]);
  expect(active({ olderThanDays: 90 })).toEqual(["w/s/b/4"]);
  expect(active({ newerThanDays: 7 })).toEqual(["w/s/b/5"]);
});

it("takes a match as a rule's key", () => {
  const tables = { "s/a/1": {}, "s/a/2": { tags: [{ name: "pii", value: "" }] } };
  expect(compile(tables, [{ s: "active" }, { [JSON.stringify({ tag: "pii" })]: "inactive" }]).statuses).toEqual({
    "w/s": true,
    "w/s/a/2": false,
  });
});

it("decides what new objects start as, for databases and schemas", () => {
  const rules = [{ sales: { activateNewChildren: true } }, { match: { path: "sales.raw" }, activateNewChildren: false, isActive: true }];
  expect(compile(SALES, rules)).toEqual({
    statuses: { "w/sales/raw": true },
    activateNewChildren: { "w/sales": true, "w/sales/raw": false },
    unmatched: [],
  });
});

it("names rules that match nothing", () => {
  const { unmatched } = compile(SALES, [{ "sale.*": "active" }, { "sales.*": "active" }]);
  expect(unmatched.map(({ text }) => text)).toEqual(["sale.*: active"]);
});

it.each([
  [[{ "a.b.c.d": "active" }], "rules.0", /has 4 names/],
  [[{ a: "on" }], "rules.0.a", /./],
  [[{ a: "active", b: "active" }], "rules.0", /give one pattern a rule/],
  [[{ match: {}, isActive: true }], "rules.0.match", /asks for nothing/],
  [[{ match: { tags: "x" }, isActive: true }], "rules.0.match.tags", /unknown field/],
  [[{ match: { objectType: "tabel" } }], "rules.0.match.objectType", /./],
  [[{ '{"tagg":"x"}': "active" }], "rules.0", /tagg: unknown field/],
  ["x", "rules", /expected an array/],
])("refuses %j, naming the rule", (rules, field, reason) => {
  const [problem] = ruleProblems(rules);
  expect(problem).toMatchObject({ field, reason: expect.stringMatching(reason) as string });
});

/** Names, rules and traits of a small world, so that rules often meet. */
const tablesOf = fc.dictionary(
  fc.constantFrom("d/s/t", "d/s/u", "d/s/v", "d/s/w", "d/r/t", "d/r/v", "e/s/t"),
  fc.record({
    objectType: fc.constantFrom<ObjectType>("table", "view"),
    owner: fc.constantFrom("A", "B"),
    tags: fc.constantFrom<GovernedObject["tags"]>([], [{ name: "pii", value: "1" }]),
  }),
  { maxKeys: 6 },
);
const verdict = fc.record({ isActive: fc.boolean(), activateNewChildren: fc.boolean() }, { requiredKeys: [] });
const ruleOf = fc.oneof(
  fc
    .tuple(fc.constantFrom("d", "*", "d.s", "*.s", "*.*.t", "d.*.*", "d.s.*", "d.s.t", "d.s.u", "e.s.t", "*.r"), verdict)
    .map(([path, is]) => ({ [path]: is })),
  fc
    .tuple(
      fc.constantFrom({ tag: "pii" }, { owner: "A" }, { objectType: "view" }, { path: "d", owner: "B" }, { path: "*.s", tag: "pii" }),
      verdict,
    )
    .map(([match, is]) => ({ match, ...is })),
);

describe("whatever the rules", () => {
  it("compiled overrides mean what the rules say, and there are no fewer that do", () => {
    fc.assert(
      fc.property(
        tablesOf,
        fc.array(ruleOf, { maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        (tables, rules, isActive, activateNewChildren) => {
          const objects = tree(tables);
          const compiled = compile(tables, rules, { isActive, activateNewChildren });
          for (const [name, map, top] of [
            ["isActive", compiled.statuses, isActive],
            ["activateNewChildren", compiled.activateNewChildren, activateNewChildren],
          ] as const) {
            const wanted = meaning(objects, rules, name, top);
            expect(holds(objects, map, top, wanted)).toBe(true);
            expect(Object.keys(map)).toHaveLength(fewestByTrying(objects, top, wanted));
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("the explanation of every table names what it comes to", () => {
    fc.assert(
      fc.property(tablesOf, fc.array(ruleOf, { maxLength: 4 }), (tables, rules) => {
        const objects = tree(tables);
        const known = new Map(objects.map((one) => [one.objectPath.join("/"), one]));
        const { statuses } = compile(tables, rules);
        for (const { objectPath } of objects.filter(({ objectPath: path }) => path.length === 4)) {
          const { isActive } = explainObject(objectPath, (path) => known.get(path.join("/")), normalizeRules(rules), DEFAULTS, NOW);
          expect(isActive.value).toBe(effective(objectPath, statuses, false));
        }
      }),
    );
  });
});

/** The rules, read as plainly as can be: the last one that matches the object or anything above it. */
function meaning(objects: readonly GovernedObject[], rules: readonly object[], name: "isActive" | "activateNewChildren", top: boolean) {
  const wanted = new Map<string, boolean>();
  const byPath = new Map(objects.map((one) => [one.objectPath.join("/"), one]));
  for (const one of objects.slice(1)) {
    const last = (at: readonly GovernedObject[]) => {
      const index = rules.map((rule) => name in verdictOf(rule) && at.some((candidate) => speaksOf(rule, candidate))).lastIndexOf(true);
      return index < 0 ? undefined : { index, value: verdictOf(rules[index]!)[name]! };
    };
    const above = one.objectPath.map((_, index) => byPath.get(one.objectPath.slice(0, index + 1).join("/"))!).slice(1);
    const decided = last(above);
    const isTable = one.objectPath.length === 4;
    const isNamed = decided !== undefined && speaksOf(rules[decided.index]!, one);
    const counts = name === "isActive" ? isTable || isNamed : !isTable;
    if (counts) wanted.set(one.objectPath.join("/"), decided?.value ?? top);
  }
  return wanted;
}

function verdictOf(rule: object): { isActive?: boolean; activateNewChildren?: boolean } {
  return "match" in rule ? (rule as object) : (Object.values(rule)[0] as object);
}

function speaksOf(rule: object, { objectPath, objectType, owner, tags }: GovernedObject): boolean {
  const match = ("match" in rule ? rule.match : { path: Object.keys(rule)[0] }) as Record<string, string>;
  const names = objectPath.slice(1);
  const globs = match["path"]?.split(".") ?? [];
  const isBeneath = globs.length <= names.length && globs.every((glob, index) => glob === "*" || glob === names[index]);
  if (!isBeneath || (Object.keys(match).length === 1 && globs.length > 0 && globs.length < names.length)) return false;
  if (match["owner"] !== undefined && match["owner"] !== owner) return false;
  if (match["objectType"] !== undefined && match["objectType"] !== objectType) return false;
  return match["tag"] === undefined || tags.some((tag) => tag.name === match["tag"]);
}

function effective(path: readonly string[], map: Readonly<Record<string, boolean>>, top: boolean): boolean {
  return path.reduce((value, _, index) => map[path.slice(0, index + 1).join("/")] ?? value, top);
}

function holds(
  objects: readonly GovernedObject[],
  map: Readonly<Record<string, boolean>>,
  top: boolean,
  wanted: ReadonlyMap<string, boolean>,
): boolean {
  return objects.every(({ objectPath }) => {
    const value = wanted.get(objectPath.join("/"));
    return value === undefined || effective(objectPath, map, top) === value;
  });
}

/** Tries every way to set true or false on no object, then on each one, each two, and so on, until one means what is wanted. */
function fewestByTrying(objects: readonly GovernedObject[], top: boolean, wanted: ReadonlyMap<string, boolean>): number {
  const paths = objects.slice(1).map(({ objectPath }) => objectPath.join("/"));
  const isEnough = (map: Readonly<Record<string, boolean>>, from: number, left: number): boolean => {
    if (left === 0) return holds(objects, map, top, wanted);
    return paths.slice(from).some((path, index) => {
      const next = from + index + 1;
      return isEnough({ ...map, [path]: true }, next, left - 1) || isEnough({ ...map, [path]: false }, next, left - 1);
    });
  };
  for (let count = 0; ; count++) if (isEnough({}, 0, count)) return count;
}
