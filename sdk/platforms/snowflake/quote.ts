/** A name as an identifier of Snowflake's SQL, exactly as it is. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
