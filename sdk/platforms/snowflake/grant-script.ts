import { levelOf } from "../../model/object-path";
import type { ExpectedObject, MissingGrant } from "../../model/diagnosis";
import { grantSql } from "./grants";
import { privilegesOf } from "./privileges";
import { qualifiedName } from "./qualified-name";

export interface ScriptOptions {
  readonly role: string;
  /**
   * Every object that should be seen. Where all of one type in one schema lack a privilege, one `ON ALL … IN SCHEMA` takes the
   * place of a statement for each; it also opens what the schema holds beside them. Without it, objects are granted singly.
   */
  readonly wholeSchemasOf?: readonly ExpectedObject[];
}

/** The fewest statements that grant what is missing: one for each target, containers before what is in them. */
export function grantScript(missing: readonly MissingGrant[], { role, wholeSchemasOf = [] }: ScriptOptions): string[] {
  const bulk = bulkTargets(missing, wholeSchemasOf);
  const byTarget = new Map<string, Set<string>>();
  for (const grant of missing) {
    const target = bulk.get(keyOf(grant.objectPath, grant.privilege)) ?? grant.target;
    const privileges = byTarget.get(target);
    if (privileges === undefined) byTarget.set(target, new Set([grant.privilege]));
    else privileges.add(grant.privilege);
  }
  return [...byTarget].map(([target, privileges]) => grantSql([...privileges], target, role));
}

/** Object path and privilege to the bulk target that covers them. */
function bulkTargets(missing: readonly MissingGrant[], expected: readonly ExpectedObject[]): Map<string, string> {
  const lacking = new Set(missing.map(({ objectPath, privilege }) => keyOf(objectPath, privilege)));
  const groups = new Map<string, ExpectedObject[]>();
  for (const object of expected) {
    if (levelOf(object.objectPath) !== "table") continue;
    const key = keyOf(object.objectPath.slice(0, -1), object.objectType);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [object]);
    else group.push(object);
  }
  const targets = new Map<string, string>();
  for (const group of groups.values()) {
    const [first] = group;
    const entry = first && privilegesOf(first.objectType);
    if (first === undefined || entry === undefined || group.length < 2) continue;
    for (const privilege of entry.crawl) {
      const keys = group.map(({ objectPath }) => keyOf(objectPath, privilege));
      if (!keys.every((key) => lacking.has(key))) continue;
      const target = `ALL ${entry.plural} IN SCHEMA ${qualifiedName(first.objectPath.slice(1, 3))}`;
      for (const key of keys) targets.set(key, target);
    }
  }
  return targets;
}

function keyOf(path: readonly string[], what: string): string {
  return JSON.stringify([path, what]);
}
