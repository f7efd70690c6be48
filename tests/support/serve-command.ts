import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const MAIN = join(__dirname, "..", "..", "dist", "sdk", "cli", "main.js");

export interface ServedProcess {
  readonly endpoint: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Tells it to stop. @returns its exit code. */
  readonly stop: () => Promise<number | null>;
}

/** The built `connections serve` on a free port; resolves when it listens. */
export async function startServer(folder: string, flags: readonly string[], environment: NodeJS.ProcessEnv): Promise<ServedProcess> {
  const child = spawn(process.execPath, [MAIN, "serve", "--port", "0", ...flags], { cwd: folder, env: environment });
  let out = "";
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      const [, address] = /serving .* on (https?:\/\/\S+)/.exec(out) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${out}${errors}`)));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
    return child.exitCode;
  };
  return { endpoint, child, output: () => out, stop };
}
