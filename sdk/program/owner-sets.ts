import type { ObjectPath } from "../model/object-path";
import { PRINCIPAL_SETTINGS, type PrincipalReference } from "../model/settings";
import { DATA_FILE_IMPORTS, dataFileText, entriesOf, MOST_IN_TEXT } from "./data-file";
import { Entries, jsonText } from "./json-text";
import type { OverrideSet } from "./override-set";
import { Flat, objectText, quoted } from "./source-text";

/** Who owns or administers an object, beside those of the objects above it. */
export interface DeclaredOwners {
  readonly objectPath: ObjectPath;
  readonly dataOwners?: readonly PrincipalReference[] | undefined;
  readonly infrastructureAdmins?: readonly PrincipalReference[] | undefined;
}

/** The owners of one connection's objects. */
export interface OwnerSet {
  /** Of the resource that declares them. */
  readonly name: string;
  /** Read more than once, one at a time. A list of nobody counts as none: it has no effect. */
  readonly owners: Iterable<DeclaredOwners>;
}

/** Owners as a resource for each connection that has some, in a file where they are many; undefined where nobody owns anything. */
export function ownerSets(sets: readonly OwnerSet[]): OverrideSet | undefined {
  const filled = sets.flatMap(({ name, owners }) => {
    const args = argsOf(owners);
    return args === undefined ? [] : [{ name, args }];
  });
  if (filled.length === 0) return undefined;
  if (isSmall(sets)) {
    const statements = filled.map(({ name, args }) => `new ObjectOwners(${quoted(name)}, ${objectText(inText(args))});`);
    return { imports: [], statement: statements.join("\n\n"), files: {} };
  }
  const all = new Entries(() => filled.map(({ name, args }) => [name, args]));
  return {
    imports: DATA_FILE_IMPORTS,
    statement: [
      "// By connection, then by object path: who owns what is there and beneath it.",
      dataFileText("owners"),
      "for (const [name, args] of Object.entries<object>(owners)) {",
      "  new ObjectOwners(name, args);",
      "}",
    ].join("\n"),
    files: { "owners.json": { [Symbol.iterator]: () => withNewline(jsonText(all)) } },
  };
}

type Args = Readonly<Record<string, Entries>>;

function argsOf(owners: Iterable<DeclaredOwners>): Args | undefined {
  const maps = PRINCIPAL_SETTINGS.flatMap((setting) => {
    const map = entriesOf(owners, ({ objectPath, [setting]: list = [] }) => [objectPath, list.length === 0 ? undefined : list]);
    return map === undefined ? [] : [[setting, map] as const];
  });
  return maps.length === 0 ? undefined : Object.fromEntries(maps);
}

function isSmall(sets: readonly OwnerSet[]): boolean {
  let count = 0;
  for (const { owners } of sets) {
    for (const { dataOwners = [], infrastructureAdmins = [] } of owners) {
      count += dataOwners.length + infrastructureAdmins.length;
      if (count > MOST_IN_TEXT) return false;
    }
  }
  return true;
}

function inText(args: Args): Readonly<Record<string, unknown>> {
  const flat = (list: unknown) => (list as readonly object[]).map((one) => new Flat({ ...one }));
  return Object.fromEntries(
    Object.entries(args).map(([setting, map]) => [
      setting,
      Object.fromEntries([...map.entries()].map(([path, list]) => [path, flat(list)])),
    ]),
  );
}

function* withNewline(parts: Iterable<string>): Generator<string> {
  yield* parts;
  yield "\n";
}
