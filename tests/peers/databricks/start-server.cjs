// Starts server/main.mjs for tests and benchmarks alike: jest takes no ES modules without a transform.

const { spawn } = require("node:child_process");
const http = require("node:http");
const path = require("node:path");
const { endWithInput } = require("../../support/end-with-input.cjs");

const READY_LIMIT = 30_000;
/** Of this process, which outlives jest's own modules. */
const KEY = Symbol.for("pulumi-connections.test.databricks-server");

/**
 * @param {string} found what ensure.mjs prints
 * @returns {Promise<{ address: string }>} where GET / answers the server's parts (see bridge.d.cts), starting them first
 */
exports.startServer = async function startServer(found) {
  const child = spawn(process.execPath, [path.join(__dirname, "server", "main.mjs"), found], { stdio: ["pipe", "pipe", "inherit"] });
  globalThis[KEY] = child;
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the Databricks server did not start")), READY_LIMIT);
    child.stdout.on("data", (chunk) => {
      const ready = /listening on (\d+)/.exec(chunk);
      if (ready === null) return;
      clearTimeout(timer);
      resolve(ready[1]);
    });
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`the Databricks server ended with ${code}`)));
  });
  // It may not keep a run from ending, which is what ends it.
  for (const part of [child, child.stdin, child.stdout]) part.unref();
  return { address: `http://127.0.0.1:${port}` };
};

/** See start-server.d.cts. */
exports.takeServer = function takeServer(address) {
  return new Promise((resolve, reject) => {
    const request = http.get(`${address}/`, (response) => {
      let said = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        said += chunk;
        if (response.statusCode === 200 && said.endsWith("\n"))
          resolve({ parts: JSON.parse(said), giveBack: () => void request.destroy() });
      });
      response.on("end", () => reject(new Error(said)));
      response.on("error", () => undefined);
    });
    request.on("error", reject);
  });
};

exports.stopServer = async function stopServer() {
  await endWithInput(globalThis[KEY]);
};
