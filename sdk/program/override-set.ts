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
  readonly files: Readonly<Record<string, string>>;
}

/** Overrides as one resource; undefined where there are so few that each is one of its own. @param name that of the resource */
export function overrideSet(name: string, overrides: readonly DeclaredOverride[]): OverrideSet | undefined {
  const own = overrides.filter(({ isActive, activateNewChildren }) => isActive !== undefined || activateNewChildren !== undefined);
  if (own.length <= MOST_SINGLE) return undefined;
  const map = (setting: "isActive" | "activateNewChildren") =>
    Object.fromEntries(own.flatMap((one) => (one[setting] === undefined ? [] : [[formatObjectPath(one.objectPath), one[setting]]])));
  const maps = Object.entries({ statuses: map("isActive"), activateNewChildren: map("activateNewChildren") });
  const given = Object.fromEntries(maps.filter(([, values]) => Object.keys(values).length > 0));
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
    files: { "overrides.json": `${JSON.stringify(given, undefined, 2)}\n` },
  };
}
