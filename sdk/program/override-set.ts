import type { ObjectPath } from "../model/object-path";
import { DATA_FILE_IMPORTS, dataFileText, entriesOf, MOST_IN_TEXT } from "./data-file";
import { Entries, jsonText } from "./json-text";
import { quoted } from "./source-text";

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
    imports: DATA_FILE_IMPORTS,
    statement: [
      "// By object path: `statuses` says what is active, `activateNewChildren` what",
      "// new objects beneath start as.",
      dataFileText("overrides"),
      `new ObjectStatuses(${quoted(name)}, overrides);`,
    ].join("\n"),
    files: { "overrides.json": { [Symbol.iterator]: () => jsonOf(overrides) } },
  };
}

function isSet(overrides: Iterable<DeclaredOverride>): boolean {
  let count = 0;
  for (const { isActive, activateNewChildren } of overrides) {
    if ((isActive !== undefined || activateNewChildren !== undefined) && ++count > MOST_IN_TEXT) return true;
  }
  return false;
}

/** One entry at a time: there may be more of them than fit in memory. */
function* jsonOf(overrides: Iterable<DeclaredOverride>): Generator<string> {
  yield* jsonText(
    new Entries(() =>
      MAPS.map(([name, setting]) => [name, entriesOf(overrides, ({ objectPath, [setting]: value }) => [objectPath, value])]),
    ),
  );
  yield "\n";
}
