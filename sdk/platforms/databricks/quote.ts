/** A name as an identifier of Databricks' SQL, exactly as it is (a backtick inside is doubled). */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
