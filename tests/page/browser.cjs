// The browser and the server of the page's tests, pictures and benchmark.

const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { delimiter, join } = require("node:path");
const { createInterface } = require("node:readline");
const { chromium } = require("playwright-core");

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** @type {import("./browser.cjs").findChromium} */
function findChromium(environment = process.env) {
  const named = environment.CONNECTIONS_CHROMIUM;
  if (named !== undefined && named !== "") return named;
  const folders = (environment.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => existsSync(file));
}

/** @type {import("./browser.cjs").launch} */
function launch(executablePath) {
  // Containers run tests as root and have little shared memory.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** @type {import("./browser.cjs").startPageServer} */
async function startPageServer(store, { tables = 0, port = 0 } = {}) {
  const args = [join(__dirname, "server-child.mjs"), store, String(tables), String(port)];
  const server = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.on("close", resolve));
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the page's server ended early; what it said is above");
    return JSON.parse(value);
  };
  const { address, keys } = await next();
  return {
    address,
    keys,
    async happens(what) {
      server.stdin.write(`${what}\n`);
      await next();
    },
    async stop() {
      server.stdin.end();
      await ended;
    },
  };
}

module.exports = { findChromium, launch, startPageServer };
