import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The built `connections`. */
export const main = join(__dirname, "..", "..", "dist", "sdk", "cli", "main.js");

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command line in a folder, on the store that belongs to that folder. */
export function commandLine(folder: string): (...args: string[]) => Ran {
  const { CONNECTIONS_STORE: _store, ...env } = process.env;
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8", env });
    return { code: status, out: stdout, err: stderr };
  };
}
