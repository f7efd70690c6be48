// How the sample's stack is run: which Pulumi CLI, which state, which settings. Only Node's own modules are
// imported, so that `npm start` can use this before anything is installed.

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePulumi } from "./pulumi-cli/ensure.mjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const localFolder = path.join(root, ".pulumi-local");

const STACK = "dev";

/** The environment for Pulumi: always the sample's own state, whatever backend the user is logged in to. */
export function pulumiEnvironment(binDir, base = process.env) {
  const env = {
    ...base,
    PATH: [binDir, base.PATH].filter(Boolean).join(path.delimiter),
    // Not a percent-encoded URL: Pulumi takes what follows as the path, letter by letter.
    PULUMI_BACKEND_URL: `file://${localFolder.replaceAll(path.sep, "/")}`,
    PULUMI_STACK: STACK,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The sample needs no plugin from the network; looking for one would only hide a clear error.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Keeps the choice of stack and the plugin list out of the user's own ~/.pulumi.
    PULUMI_HOME: base.PULUMI_HOME ?? path.join(localFolder, "home"),
  };
  // The sample holds no secret, but Pulumi asks for a passphrase when none is given.
  if (!env.PULUMI_CONFIG_PASSPHRASE_FILE) env.PULUMI_CONFIG_PASSPHRASE ??= "";
  return env;
}

/**
 * Finds the Pulumi CLI and answers a function that runs it in the terminal, in this repository.
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<{ version: string, source: string, pulumi: (...args: string[]) => Promise<number> }>}
 */
export async function openPulumi(options) {
  const { binDir, version, source } = await ensurePulumi(options);
  await mkdir(localFolder, { recursive: true });
  const command = path.join(binDir, process.platform === "win32" ? "pulumi.exe" : "pulumi");
  return { version, source, pulumi: (...args) => run(command, args, pulumiEnvironment(binDir)) };
}

/** Makes the stack at its first use, and selects it. */
export function selectStack(pulumi) {
  return pulumi("stack", "select", STACK, "--create");
}

export function stackExists() {
  const stacks = path.join(localFolder, ".pulumi", "stacks");
  return existsSync(stacks) && readdirSync(stacks, { recursive: true }).some((name) => /\bdev\.json(\.gz)?$/.test(name));
}

/** What to do after a run that failed, if the state shows it. */
export function adviceAfterFailure() {
  const locks = path.join(localFolder, ".pulumi", "locks");
  const locked = existsSync(locks) && readdirSync(locks, { recursive: true }).some((name) => name.endsWith(".json"));
  if (locked) return "The stack is locked, by a run still going or one that was killed. If none is: npm run pulumi -- cancel --yes";
  if (!stackExists()) return "There is no sample stack yet: run npm start first.";
  return undefined;
}

/** Runs a command in the terminal and answers its exit code. */
export function run(command, args, env = process.env, shell = false) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: "inherit", shell });
    // Ctrl-C reaches the child by itself: it decides when to end, and this process waits for it.
    const wait = () => {};
    const passOn = (signal) => child.kill(signal);
    process.on("SIGINT", wait).on("SIGTERM", passOn);
    const settle = (done, value) => {
      process.off("SIGINT", wait).off("SIGTERM", passOn);
      done(value);
    };
    child.on("error", (error) => settle(reject, error));
    child.on("close", (code, signal) => settle(resolve, signal ? 130 : code));
  });
}
