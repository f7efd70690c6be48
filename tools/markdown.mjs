/** A row of a table. */
export const row = (...cells) => `| ${cells.join(" | ")} |`;

/** Words of a language, as code. */
export const list = (words) => words.map((word) => `\`${word}\``).join(", ");
