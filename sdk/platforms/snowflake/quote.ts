/** A name as an identifier of Snowflake's SQL, exactly as it is. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in Snowflake's SQL, for statements that take no bound values (SHOW). A backslash escapes there. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** The exact name that connection parameters mean: `gov_wh` is GOV_WH, `"gov wh"` is gov wh. */
export function exactName(parameter: string): string {
  if (/^".*"$/s.test(parameter)) return parameter.slice(1, -1).replaceAll('""', '"');
  return /^[A-Za-z_][\w$]*$/.test(parameter) ? parameter.toUpperCase() : parameter;
}
