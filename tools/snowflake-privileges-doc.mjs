// Writes docs/snowflake-privileges.md from the table in the code (npm run docs). With --check it only compares, and fails
// where the file is out of date.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformFileSync } from "@swc/core";

const source = new URL("../sdk/platforms/snowflake/privileges.ts", import.meta.url);
const file = new URL("../docs/snowflake-privileges.md", import.meta.url);

// The table imports only types, so it runs from its source text; no build is needed first.
const { code } = transformFileSync(fileURLToPath(source), {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "es6" },
});
const { CONTAINER_PRIVILEGE, IMPORTED_PRIVILEGES, PRIVILEGES, PRIVILEGES_PAGE, SNOWFLAKE_DATABASE } = await import(
  `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
);

const row = (...cells) => `| ${cells.join(" | ")} |`;
const list = (privileges) => privileges.map((privilege) => `\`${privilege}\``).join(", ");
const link = (section) => `[${section}](${PRIVILEGES_PAGE}#${section.toLowerCase().replaceAll(" ", "-")})`;

const text = `<!-- Made by npm run docs from sdk/platforms/snowflake/privileges.ts; change it there. -->

# Snowflake privileges

What the role of a Snowflake connection needs, and what subscription policies grant, by object type.
\`SnowflakeSystemAccount\` grants the first; the doctor names what of it is missing, with the SQL.

${row("object type", "needed by the connection", "read policy grants", "write policy grants", "note", "source")}
${row(...Array(6).fill("---"))}
${PRIVILEGES.map((entry) => row(entry.objectType, list(entry.crawl), list(entry.read), list(entry.write), entry.note, link(entry.section))).join("\n")}

Everything that Snowflake lets one grant on each type, beside ownership:

${row("object type", "in GRANT … ON", "in GRANT … ON ALL and ON FUTURE", "privileges")}
${row(...Array(4).fill("---"))}
${PRIVILEGES.map((entry) => row(entry.objectType, `\`${entry.singular}\``, `\`${entry.plural}\``, list(entry.grantable))).join("\n")}

Beside these the connection's role needs

- \`${CONTAINER_PRIVILEGE}\` on every database and schema above its objects, and on its warehouse;
- \`${IMPORTED_PRIVILEGES}\` on a database made from a share. Snowflake takes no single grants in such a database, and answers
  \`${CONTAINER_PRIVILEGE}\` for it;
- \`${IMPORTED_PRIVILEGES}\` on \`${SNOWFLAKE_DATABASE}\` when audit is on; the database roles \`SNOWFLAKE.GOVERNANCE_VIEWER\` and
  \`SNOWFLAKE.OBJECT_VIEWER\` together open less and are enough.

\`INFORMATION_SCHEMA\` needs no grant.

## How grants count

- A privilege counts whether it was granted to the role itself, to \`PUBLIC\`, or to an account or database role that the role
  inherits. Owning a role does not give its privileges.
- Ownership of an object implies every privilege on it, and none on what is inside it.
- \`GRANT … ON ALL\` covers what exists when it runs. What is made later needs \`GRANT … ON FUTURE\`. Future grants in a
  schema switch off those of its database for the same object type, whichever role has them; the doctor sees this only where
  the schema's grants are to a role that the connection's role inherits
  (source: [GRANT privileges TO ROLE](https://docs.snowflake.com/en/sql-reference/sql/grant-privilege)).
- Future grants do not apply to tables that are renamed or swapped into a schema.
- Inherited grants (\`GRANT INHERITED\`, a preview of Snowflake's) are not looked into; the doctor warns where it meets one.
- The statements can be run by a role with \`MANAGE GRANTS\`, such as \`SECURITYADMIN\`. In schemas with managed access, owners of
  objects cannot grant.
`;

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/snowflake-privileges.md is out of date; run npm run docs");
  process.exitCode = 1;
}
