import { spawn } from "node:child_process";

/** Runs a command to its end and answers its output; its messages are shown only if it fails. */
export function runProcess(command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${[command, ...args].join(" ")} ended with ${signal ?? `code ${code}`}\n${stdout}\n${stderr}`));
    });
  });
}
