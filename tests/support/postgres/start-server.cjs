// Starts main.mjs for tests and benchmarks alike: jest takes no ES modules without a transform.

const { spawn } = require("node:child_process");
const path = require("node:path");
const { endWithInput } = require("../end-with-input.cjs");

/** Milliseconds; continuous integration may have to install it first. */
const READY_LIMIT = 600_000;

/** See start-server.d.cts. */
exports.startPostgres = async function startPostgres() {
  const child = spawn(process.execPath, [path.join(__dirname, "main.mjs")], { stdio: ["pipe", "pipe", "pipe"] });
  const parts = await new Promise((resolve, reject) => {
    let errors = "";
    const fail = (why) => reject(new Error(`PostgreSQL ${why} ${errors.trim()}`));
    const timer = setTimeout(() => fail("did not start"), READY_LIMIT);
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.stdout.on("data", (chunk) => {
      clearTimeout(timer);
      resolve(JSON.parse(chunk));
    });
    child.on("error", reject);
    child.on("close", (code) => fail(`ended with ${code}:`));
  });
  // It may not keep a run from ending, which is what ends it.
  for (const part of [child, child.stdin, child.stdout, child.stderr]) part.unref();
  return { parts, stop: () => endWithInput(child) };
};
