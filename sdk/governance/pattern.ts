import picomatch from "picomatch";
import { BadRequestError } from "../model/errors";

/** One glob for each level beneath the connection: database, schema, table. */
export interface Pattern {
  readonly elements: readonly ((name: string) => boolean)[];
}

const MOST_ELEMENTS = 3;
// Inside a name, a slash and a dot are letters as any other; to the glob library they are not. Private characters stand for them.
const SLASH = "\uE000";
const DOT = "\uE001";

/**
 * Reads a pattern over names beneath a connection: one to three globs joined by dots (`sales.*.fct_*`), case-sensitive. A name
 * in double quotes is taken as it is, whatever it holds (`sales."my.schema".*`; a quote inside is doubled); `\.` is a dot
 * inside a glob.
 * @throws BadRequestError saying what is wrong.
 */
export function parsePattern(text: string): Pattern {
  const elements = split(text);
  if (elements.length > MOST_ELEMENTS) {
    throw wrong(
      text,
      `has ${elements.length} names; a pattern names database, schema and table, without the connection. Quote a name with dots: "a.b"`,
    );
  }
  return { elements: elements.map((element) => matcherOf(element, text)) };
}

/** Whether a pattern names exactly this object; `names` are those beneath the connection. */
export function namesObject({ elements }: Pattern, names: readonly string[]): boolean {
  return elements.length === names.length && elements.every((matches, index) => matches(names[index]!));
}

interface Element {
  readonly text: string;
  readonly isQuoted: boolean;
}

function matcherOf({ text, isQuoted }: Element, whole: string): (name: string) => boolean {
  if (isQuoted) return (name) => name === text;
  if (text === "") throw wrong(whole, "has an empty name; write * for any");
  if (text === "**") throw wrong(whole, 'has "**"; a rule holds for everything beneath what it names, so leave it out, or write *');
  const isMatch = picomatch(hidden(text.replaceAll("\\.", DOT)), { dot: true, nonegate: true, strictSlashes: true, flags: "s" });
  return (name) => isMatch(hidden(name));
}

function hidden(text: string): string {
  return text.replaceAll("/", SLASH).replaceAll(".", DOT);
}

function split(text: string): Element[] {
  const elements: Element[] = [];
  let rest = text;
  for (;;) {
    const quoted = /^"((?:[^"]|"")+)"(?=\.|$)/.exec(rest);
    if (quoted === null && rest.startsWith('"')) throw wrong(text, "has a quoted name that does not end; close it with a double quote");
    const plain = quoted ?? /^(?:\\.|[^.\\])*/su.exec(rest)!;
    elements.push(quoted === null ? { text: plain[0], isQuoted: false } : { text: quoted[1]!.replaceAll('""', '"'), isQuoted: true });
    rest = rest.slice(plain[0].length);
    if (rest === "") return elements;
    rest = rest.slice(1);
  }
}

function wrong(text: string, reason: string): BadRequestError {
  return new BadRequestError(`pattern ${JSON.stringify(text)} ${reason}`);
}
