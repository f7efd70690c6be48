import { installOnCi } from "../support/debian.cjs";
import { ensureBuilt } from "../support/build";
import { findChromium } from "./browser.cjs";
import { CHROMIUM } from "./environment";

/** Builds the page and finds a browser; without one the tests are skipped with a loud line, or fail where nobody reads it. */
export default async function globalSetup(): Promise<void> {
  await ensureBuilt();
  const found = findChromium() ?? installed();
  if (found !== undefined) {
    process.env[CHROMIUM] = found;
    return;
  }
  delete process.env[CHROMIUM];
  const reason = "no Chromium on PATH; install one (Debian: apt install chromium), or set CONNECTIONS_CHROMIUM to its path";
  if (process.env["CI"]) throw new Error(`tests of the infrastructure page need a browser: ${reason}`);
  console.error(`\n!!! TESTS OF THE INFRASTRUCTURE PAGE SKIPPED: ${reason} !!!\n`);
}

function installed(): string | undefined {
  installOnCi("chromium");
  return findChromium();
}
