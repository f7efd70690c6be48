// Pulumi projects that are measured, each in a folder of its own.

import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pulumiEnvironment } from "../../tools/pulumi-env.mjs";
import { tableNames } from "./catalog.mjs";
import { root } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";

const STACK = "bench";

// `up` without the preview that it shows first: that is measured by itself.
const up = ["up", "--yes", "--skip-preview"];

/** What is measured of each project, in this order. */
export const steps = [
  { title: "preview (first)", args: ["preview"] },
  { title: "up (first)", args: up },
  { title: "preview (no change)", args: ["preview", "--expect-no-changes"] },
  { title: "up (no change)", args: [...up, "--expect-no-changes"] },
];

/** A project with a state and a Pulumi home of its own. `overrides` is the number of tables that the program sets. */
export async function makeStack({ folder, name, program, overrides, binDir, environment }) {
  const project = path.join(folder, "project");
  const state = path.join(folder, "state");
  await mkdir(state, { recursive: true });
  await makeProject(project, name, program, overrides);
  const env = {
    ...pulumiEnvironment(binDir),
    PULUMI_BACKEND_URL: `file://${state.replaceAll(path.sep, "/")}`,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_STACK: STACK,
    PULUMI_CONFIG_PASSPHRASE: "bench",
  };
  // The caller's own settings must not move the store out of the project.
  for (const key of Object.keys(env)) if (key.startsWith("CONNECTIONS_") && key !== "CONNECTIONS_PULUMI_INSTALL") delete env[key];
  Object.assign(env, environment);
  const command = path.join(binDir, process.platform === "win32" ? "pulumi.exe" : "pulumi");
  const pulumi = (...args) => runProcess(command, [...args, "--non-interactive"], { cwd: project, env });
  await pulumi("stack", "init", STACK);

  /** @throws where the state holds another number of resources: then something else was measured. */
  async function check(resources) {
    const text = await readFile(path.join(state, ".pulumi", "stacks", `bench-${name}`, `${STACK}.json`), "utf8");
    const custom = JSON.parse(text).checkpoint.latest.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:"));
    if (custom.length !== resources) throw new Error(`${name}: the state holds ${custom.length} resources, expected ${resources}`);
  }
  return { pulumi, check };
}

async function makeProject(folder, name, program, overrides) {
  await mkdir(path.join(folder, "node_modules", "@pulumi"), { recursive: true });
  await symlink(path.join(root, "node_modules", "@pulumi", "pulumi"), path.join(folder, "node_modules", "@pulumi", "pulumi"), "junction");
  await symlink(root, path.join(folder, "node_modules", "pulumi-connections"), "junction");
  const paths = [["bench"], ...[...tableNames(overrides)].map((names) => ["bench", "catalog", ...names])];
  const files = {
    "Pulumi.yaml": `name: bench-${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
    "package.json": JSON.stringify({ name: `bench-${name}`, private: true, dependencies: { "@pulumi/pulumi": "*" } }),
    "paths.json": JSON.stringify(paths),
    "index.js": program,
  };
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
}

/** @returns milliseconds. */
export async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export function seconds(milliseconds) {
  return (milliseconds / 1_000).toFixed(1);
}
