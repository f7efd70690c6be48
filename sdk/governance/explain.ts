import { lineage, type ObjectPath } from "../model/object-path";
import { TOP, stand, type Decided, type Standing } from "./decide";
import { DECISION_NAMES, type DecisionName, type Defaults, type GovernedObject, type Rule } from "./rules";

/** Why one setting of an object comes to what it does. */
export interface Explained {
  readonly value: boolean;
  /** The rule that decided, and the object that it matches: this one or one above; undefined where no rule holds. */
  readonly by: Decided | undefined;
  /** Rules that hold too, but stand before the one that decided. */
  readonly overruled: readonly number[];
}

/**
 * Which rules decided the settings of an object. Of objects that are not registered nothing is known but their path.
 * @param known registered objects by path as text.
 */
export function explainObject(
  path: ObjectPath,
  known: (path: ObjectPath) => GovernedObject | undefined,
  rules: readonly Rule[],
  defaults: Defaults,
  now: number,
): Readonly<Record<DecisionName, Explained>> {
  let standing: Standing = TOP;
  const holding = new Set<number>();
  for (const at of lineage(path).slice(1)) {
    standing = stand(standing, known(at) ?? unregistered(at), rules, now);
    for (const rule of standing.matching) holding.add(rule);
  }
  const explain = (name: DecisionName): Explained => {
    const by = standing.decided[name];
    const overruled = [...holding].filter((rule) => rule !== by?.rule && rules[rule]![name] !== undefined).sort((a, b) => a - b);
    return { value: by === undefined ? defaults[name] : rules[by.rule]![name]!, by, overruled };
  };
  return Object.fromEntries(DECISION_NAMES.map((name) => [name, explain(name)])) as Record<DecisionName, Explained>;
}

function unregistered(objectPath: ObjectPath): GovernedObject {
  const objectType = (["connection", "database", "schema", "table"] as const)[objectPath.length - 1]!;
  return { objectPath, objectType, owner: null, createdAt: null, tags: [] };
}
