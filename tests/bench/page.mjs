// The benchmark of the infrastructure page, in a headless browser: how long until the first rows of a large store are there, and how long
// frames take while 100,000 rows are scrolled through. A frame waits for a processor too, so beside it stand the frames of an empty page
// that is scrolled the same way in the same round, and the processor time of the longest piece of the page's own work, which does not wait.

import { createRequire } from "node:module";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "./paths.mjs";
import { spread } from "./statistics.mjs";

const { findChromium, launch, startPageServer } = createRequire(import.meta.url)("../page/browser.cjs");

const SCHEMA = "/browse/lake/LAKE/WIDE";
const LONGEST_FRAME_MILLISECONDS = 50;
const SCROLL_SECONDS = 8;
const SIZE = { width: 1280, height: 800 };
/** A box that scrolls as far as the tree, with nothing in it. */
const EMPTY = `<div role="tree" style="height:700px;overflow:auto"><div style="height:3400000px"></div></div>`;

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
      const { firstRows, frames, emptyFrames, longestWork } = runs.at(-1);
      log(
        `  round ${round} of ${rounds}: first rows after ${firstRows.toFixed(0)} ms; longest of ${frames.length} frames ${Math.max(...frames).toFixed(1)} ms ` +
          `(of an empty page ${Math.max(...emptyFrames).toFixed(1)} ms), longest work ${longestWork.toFixed(1)} ms`,
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
  const emptyFrames = await measureEmpty(browser);
  const context = await browser.newContext({ viewport: SIZE });
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
    const longestWork = await traceWork(browser, page, () => page.evaluate(scrollThrough, SCROLL_SECONDS * 1_000));
    // Whatever is in sight at the end has been read.
    await page.getByTitle("TABLE_000000", { exact: true }).waitFor({ state: "detached" });
    await page.locator("[role=treeitem][aria-busy=true]").first().waitFor({ state: "detached" });
    return { firstRows, frames, emptyFrames, longestWork };
  } finally {
    await context.close();
  }
}

async function measureEmpty(browser) {
  const context = await browser.newContext({ viewport: SIZE });
  try {
    const page = await context.newPage();
    await page.setContent(EMPTY);
    return await page.evaluate(scrollThrough, SCROLL_SECONDS * 1_000);
  } finally {
    await context.close();
  }
}

/** @returns processor time of the longest task of the page's main thread, in milliseconds: between two frames lies at least one */
async function traceWork(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const mains = new Set(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(threadOf));
  const tasks = traceEvents.filter((event) => event.name.endsWith("RunTask") && mains.has(threadOf(event)) && event.tdur !== undefined);
  if (tasks.length === 0) throw new Error("the browser's trace has no tasks of the page with their processor time");
  return Math.max(...tasks.map(({ tdur }) => tdur)) / 1_000;
}

function threadOf({ pid, tid }) {
  return `${pid} ${tid}`;
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
  const slow = (frames) => frames.filter((frame) => frame > LONGEST_FRAME_MILLISECONDS).length;
  const typical = runs.map(({ frames }) => [...frames].sort((a, b) => a - b)[Math.floor(frames.length * 0.99)]);
  return {
    firstRows: spread(runs.map(({ firstRows }) => firstRows)),
    longestFrame: spread(longest),
    frameOf99: spread(typical),
    slowFrames: spread(runs.map(({ frames }) => slow(frames))),
    frames: spread(runs.map(({ frames }) => frames.length)),
    longestEmptyFrame: spread(runs.map(({ emptyFrames }) => Math.max(...emptyFrames))),
    slowEmptyFrames: spread(runs.map(({ emptyFrames }) => slow(emptyFrames))),
    longestWork: spread(runs.map(({ longestWork }) => longestWork)),
  };
}
