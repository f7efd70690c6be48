// Writes what of docs/ is made from the code (npm run docs). With --check it only tells whether they are up to date.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { manifest } from "./prepare.mjs";
import * as databricksTables from "./databricks-privileges-tables.mjs";
import { grantablePrivileges, policyPrivileges } from "./snowflake-privileges-tables.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const built = (name) => createRequire(import.meta.url)(path.join(root, "dist", name));

const snowflake = () => built("sdk/platforms/snowflake/privileges.js");
const databricks = () => built("sdk/platforms/databricks/privileges.js");

/** Each stands in its file between `<!-- NAME -->` and `<!-- end of NAME -->`. */
const tables = [
  { file: "docs/permissions.md", name: "permissions", make: () => built("sdk/engine/permissions/table.js").permissionsMarkdown() },
  { file: "docs/snowflake-privileges.md", name: "policy privileges", make: () => policyPrivileges(snowflake()) },
  { file: "docs/snowflake-privileges.md", name: "grantable privileges", make: () => grantablePrivileges(snowflake()) },
  { file: "docs/databricks-privileges.md", name: "policy privileges", make: () => databricksTables.policyPrivileges(databricks()) },
  { file: "docs/databricks-privileges.md", name: "container privileges", make: () => databricksTables.containerPrivileges(databricks()) },
];

/** Files that are made as a whole. */
const files = [
  { file: "docs/openapi.json", make: () => json(openApi()) },
  { file: "docs/governance.schema.json", make: () => json(built("sdk/governance/rules-schema.js").governanceJsonSchema()) },
];

let stale = false;
for (const { file, name, make } of tables) {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const text = read(file);
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`${file}: has no place for the table "${name}"; put ${start.trim()} and ${end.trim()} there`);
  update(file, text, `${text.slice(0, from)}${start}\n${make()}\n${text.slice(to)}`);
}
for (const { file, make } of files) update(file, existsSync(path.join(root, file)) ? read(file) : undefined, make());
if (stale) process.exitCode = 1;

function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function read(file) {
  return readFileSync(path.join(root, file), "utf8");
}

function update(file, text, fresh) {
  if (fresh === text) return;
  if (process.argv.includes("--check")) {
    console.error(`${file}: is out of date; run npm run docs`);
    stale = true;
  } else writeFileSync(path.join(root, file), fresh);
}

function openApi() {
  const { routes } = built("sdk/server/server.js");
  return built("sdk/server/openapi.js").describeApi(routes, manifest.version);
}
