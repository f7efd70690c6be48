// The benchmark of the infrastructure page, in a headless browser: how long until the first rows of a large store are there, and how long
// frames take while 100,000 rows are scrolled through.

import { createRequire } from "node:module";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "./paths.mjs";
import { spread } from "./statistics.mjs";

const { findChromium, launch, startPageServer } = createRequire(import.meta.url)("../page/browser.cjs");

const SCHEMA = "/browse/lake/LAKE/WIDE";
const LONGEST_FRAME_MILLISECONDS = 50;
const SCROLL_SECONDS = 8;

export async function benchmarkPage({ tables, rounds, log }) {
  const executable = findChromium();
  if (executable === undefined) throw new Error("the page's benchmark needs Chromium on PATH, or CONNECTIONS_CHROMIUM");
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, "page-"));
  let server;
  let browser;
  try {
    log(`page: a store of ${tables} generated tables, 100,000 of them in one schema`);
    server = await startPageServer(path.join(folder, "connections.db"), { tables });
    browser = await launch(executable);
    const runs = [];
    for (let round = 1; round <= rounds; round++) {
      runs.push(await measure(browser, server));
      const { firstRows, frames } = runs.at(-1);
      log(
        `  round ${round} of ${rounds}: first rows after ${firstRows.toFixed(0)} ms, longest of ${frames.length} frames ${Math.max(...frames).toFixed(1)} ms`,
      );
    }
    return { tables, rounds, goalMilliseconds: LONGEST_FRAME_MILLISECONDS, ...summary(runs) };
  } finally {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(browser, { address, keys }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.goto(`${address}/`);
    await page.getByLabel("API key").fill(keys.admin);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();

    const started = performance.now();
    await page.goto(`${address}${SCHEMA}`);
    await page.getByTitle("WIDE", { exact: true }).waitFor();
    const firstRows = performance.now() - started;
    await page.getByRole("tree").focus();
    // What the address leads to is in sight, but nobody pressed it yet.
    await page.getByTitle("WIDE", { exact: true }).click();
    await page.keyboard.press("ArrowRight");
    await page.getByTitle("TABLE_000000", { exact: true }).waitFor();
    const frames = await page.evaluate(scrollThrough, SCROLL_SECONDS * 1_000);
    // Whatever is in sight at the end has been read.
    await page.getByTitle("TABLE_000000", { exact: true }).waitFor({ state: "detached" });
    await page.locator("[role=treeitem][aria-busy=true]").first().waitFor({ state: "detached" });
    return { firstRows, frames };
  } finally {
    await context.close();
  }
}

/** Runs in the page: from the first row to the last, in even steps. @returns milliseconds between frames */
function scrollThrough(milliseconds) {
  const tree = globalThis.document.querySelector("[role=tree]");
  const end = tree.scrollHeight - tree.clientHeight;
  return new Promise((resolve) => {
    const frames = [];
    let first;
    let last;
    const step = (now) => {
      first ??= now;
      if (last !== undefined) frames.push(now - last);
      last = now;
      const part = Math.min(1, (now - first) / milliseconds);
      tree.scrollTop = end * part;
      if (part < 1) globalThis.requestAnimationFrame(step);
      else resolve(frames);
    };
    globalThis.requestAnimationFrame(step);
  });
}

function summary(runs) {
  const longest = runs.map(({ frames }) => Math.max(...frames));
  const typical = runs.map(({ frames }) => [...frames].sort((a, b) => a - b)[Math.floor(frames.length * 0.99)]);
  return {
    firstRows: spread(runs.map(({ firstRows }) => firstRows)),
    longestFrame: spread(longest),
    frameOf99: spread(typical),
    slowFrames: spread(runs.map(({ frames }) => frames.filter((frame) => frame > LONGEST_FRAME_MILLISECONDS).length)),
    frames: spread(runs.map(({ frames }) => frames.length)),
  };
}
