import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BIN_DIR } from "./environment";

export const root = resolve(__dirname, "../..");

/** Where the Pulumi CLI lies; undefined where there is none. */
export const binDir = process.env[BIN_DIR];

/** A `describe` for where there is a Pulumi CLI; elsewhere its body, which makes projects, is not even looked at. */
export function story(title: string, body: () => void): void {
  if (binDir !== undefined) describe(title, body);
  else describe(title, () => it.skip("needs a Pulumi CLI", () => undefined));
}

jest.setTimeout(300_000);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "connections-e2e-"));
  folders.push(folder);
  return folder;
}

/** How a command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export function execute(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}
