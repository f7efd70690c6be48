// Starts the Snowflake server for tests and benchmarks alike: jest takes no ES modules without a transform.

const { spawn } = require("node:child_process");
const path = require("node:path");

const READY_LIMIT = 60_000;

/**
 * @param {string} python the interpreter that ensure.mjs names
 * @param {{ accounts?: object, dbPath?: string }} [options] see server/main.py
 * @returns {Promise<{ port: number, statements: () => Promise<string[]>, stop: () => Promise<void> }>}
 *   `statements`: the texts of those that came since it was last asked
 */
exports.startServer = async function startServer(python, { accounts = {}, dbPath } = {}) {
  const script = path.join(__dirname, "server", "main.py");
  const args = ["-B", script, "--accounts", JSON.stringify(accounts), ...(dbPath === undefined ? [] : ["--db-path", dbPath])];
  const child = spawn(python, args, { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  let said = "";
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the Snowflake server did not start:\n${said}`)), READY_LIMIT);
    child.stderr.on("data", (chunk) => (said += chunk));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const ready = /listening on (\d+)/.exec(said);
      if (ready === null) return;
      clearTimeout(timer);
      resolve(Number(ready[1]));
    });
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`the Snowflake server ended with ${code}:\n${said}`)));
  });
  return {
    port,
    statements: async () => (await fetch(`http://127.0.0.1:${port}/statements`)).json(),
    async stop() {
      // It ends with its input.
      child.stdin.end();
      await ended;
    },
  };
};
