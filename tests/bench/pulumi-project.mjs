// The two Pulumi projects that are compared, in folders of their own.

import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { tableNames } from "./catalog.mjs";
import { root } from "./paths.mjs";

/** As many resources that do nothing, with the same inputs: what is left is Pulumi itself. */
const noopProgram = `
const pulumi = require("@pulumi/pulumi");

const provider = {
  check: async (olds, news) => ({ inputs: news }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.objectPath.join("/"), outs: inputs }),
};

class Noop extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(provider, name, args);
  }
}

for (const objectPath of require("./paths.json")) new Noop(objectPath.join("-"), { objectPath, isActive: true });
`;

const ourProgram = `
const { Connection, ObjectStatus } = require("pulumi-connections");

const [top, ...tables] = require("./paths.json");
new Connection(top[0], {
  connectionKey: top[0],
  connection: { technology: "DuckDB", databases: { catalog: process.env.BENCH_CATALOG } },
  settings: { isActive: false, activateNewChildren: false },
});
for (const objectPath of tables) new ObjectStatus(objectPath.join("-"), { objectPath, isActive: true });
`;

export const programs = { ours: ourProgram, noop: noopProgram };

export async function makeProject(folder, name, resources) {
  await mkdir(path.join(folder, "node_modules", "@pulumi"), { recursive: true });
  await symlink(path.join(root, "node_modules", "@pulumi", "pulumi"), path.join(folder, "node_modules", "@pulumi", "pulumi"), "junction");
  await symlink(root, path.join(folder, "node_modules", "pulumi-connections"), "junction");
  const paths = [["bench"], ...[...tableNames(resources - 1)].map((names) => ["bench", "catalog", ...names])];
  const files = {
    "Pulumi.yaml": `name: bench-${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
    "package.json": JSON.stringify({ name: `bench-${name}`, private: true, dependencies: { "@pulumi/pulumi": "*" } }),
    "paths.json": JSON.stringify(paths),
    "index.js": programs[name],
  };
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
}
