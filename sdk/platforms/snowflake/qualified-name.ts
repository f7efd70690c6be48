import { quoteIdentifier } from "./quote";

/** Database, schema and object as SQL takes them: every name quoted, joined by dots. */
export function qualifiedName(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(".");
}

/** Names joined by dots as `SHOW GRANTS` prints them: quoted only where SQL needs it. */
export function writtenName(names: readonly string[]): string {
  return names.map((name) => (/^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : quoteIdentifier(name))).join(".");
}

/**
 * The names in a qualified name as `SHOW GRANTS` prints it: quoted where a name needs quotes, bare otherwise (and then
 * already in its exact case). Undefined where the text is no such name.
 */
export function parseQualifiedName(text: string): string[] | undefined {
  const names: string[] = [];
  const element = /("(?:[^"]|"")+"|[^".]+)(\.|$)/suy;
  while (element.lastIndex < text.length) {
    const match = element.exec(text);
    if (match === null) return undefined;
    const [, name = "", separator] = match;
    names.push(name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);
    if (separator === "") return names;
  }
  return undefined;
}

/**
 * The name of an account object (database, role) as `SHOW` prints it. One such name is never qualified, so a dot in it is
 * a part of it even without quotes.
 */
export function parseAccountName(text: string): string {
  return /^"(?:[^"]|"")+"$/su.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}
