/** The parts of SQL: comments, quoted names and texts as one each, everything else letter by letter. */
const PART = /--[^\n]*|"(?:[^"]|"")*"|`(?:[^`]|``)*`|'(?:[^'\\]|''|\\.)*'|[^]/g;

/** The statements of a script as a database would run them, each with its `;` and without comments. */
export function statementsOf(script: string): string[] {
  const statements: string[] = [];
  let current = "";
  for (const [part] of script.matchAll(PART)) {
    if (part.startsWith("--")) continue;
    current += part;
    if (part !== ";") continue;
    statements.push(current.trim());
    current = "";
  }
  if (current.trim() !== "") throw new Error(`a statement without an end: ${current}`);
  return statements;
}

/** What is left of a statement without its names and texts: the words that do something. */
export function wordsOf(statement: string): string {
  return [...statement.matchAll(PART)].map(([part]) => (/^["'`]/.test(part) ? "?" : part)).join("");
}
