import { formatObjectPath, type ObjectPath } from "../model/object-path";
import { Entries } from "./json-text";
import { WIDTH } from "./source-text";

/** What a program declares of more objects than that stands in a file beside it. */
export const MOST_IN_TEXT = 20;

/** What a program with such a file imports. */
export const DATA_FILE_IMPORTS = ['import { readFileSync } from "node:fs";', 'import { join } from "node:path";'];

/** The statement that reads `<name>.json` into a constant of that name. */
export function dataFileText(name: string): string {
  const text = `readFileSync(join(__dirname, "${name}.json"), "utf8")`;
  const line = `const ${name} = JSON.parse(${text});`;
  return line.length <= WIDTH ? line : `const ${name} = JSON.parse(\n  ${text},\n);`;
}

/** Values by object path in text form, one at a time; undefined where none has any. @param of undefined: the object is left out */
export function entriesOf<Item>(items: Iterable<Item>, of: (item: Item) => readonly [ObjectPath, unknown]): Entries | undefined {
  const entries = function* (): Generator<[string, unknown]> {
    for (const item of items) {
      const [path, value] = of(item);
      if (value !== undefined) yield [formatObjectPath(path), value];
    }
  };
  for (const _first of entries()) return new Entries(entries);
  return undefined;
}
