import type { BrowserContext, Page, Browser } from "playwright-core";
import { launch, type PageServer } from "./browser.cjs";
import { CHROMIUM } from "./environment";

const executable = process.env[CHROMIUM];

/** Tests that drive a browser; skipped where there is none (global-setup.ts says so). */
export const describePage = executable === undefined ? describe.skip : describe;

export interface Visitor {
  readonly page: Page;
  /** What went wrong in the page, and requests to anywhere but the server. */
  readonly troubles: readonly string[];
}

let browser: Browser | undefined;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  if (executable !== undefined) browser = await launch(executable);
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(() => browser?.close());

/** A browser window of its own, without a session. */
export async function visit(server: PageServer, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Visitor> {
  const context = await browser!.newContext({ viewport: { width: 1280, height: 800 }, baseURL: server.address, ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) troubles.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(server.address)) troubles.push(`asked ${request.url()}`);
  });
  return { page, troubles };
}

export async function signIn(page: Page, key: string, address = "/"): Promise<void> {
  await page.goto(address);
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/** A row of the tree by its name. */
export function row(page: Page, name: string) {
  return page.getByRole("treeitem").filter({ has: page.getByTitle(name, { exact: true }) });
}
