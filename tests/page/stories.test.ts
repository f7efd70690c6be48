import { join } from "node:path";
import type { Page } from "playwright-core";
import { temporaryFolder } from "../support/temporary";
import { startPageServer, type PageServer, type Who } from "./browser.cjs";
import { describePage, row, signIn, visit, type Visitor } from "./story";

/** Behind the company's few; PAGE_TABLES makes it fewer, at least the 100,000 of the wide schema. */
const TABLES = Number(process.env["PAGE_TABLES"] ?? 1_000_000);
/** For what is typed: a search that finds nothing has looked at everything. */
const SEARCH_MILLISECONDS = 5_000;

describePage("the infrastructure page", () => {
  let server: PageServer;
  let store: string;

  beforeAll(async () => {
    store = join(temporaryFolder(), "connections.db");
    server = await startPageServer(store, { tables: TABLES });
  });
  afterAll(() => server?.stop());

  async function visitAs(who: Who, address = "/"): Promise<Visitor> {
    const visitor = await visit(server);
    await signIn(visitor.page, server.keys[who], address);
    return visitor;
  }

  describe("signing in", () => {
    it("takes an API key, keeps it out of reach of scripts, and forgets it", async () => {
      const { page, troubles } = await visit(server);
      await page.goto("/browse/acme");
      await page.getByLabel("API key").fill("pc_1_wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").getByText("send a valid API key").waitFor();
      await page.getByLabel("API key").fill(server.keys.admin);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "acme" }).waitFor();

      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", expires: -1 });
      expect(decodeURIComponent(cookie!.value)).not.toContain(server.keys.admin);
      expect(await page.evaluate("document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")).toBe("{}{}");

      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByLabel("API key").waitFor();
      await page.reload();
      await page.getByLabel("API key").waitFor();
      expect(troubles).toEqual([]);
    });
  });

  describe("the tree", () => {
    it("shows connections with health, technology and syncs, and opens down to a table with where its status comes from", async () => {
      const { page, troubles } = await visitAs("admin", "/browse");
      const acme = row(page, "acme");
      await acme.getByText("healthy").waitFor({ state: "attached" });
      await acme.getByText(/Snowflake, synced .*, next in/).waitFor();
      await page.getByRole("tree").focus();
      for (const [key, name] of [
        ["ArrowRight", "SALES"],
        ["End", "lake"],
        ["ArrowUp", "SALES"],
        ["ArrowRight", "CORE"],
      ] as const) {
        await page.keyboard.press(key);
        await row(page, name).waitFor();
      }
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await row(page, "CUSTOMERS").getByText("PII").waitFor();
      await row(page, "ORDERS").getByText("default").waitFor();
      expect(await row(page, "ORDERS").getAttribute("aria-level")).toBe("4");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "CUSTOMERS" }).waitFor();
      expect(troubles).toEqual([]);
    });

    it("shows the last of 100,000 tables by its address and by scrolling", async () => {
      const { page } = await visitAs("admin", "/browse/lake/LAKE/WIDE/TABLE_099999");
      await page.getByRole("heading", { name: "TABLE_099999" }).waitFor();
      const last = row(page, "TABLE_099999");
      await last.waitFor();
      expect(await last.getAttribute("aria-posinset")).toBe("100000");
      expect(await last.getAttribute("aria-selected")).toBe("true");
      expect(await page.getByRole("treeitem").count()).toBeLessThan(80);

      await page.evaluate("document.querySelector('[role=tree]').scrollTo(0, 50_000 * 34)");
      await row(page, "TABLE_049997").waitFor();
    });

    it("names owners, and shows one of a schema alone the way there, where it may act", async () => {
      const { page, troubles } = await visitAs("owner", "/browse");
      await page.getByRole("tree").focus();
      await row(page, "acme").waitFor();
      for (const child of ["SALES", "CORE", "ORDERS"]) {
        await page.keyboard.press("ArrowRight");
        await row(page, child).waitFor();
        await page.keyboard.press("ArrowDown");
      }
      const siblings = "[...document.querySelectorAll('[role=treeitem]')].map((one) => one.getAttribute('aria-setsize')).join()";
      expect(await page.evaluate(siblings)).toBe("1,1,1,4,4,4,4");
      await row(page, "CORE").getByText("olga").waitFor();
      await row(page, "CORE").click();
      await page.getByRole("definition").getByText("olga").waitFor();
      await page.getByRole("radio", { name: "Enable", disabled: false }).waitFor({ state: "attached" });
      await page.getByRole("group", { name: "Status" }).getByText("Enable").click();
      await page.getByText("Changes to active: 1 schema, 4 tables.").waitFor();
      await page.goto("/browse/acme/SALES/CORE/RETURNS?tab=history");
      await row(page, "RETURNS").waitFor();
      await page.getByText("set data owners to olga on CORE").waitFor();
      await page.goto("/search?text=e");
      await page.getByText("5 found").waitFor();
      expect(troubles).toEqual([]);
    });

    it("goes back and forward, and tells others where it is by the address", async () => {
      const { page } = await visitAs("admin", "/browse/acme/SALES/CORE/ORDERS");
      await page.getByRole("link", { name: "History" }).click();
      await page.waitForURL("**/ORDERS?tab=history");
      await row(page, "CUSTOMERS").click();
      await page.getByRole("heading", { name: "CUSTOMERS" }).waitFor();
      await page.goBack();
      await page.getByRole("heading", { name: "ORDERS" }).waitFor();
      await page.getByText("found it: starts inactive").waitFor();
      await page.goForward();
      await page.getByRole("heading", { name: "CUSTOMERS" }).waitFor();
      const other = await page.context().newPage();
      await other.goto(page.url());
      await other.getByRole("heading", { name: "CUSTOMERS" }).waitFor();
    });
  });

  describe("search", () => {
    it("finds objects everywhere as one types, and filters them", async () => {
      const { page, troubles } = await visitAs("admin");
      const found = page.getByRole("region", { name: "Found objects" });
      await page.getByRole("searchbox").pressSequentially("table_09999");
      await page.waitForURL("**/search?text=table_09999");
      await found.getByText("TABLE_099990").waitFor();
      await page.getByText("10 found").waitFor();

      await page.getByRole("searchbox").fill("");
      await page.getByLabel("Tag").fill("GOV.TAGS.PII");
      await page.getByLabel("Tag").press("Enter");
      await page.getByText("2 found").waitFor();
      await page.getByLabel("Type").selectOption("database");
      await page.getByText("1 found").waitFor();
      await found.getByRole("link", { name: "HR" }).click();
      await page.getByRole("heading", { name: "HR" }).waitFor();
      await page.goBack();
      await page.getByText("1 found").waitFor();
      expect(await page.getByLabel("Tag").inputValue()).toBe("GOV.TAGS.PII");
      expect(troubles).toEqual([]);
    });

    it("says so when nothing is found, after looking at everything", async () => {
      const { page } = await visitAs("admin", "/search?text=no-such-name");
      await page.getByText("No object passes these filters.").waitFor({ timeout: SEARCH_MILLISECONDS });
    });
  });

  describe("an object", () => {
    it("shows columns, tags, lineage and the query audit", async () => {
      const { page, troubles } = await visitAs("admin", "/browse/acme/SALES/CORE/ORDERS");
      await page.getByRole("row", { name: "AMOUNT NUMBER(12,2) yes" }).waitFor();
      await page.getByRole("link", { name: "Lineage" }).click();
      const madeOf = page.getByRole("list", { name: "Made of" }).getByRole("link");
      await madeOf.filter({ hasText: "CUSTOMERS" }).waitFor();
      expect(await madeOf.allTextContents()).toEqual(["IMPORTS", "CUSTOMERS"]);
      await page.getByRole("list", { name: "Flows into" }).getByRole("link", { name: "FORECAST" }).click();
      await page.getByRole("heading", { name: "FORECAST" }).waitFor();
      await page.goto("/browse/acme/SALES/CORE/ORDERS?tab=audit");
      await page.getByRole("row", { name: /LOOKER as ANALYST INSERT write ORDERS succeeded/ }).waitFor();
      await page.goto("/browse/acme/SALES/CORE/CUSTOMERS?tab=tags");
      await page.getByRole("row", { name: "GOV.TAGS.PII email this object, column EMAIL" }).waitFor();
      expect(troubles).toEqual([]);
    });

    it("shows the lines that declare what is set, and copies them", async () => {
      const { page } = await visitAs("admin", "/browse/acme/FINANCE?tab=pulumi");
      await page.getByText("// Nothing is set here").waitFor();
      await page.getByText("Inactive", { exact: true }).click();
      await page.getByText("inactive, set here").waitFor();
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.getByRole("button", { name: "Copy" }).click();
      await page.getByText("Copied.").waitFor();
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
        'import { ActivationSetting } from "pulumi-connections";\n\n' +
          'new ActivationSetting("FINANCE", { objectPath: ["acme", "FINANCE"], activateNewChildren: false });',
      );
    });
  });

  describe("acting", () => {
    it("counts what a switch would change before it does, and shows it everywhere afterwards", async () => {
      const { page, troubles } = await visitAs("admin", "/browse/lake/LAKE/WIDE");
      await page.getByRole("group", { name: "Status" }).getByText("Enable").click();
      await page.getByText("Changes to active: 1 schema, 100,000 tables.").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await status(page, "inactive").waitFor();
      await page.getByRole("group", { name: "Status" }).getByText("Enable").click();
      await page.getByRole("button", { name: "Apply" }).click();
      await row(page, "WIDE").getByText("set here").waitFor();
      await status(page, "active").waitFor();
      await page.goto("/browse/lake/LAKE/WIDE/TABLE_000000?tab=history");
      await row(page, "TABLE_000000").getByText("inherited from WIDE").waitFor();
      await page.getByText("admin set active to true on WIDE").waitFor();

      await page.goto("/browse/lake/LAKE/WIDE");
      await page.getByRole("group", { name: "Status" }).getByText("Inherit").click();
      await page.getByText("Changes to inactive: 1 schema, 100,000 tables.").waitFor();
      await page.getByRole("button", { name: "Apply" }).click();
      await row(page, "WIDE").getByText("default").waitFor();
      expect(troubles).toEqual([]);
    });

    it("shows to whom it is not allowed that it is not, and why", async () => {
      const { page } = await visitAs("reader", "/browse/acme/SALES");
      await page.getByText("rita may not set active, activate new data objects, and data owners").first().waitFor();
      await page.getByText("rita may not run an object sync, or plan one").waitFor();
      expect(await page.getByRole("radio", { name: "Enable" }).isDisabled()).toBe(true);
      expect(await page.getByRole("button", { name: "Run sync" }).isDisabled()).toBe(true);
      await page.getByRole("link", { name: "Query audit" }).click();
      await page.getByRole("alert").getByText("rita may not read who ran which statements").waitFor();
    });

    it("plans a sync, runs it with live progress, and shows what it found", async () => {
      const { page, troubles } = await visitAs("admin", "/browse/acme");
      await server.happens("alter");
      await page.getByRole("button", { name: "Show plan" }).click();
      const plan = page.getByRole("region", { name: "A sync now would change" });
      await plan.getByText("1 new, 1 changed, 1 missing").waitFor();
      await server.happens("slow");
      await page.getByRole("button", { name: "Run sync" }).click();
      await page.getByRole("progressbar", { name: "Databases read" }).waitFor();
      await page.getByText(/Syncing: .* objects read/).waitFor();
      await page.getByText("Sync completed").waitFor();
      await page.getByRole("region", { name: "The sync changed" }).getByText("1 new, 1 changed, 1 missing").waitFor();
      await server.happens("fast");

      await page.goto("/browse/acme/SALES/CORE/ORDERS");
      await page.getByRole("row", { name: /AMOUNT NUMBER\(18,2\) yes type: NUMBER\(12,2\) -> NUMBER\(18,2\)/ }).waitFor();
      await page.getByRole("row", { name: /CHANNEL VARCHAR\(20\) yes added/ }).waitFor();
      await page.goto("/search?missing=yes");
      await page.getByRole("link", { name: "IMPORTS" }).click();
      await row(page, "IMPORTS").getByText("missing").waitFor();
      expect(troubles).toEqual([]);
    });

    it("shows what a sync held back, and applies it when asked", async () => {
      await server.happens("grow");
      await server.happens("sync");
      await server.happens("lose");
      await server.happens("sync");
      const { page } = await visitAs("admin", "/browse/acme");
      await row(page, "acme").getByText("changes held back").waitFor({ state: "attached" });
      await page.getByText("HR would lose 28 of 29 objects").waitFor();
      await page.getByRole("button", { name: "Apply held changes" }).click();
      await page.getByRole("region", { name: "The sync changed" }).getByText("28 missing").waitFor();
      await row(page, "acme").getByText("healthy").waitFor({ state: "attached" });
    });
  });

  describe("upgrading", () => {
    beforeAll(() => server.happens("legacy"));

    it("shows to whom it is not allowed that it is not, and why", async () => {
      const reader = await visitAs("reader", "/upgrades");
      await reader.page.getByText("rita may not see which accounts can be upgraded").waitFor();
      const { page } = await visitAs("steward", "/upgrades");
      await page.getByText("stella may not plan and run the upgrade of an account's data sources to a connection").waitFor();
      expect(await page.getByRole("button", { name: "Show plan" }).isDisabled()).toBe(true);
    });

    it("plans an upgrade, runs it with live progress, and tries again what was left", async () => {
      const { page, troubles } = await visitAs("admin", "/upgrades");
      const account = page.getByRole("row", { name: /retail\.snowflakecomputing\.com/ });
      await account.getByText("not begun").waitFor();
      for (const [label, value] of [
        ["Warehouse", "WH"],
        ["Role", "GOV"],
        ["User", "SVC"],
        ["Password", "a-new-password"],
      ] as const) {
        await page.getByLabel(label).fill(value);
      }
      await page.getByRole("button", { name: "Show plan" }).click();
      const plan = page.getByRole("region", { name: "The upgrade's plan" });
      await plan.getByText("move 4 data sources, each with its id, tags and policies").waitFor();
      await plan.getByRole("row", { name: /retail raw clicks_2019/ }).waitFor();
      await plan.getByRole("row", { name: /retail.SALES.CORE.ORDERS active/ }).waitFor();
      const run = page.getByRole("button", { name: "Upgrade to retail" });
      expect(await run.isDisabled()).toBe(true);
      await plan.getByRole("checkbox", { name: "go on all the same" }).click();

      await server.happens("slow");
      await run.click();
      await page.getByRole("progressbar", { name: "Databases read" }).waitFor();
      await page.getByText(/^Upgrading: .* read/).waitFor();
      await page.getByText(/^Upgrade completed/).waitFor();
      await server.happens("fast");
      await account.getByText("partially complete").waitFor();
      expect(page.url()).toBe(`${server.address}/upgrades`);

      await page.getByRole("checkbox", { name: "Give up on retail raw clicks_2019" }).click();
      await page.getByRole("button", { name: "Run again, and delete 1 data source with tags and policies" }).click();
      await account.getByText("complete", { exact: true }).waitFor();
      await page.getByRole("region", { name: "Moved" }).getByRole("link", { name: "retail.SALES.CORE.ORDERS" }).click();
      await page.getByRole("heading", { name: "ORDERS" }).waitFor();
      await status(page, "active").waitFor();
      await row(page, "ORDERS").getByText("Sales").waitFor();
      expect(troubles).toEqual([]);
    });
  });

  it("draws counts and durations over time, with the same as a table", async () => {
    await server.happens("past");
    const { page, troubles } = await visitAs("admin");
    await page.getByRole("row", { name: /acme healthy Snowflake/ }).waitFor();
    await page.getByRole("img", { name: /^Objects: objects \d+, data sources \d+ at the last of/ }).waitFor();
    await page.getByRole("img", { name: /^Sync duration: duration/ }).waitFor();
    await page.getByText("The same as a table").click();
    expect(await page.getByRole("region", { name: "Syncs as a table" }).getByRole("row").count()).toBeGreaterThan(28);
    expect(troubles).toEqual([]);
  });

  it("shows what differs from what Pulumi declared, and who changed it", async () => {
    await server.happens("drift");
    const { page, troubles } = await visitAs("admin");
    const drift = page.getByRole("region", { name: "Drift from Pulumi" });
    await drift.getByRole("row", { name: /HR active true inherits .* by stella/ }).waitFor();
    expect(await drift.getByRole("row").count()).toBe(2);
    await drift.getByRole("link", { name: "HR" }).click();
    await page.getByRole("heading", { name: "Changed since Pulumi declared it" }).waitFor();
    await page.getByText("// Nothing is set here").waitFor();
    expect(troubles).toEqual([]);
  });

  it("waits for a server that goes away, and goes on when it is back", async () => {
    const { page } = await visitAs("admin", "/browse/acme/SALES");
    await page.getByRole("heading", { name: "SALES" }).waitFor();
    const port = Number(new URL(server.address).port);
    await server.stop();
    await page.getByRole("link", { name: "acme", exact: true }).click();
    await page.getByText("The server does not answer. Trying again").waitFor();
    server = await startPageServer(store, { tables: TABLES, port });
    await page.getByText("The server does not answer. Trying again").waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "acme" }).waitFor();
    await page.getByText("Infrastructure admins").or(page.getByText("Data sources")).first().waitFor();
  });
});

/** What the object's own page says, as soon as it does. */
function status(page: Page, text: string) {
  return page
    .locator("article .facts .chip")
    .first()
    .and(page.getByText(text, { exact: true }));
}
