import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import { temporaryFolder } from "../support/temporary";
import { startPageServer, type PageServer } from "./browser.cjs";
import { describePage, signIn, visit } from "./story";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const SERIOUS = ["serious", "critical"];

/** Addresses, each with a text that is there when it is read. */
const VIEWS: readonly (readonly [string, string])[] = [
  ["/", "over time"],
  ["/browse", "Choose an object"],
  ["/browse/acme/SALES", "New objects start"],
  ["/browse/acme/SALES/CORE/ORDERS", "TIMESTAMP_TZ(9)"],
  ["/browse/acme/SALES/CORE/ORDERS?tab=lineage", "FORECAST"],
  ["/browse/acme/SALES/CORE/ORDERS?tab=audit", "LOOKER"],
  ["/browse/acme/SALES/CORE/ORDERS?tab=history", "found it"],
  ["/browse/acme?tab=pulumi", "new Connection"],
  ["/search?text=order", "ORDER_ITEMS"],
  ["/syncs", "completed"],
  ["/upgrades", "Connection key"],
];

describePage("accessibility", () => {
  let server: PageServer;
  beforeAll(async () => {
    server = await startPageServer(join(temporaryFolder(), "connections.db"));
    await server.happens("past");
    await server.happens("legacy");
    await server.happens("drift");
  });
  afterAll(() => server?.stop());

  it.each([
    ["light", { width: 1280, height: 800 }],
    ["dark", { width: 1280, height: 800 }],
    ["light", { width: 390, height: 780 }],
    ["dark", { width: 390, height: 780 }],
  ] as const)("axe finds nothing serious: %s, %p", async (colorScheme, viewport) => {
    // The policy of the page forbids what axe does to look at it.
    const { page } = await visit(server, { colorScheme, viewport, bypassCSP: true });
    const found: string[] = [];
    const look = async (view: string) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate<AxeResults>("axe.run()");
      for (const { id, impact, nodes } of violations) {
        if (SERIOUS.includes(impact ?? "")) found.push(`${view}: ${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
      }
    };
    await page.goto("/");
    await page.getByLabel("API key").waitFor();
    await look("sign-in");
    await signIn(page, server.keys.admin);
    for (const [address, text] of VIEWS) {
      await page.goto(address);
      await page.getByText(text).first().waitFor({ state: "attached" });
      await look(address);
    }
    await signOutAndInAsReader();
    await page.getByText("not allowed").first().waitFor();
    await look("not allowed");
    expect(found).toEqual([]);

    async function signOutAndInAsReader(): Promise<void> {
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByLabel("API key").waitFor();
      await signIn(page, server.keys.reader, "/browse/acme/SALES");
    }
  });
});
