import { formatObjectPath, type ObjectPath } from "../model/object-path";
import { quoted } from "./source-text";

/** From here on overrides are declared as one set, in a file of their own. */
const MOST_SINGLE = 20;

/** The settings of an object that resources declare. */
export interface DeclaredOverride {
  readonly objectPath: ObjectPath;
  readonly isActive?: boolean | undefined;
  readonly activateNewChildren?: boolean | undefined;
}

/** What a program with many overrides needs for them. */
export interface OverrideSet {
  readonly imports: readonly string[];
  /** The statement that declares all of them. */
  readonly statement: string;
  /** Texts by file name, part by part. */
  readonly files: Readonly<Record<string, Iterable<string>>>;
}

const MAPS = [
  ["statuses", "isActive"],
  ["activateNewChildren", "activateNewChildren"],
] as const;

/** Overrides as one resource; undefined where there are so few that each is one of its own. @param name that of the resource */
export function overrideSet(name: string, overrides: Iterable<DeclaredOverride>): OverrideSet | undefined {
  if (!isSet(overrides)) return undefined;
  return {
    imports: ['import { readFileSync } from "node:fs";', 'import { join } from "node:path";'],
    statement: [
      "// By object path: `statuses` says what is active, `activateNewChildren` what",
      "// new objects beneath start as.",
      "const overrides = JSON.parse(",
      '  readFileSync(join(__dirname, "overrides.json"), "utf8"),',
      ");",
      `new ObjectStatuses(${quoted(name)}, overrides);`,
    ].join("\n"),
    files: { "overrides.json": { [Symbol.iterator]: () => jsonOf(overrides) } },
  };
}

function isSet(overrides: Iterable<DeclaredOverride>): boolean {
  let count = 0;
  for (const { isActive, activateNewChildren } of overrides) {
    if ((isActive !== undefined || activateNewChildren !== undefined) && ++count > MOST_SINGLE) return true;
  }
  return false;
}

/** One entry at a time: there may be more of them than fit in memory. */
function* jsonOf(overrides: Iterable<DeclaredOverride>): Generator<string> {
  let maps = 0;
  for (const [name, setting] of MAPS) {
    let entries = 0;
    for (const one of overrides) {
      if (one[setting] === undefined) continue;
      if (entries++ === 0) yield `${maps++ === 0 ? "{" : ","}\n  "${name}": {`;
      else yield ",";
      yield `\n    ${JSON.stringify(formatObjectPath(one.objectPath))}: ${one[setting]}`;
    }
    if (entries > 0) yield "\n  }";
  }
  yield "\n}\n";
}
