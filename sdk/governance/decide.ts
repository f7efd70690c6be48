import { namesObject } from "./pattern";
import { DECISION_NAMES, type DecisionName, type GovernedObject, type Rule } from "./rules";

const MILLISECONDS_A_DAY = 86_400_000;

/** Which rule decided a setting, and whether it matches the object itself or something above it. */
export interface Decided {
  readonly rule: number;
  /** The object that the rule matches. */
  readonly at: readonly string[];
}

/** What rules come to at one object; its children go on from there. */
export interface Standing {
  readonly decided: Readonly<Partial<Record<DecisionName, Decided>>>;
  /** Rules whose pattern names the object or one above it. */
  readonly within: ReadonlySet<number>;
  /** Rules that match the object itself, in order. */
  readonly matching: readonly number[];
  /** For each setting, whether the rule that decides it speaks of the very object, not of everything beneath another. */
  readonly isNamed: Readonly<Record<DecisionName, boolean>>;
}

export const TOP: Standing = { decided: {}, within: new Set(), matching: [], isNamed: { isActive: false, activateNewChildren: false } };

/** One step down. A rule holds for everything beneath what it matches; of those that hold, the last one decides. */
export function stand(above: Standing, object: GovernedObject, rules: readonly Rule[], now: number): Standing {
  const names = object.objectPath.slice(1);
  const within = new Set(above.within);
  const matching: number[] = [];
  const decided: Partial<Record<DecisionName, Decided>> = { ...above.decided };
  const isNamed = { isActive: false, activateNewChildren: false };
  for (const [index, rule] of rules.entries()) {
    const isNamedHere = rule.pattern !== undefined && namesObject(rule.pattern, names);
    if (isNamedHere) within.add(index);
    const isPlaced = rule.pattern === undefined || within.has(index);
    if (!isPlaced || !hasTraits(rule, object, now)) continue;
    // Beneath what a bare pattern names, everything is matched already by what it lies in.
    const isBare = Object.keys(rule.match).length === 1 && rule.pattern !== undefined;
    if (isBare && !isNamedHere) continue;
    matching.push(index);
    for (const name of DECISION_NAMES) {
      if (rule[name] === undefined || index < (decided[name]?.rule ?? -1)) continue;
      decided[name] = { rule: index, at: object.objectPath };
      isNamed[name] = true;
    }
  }
  return { decided, within, matching, isNamed };
}

function hasTraits({ match }: Rule, object: GovernedObject, now: number): boolean {
  const { objectType, tag, owner, olderThanDays, newerThanDays } = match;
  if (objectType !== undefined && ![objectType].flat().includes(object.objectType)) return false;
  if (owner !== undefined && object.owner !== owner) return false;
  if (tag !== undefined && !hasTag(object, tag)) return false;
  if (olderThanDays === undefined && newerThanDays === undefined) return true;
  if (object.createdAt === null) return false;
  const days = (now - Date.parse(object.createdAt)) / MILLISECONDS_A_DAY;
  return days > (olderThanDays ?? -Infinity) && days < (newerThanDays ?? Infinity);
}

function hasTag({ tags }: GovernedObject, wanted: NonNullable<Rule["match"]["tag"]>): boolean {
  const { name, value } = typeof wanted === "string" ? { name: wanted, value: undefined } : wanted;
  return tags.some((tag) => isTagName(tag.name, name) && (value === undefined || tag.value === value));
}

/** Platforms name a tag with its place (`GOVERNANCE.TAGS.PII`); its own name is enough. */
function isTagName(full: string, wanted: string): boolean {
  return full === wanted || full.endsWith(`.${wanted}`);
}
