/** A text in DuckDB's SQL, for statements that take no bound values (ATTACH). */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
