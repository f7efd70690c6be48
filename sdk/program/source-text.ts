// Text of a TypeScript program, laid out as prettier does with its defaults.

/** Columns of a line. */
export const WIDTH = 80;

/** A part of a program that is not a value: written as it is. */
export class Call {
  constructor(
    readonly callee: string,
    readonly argument: string,
  ) {}
}

/** A small object that stands on one line where it fits. */
export class Flat {
  constructor(readonly members: Readonly<Record<string, string | number>>) {}
}

/** `export`-free statement `const name = ["a", "b"];`, on one line if it fits. */
export function constOfTexts(name: string, texts: readonly string[]): string {
  const head = `const ${name} = `;
  const line = `${head}[${texts.map(quoted).join(", ")}];`;
  if (line.length <= WIDTH) return line;
  return `${head}[\n${texts.map((text) => `  ${quoted(text)},\n`).join("")}];`;
}

/** `import { a, b } from "module";`, on one line if it fits. */
export function importOf(names: readonly string[], module: string): string {
  const line = `import { ${names.join(", ")} } from ${quoted(module)};`;
  if (line.length <= WIDTH) return line;
  return `import {\n${names.map((name) => `  ${name},\n`).join("")}} from ${quoted(module)};`;
}

/** An object with each member on lines of its own, from the column `indent`; members that are undefined are left out. */
export function objectText(value: Readonly<Record<string, unknown>>, indent = ""): string {
  const inner = `${indent}  `;
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  const members = given.map(([name, member]) => `${inner}${memberText(name, member, inner)},\n`);
  return members.length === 0 ? "{}" : `{\n${members.join("")}${indent}}`;
}

function memberText(name: string, value: unknown, indent: string): string {
  const key = keyText(name);
  const fits = (text: string) => indent.length + key.length + 2 + widthOf(text) + 1 <= WIDTH;
  if (value instanceof Call) {
    const argument = quoted(value.argument);
    const line = `${value.callee}(${argument})`;
    return `${key}: ${fits(line) ? line : `${value.callee}(\n${indent}  ${argument},\n${indent})`}`;
  }
  if (typeof value === "string") {
    const text = quoted(value);
    return fits(text) ? `${key}: ${text}` : `${key}:\n${indent}  ${text}`;
  }
  if (Array.isArray(value) && value.every((member) => member instanceof Flat)) return `${key}: ${flatsText(value, indent, fits)}`;
  if (Array.isArray(value)) return `${key}: ${arrayText(value, indent, fits)}`;
  if (typeof value === "object" && value !== null) return `${key}: ${objectText(value as Record<string, unknown>, indent)}`;
  return `${key}: ${JSON.stringify(value)}`;
}

function arrayText(value: readonly unknown[], indent: string, fits: (text: string) => boolean): string {
  const inner = `${indent}  `;
  const isPlain = value.every((member) => typeof member !== "object" || member === null);
  const texts = value.map((member) =>
    typeof member === "string"
      ? quoted(member)
      : typeof member === "object" && member !== null
        ? objectText(member as Record<string, unknown>, inner)
        : JSON.stringify(member),
  );
  const line = `[${texts.join(", ")}]`;
  return isPlain && fits(line) ? line : `[\n${texts.map((text) => `${inner}${text},\n`).join("")}${indent}]`;
}

/** More than one object in a list stand on lines of their own. */
function flatsText(values: readonly Flat[], indent: string, fits: (text: string) => boolean): string {
  const inner = `${indent}  `;
  const inLine = ({ members }: Flat) =>
    `{ ${Object.entries(members)
      .map(([name, one]) => `${keyText(name)}: ${plainText(one)}`)
      .join(", ")} }`;
  const [first] = values;
  if (values.length === 1 && fits(`[${inLine(first!)}]`)) return `[${inLine(first!)}]`;
  const texts = values.map((value) => {
    const line = inLine(value);
    return inner.length + widthOf(line) + 1 <= WIDTH ? line : objectText(value.members, inner);
  });
  return `[\n${texts.map((text) => `${inner}${text},\n`).join("")}${indent}]`;
}

function plainText(value: string | number): string {
  return typeof value === "string" ? quoted(value) : String(value);
}

function keyText(name: string): string {
  // As a plain key, __proto__ would set the prototype.
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** In double quotes, or in single ones where that needs fewer backslashes. */
export function quoted(text: string): string {
  const count = (quote: string) => text.split(quote).length - 1;
  // Escapes of control characters, lone surrogates included, are JSON's.
  const inDouble = JSON.stringify(text);
  if (count('"') <= count("'")) return inDouble;
  return `'${inDouble.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Columns that a text takes: prettier counts wide characters twice. */
function widthOf(text: string): number {
  return [...text].reduce((width, character) => width + (isWide(character) ? 2 : 1), 0);
}

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    character,
  );
}
