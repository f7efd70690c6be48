/** An object whose members need not be in memory. */
export class Entries {
  constructor(readonly entries: () => Iterable<readonly [string, unknown]>) {}
}

/**
 * What `JSON.stringify(value, undefined, 2)` gives, part by part; lists may be anything that can be iterated, objects may be `Entries`,
 * and neither is in memory as a whole. Takes plain values only.
 */
export function* jsonText(value: unknown, indent = ""): Generator<string> {
  if (typeof value !== "object" || value === null) yield JSON.stringify(value ?? null);
  else if (Symbol.iterator in value) yield* enclosed("[", elements(value as Iterable<unknown>, `${indent}  `), indent, "]");
  else yield* enclosed("{", members(value, `${indent}  `), indent, "}");
}

function* elements(values: Iterable<unknown>, indent: string): Generator<Iterable<string>> {
  for (const value of values) yield jsonText(value, indent);
}

function* members(value: object, indent: string): Generator<Iterable<string>> {
  for (const [name, member] of value instanceof Entries ? value.entries() : Object.entries(value)) {
    if (member !== undefined) yield named(name, member, indent);
  }
}

function* named(name: string, member: unknown, indent: string): Generator<string> {
  yield `${JSON.stringify(name)}: `;
  yield* jsonText(member, indent);
}

function* enclosed(open: string, parts: Iterable<Iterable<string>>, indent: string, close: string): Generator<string> {
  let before = open;
  for (const part of parts) {
    yield `${before}\n${indent}  `;
    yield* part;
    before = ",";
  }
  yield before === open ? open + close : `\n${indent}${close}`;
}
