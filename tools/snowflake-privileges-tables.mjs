// The tables of docs/snowflake-privileges.md, from the table in the code.

import { list, row } from "./markdown.mjs";

/** What a connection needs and what policies grant, a row an object type. */
export function policyPrivileges({ PRIVILEGES, PRIVILEGES_PAGE }) {
  const link = (section) => `[${section}](${PRIVILEGES_PAGE}#${section.toLowerCase().replaceAll(" ", "-")})`;
  return [
    row("object type", "needed by the connection", "read policy grants", "write policy grants", "note", "source"),
    row(...Array(6).fill("---")),
    ...PRIVILEGES.map((entry) =>
      row(entry.objectType, list(entry.crawl), list(entry.read), list(entry.write), entry.note, link(entry.section)),
    ),
  ].join("\n");
}

/** Everything that can be granted, a row an object type. */
export function grantablePrivileges({ PRIVILEGES }) {
  return [
    row("object type", "in GRANT … ON", "in GRANT … ON ALL and ON FUTURE", "privileges"),
    row(...Array(4).fill("---")),
    ...PRIVILEGES.map((entry) => row(entry.objectType, `\`${entry.singular}\``, `\`${entry.plural}\``, list(entry.grantable))),
  ].join("\n");
}
