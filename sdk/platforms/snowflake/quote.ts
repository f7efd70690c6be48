/** A name in Snowflake's SQL, kept exactly as it is: case, spaces, dots and quotes. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
