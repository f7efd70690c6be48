// Child processes of the test server: started, waited for until they say that they are ready, and stopped.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const STOP_LIMIT = 10_000;

/** Resolves when the process has said what `ready` matches, or ended well where there is no `ready`. */
export async function start(program, args, { ready, limit = 120_000, ...options } = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let said = "";
  const hear = (chunk) => (said = (said + chunk).slice(-20_000));
  await new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${program} ${why}:\n${said}`));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`was not ready within ${limit / 1_000} s`);
    }, limit);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk) => {
        hear(chunk);
        if (ready?.test(said)) resolve(clearTimeout(timer));
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0 && ready === undefined) resolve();
      else fail(`ended with ${code}`);
    });
  });
  return child;
}

export async function stop(child, signal = "SIGTERM") {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT);
  await ended;
  clearTimeout(timer);
}

/** A port of this machine that nothing listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
