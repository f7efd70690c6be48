// The tables of docs/databricks-privileges.md, from the table in the code.

import { list, row } from "./markdown.mjs";

/** What a connection needs and what policies grant, a row an object type. */
export function policyPrivileges({ PRIVILEGES, PRIVILEGES_PAGE }) {
  return [
    row("object type", "needed by the connection", "read policy grants", "write policy grants", "note"),
    row(...Array(5).fill("---")),
    ...PRIVILEGES.map(({ objectType, crawl, read, write, note }) => row(objectType, list(crawl), list(read), list(write), note)),
    "",
    `Source: [privileges by object](${PRIVILEGES_PAGE}).`,
  ].join("\n");
}

export function containerPrivileges({ CATALOG_PRIVILEGES, SCHEMA_PRIVILEGES }) {
  return [
    row("on every", "privileges"),
    row("---", "---"),
    row("catalog", list(CATALOG_PRIVILEGES)),
    row("schema", list(SCHEMA_PRIVILEGES)),
  ].join("\n");
}
