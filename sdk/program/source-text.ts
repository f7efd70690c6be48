/** A part of a program that is no value: an expression, written as it is. */
export class Expression {
  constructor(readonly text: string) {}
}

/** A value as TypeScript source, members of objects on lines of their own. */
export function sourceText(value: unknown, indent = ""): string {
  if (value instanceof Expression) return value.text;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((member) => typeof member !== "object")) return `[${value.map((member) => sourceText(member)).join(", ")}]`;
    return `[\n${value.map((member) => `${inner}${sourceText(member, inner)},\n`).join("")}${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return "{}";
  return `{\n${members.map(([name, member]) => `${inner}${keyText(name)}: ${sourceText(member, inner)},\n`).join("")}${indent}}`;
}

function keyText(name: string): string {
  // As a plain key, __proto__ would set the prototype.
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
