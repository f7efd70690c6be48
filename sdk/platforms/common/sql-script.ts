/** Text as comment lines of SQL. A line break inside a name would end the comment, so it is shown as `?`. */
export function sqlComment(...lines: readonly string[]): string {
  return lines.map((line) => `-- ${line.replace(/[\p{Cc}\u2028\u2029]/gu, "?")}`).join("\n");
}

/** One text out of blocks of lines, an empty line between two of them. */
export function sqlScript(...blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
