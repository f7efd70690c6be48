// Makes the pictures of the README (npm run screenshots): the infrastructure page on a sample account, light and dark. Needs the built
// package and Chromium.

import { createRequire } from "node:module";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const { findChromium, launch, startPageServer } = createRequire(import.meta.url)("../tests/page/browser.cjs");

const folder = fileURLToPath(new URL("../docs/images/", import.meta.url));
/** The only group that the server makes. */
const SALES_TEAM = 1;
const SIZE = { width: 1280, height: 760 };

/** What each picture shows, and the text that tells that it is there. */
const PICTURES = {
  overview: { address: "/", text: "Sync duration" },
  upgrade: { address: "/upgrades", text: "not begun", act: planUpgrade },
  object: { address: "/browse/acme/SALES/CORE/ORDERS", text: "NUMBER(18,2)" },
  lineage: { address: "/browse/acme/SALES/CORE/ORDERS?tab=lineage", text: "CUSTOMER_VALUE" },
};

async function main() {
  const executable = findChromium();
  if (executable === undefined) throw new Error("Screenshots need Chromium on PATH, or CONNECTIONS_CHROMIUM.");
  await mkdir(folder, { recursive: true });
  const temporary = await mkdtemp(path.join(tmpdir(), "screenshots-"));
  const server = await startPageServer(path.join(temporary, "connections.db"));
  const browser = await launch(executable);
  try {
    await prepare(server);
    for (const colorScheme of ["light", "dark"]) await take(browser, server, colorScheme);
  } finally {
    await browser.close();
    await server.stop();
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Some history, some settings, and a sync that finds something. */
async function prepare({ address, keys, happens }) {
  await happens("past");
  await happens("legacy");
  const set = async (objectPath, settings) => {
    const response = await fetch(`${address}/data/settings/${objectPath}`, {
      method: "PUT",
      headers: { authorization: keys.admin, "content-type": "application/json" },
      body: JSON.stringify({ settings }),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  await set("acme/SALES", { isActive: true, dataOwners: [{ type: "group", id: SALES_TEAM }] });
  await set("acme/SALES/RAW", { isActive: false });
  await set("acme/SALES/CORE", { activateNewChildren: true });
  await set("acme/SALES/CORE/RETURNS", { isActive: false });
  await happens("drift");
  await happens("alter");
  await happens("sync");
}

async function planUpgrade(page) {
  await page.getByLabel("Warehouse").fill("GOV_WH");
  await page.getByLabel("Role").fill("GOV");
  await page.getByLabel("User").fill("GOV_SYSTEM");
  await page.getByLabel("Password").fill("a-password");
  await page.getByRole("button", { name: "Show plan" }).click();
  await page.getByRole("region", { name: "The upgrade's plan" }).waitFor();
}

async function take(browser, { address, keys }, colorScheme) {
  const context = await browser.newContext({ viewport: SIZE, colorScheme, baseURL: address });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByLabel("API key").fill(keys.admin);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  for (const [name, { address: view, text, act }] of Object.entries(PICTURES)) {
    await page.goto(view);
    await page.getByText(text).first().waitFor();
    await act?.(page);
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: path.join(folder, `page-${name}-${colorScheme}.png`) });
  }
  await context.close();
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
