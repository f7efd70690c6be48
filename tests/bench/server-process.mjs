import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { here } from "./paths.mjs";

/**
 * Starts server-child.mjs.
 * @returns its address, what its resident memory is in bytes, and how to stop it
 */
export async function startServer(args, environment) {
  const child = spawn(process.execPath, [path.join(here, "server-child.mjs"), ...args], {
    cwd: here,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the server of the benchmark ended early; what it said is above");
    return JSON.parse(value);
  };
  const { address } = await next();
  return {
    address,
    async memory() {
      child.stdin.write("memory\n");
      return (await next()).bytes;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
