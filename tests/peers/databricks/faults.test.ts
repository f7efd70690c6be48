import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import { openLocal } from "../../../sdk";
import { temporaryFolder } from "../../support/temporary";
import type { Sent } from "./bridge.cjs";
import { describeDatabricks, objectsOf, openSession, putTableSql, SHORT, useWorkspace } from "./harness";

const TABLES = 25;

describeDatabricks("a Databricks server that fails", () => {
  const workspace = useWorkspace();
  beforeAll(() =>
    workspace.change(
      ...["sales", "hr"].flatMap((catalog) => Array.from({ length: TABLES }, (_, index) => putTableSql([catalog, "a", `t${index}`]))),
    ),
  );

  const session = () => openSession(workspace.connection(), SHORT);
  const isTables = ({ statement }: Sent) => statement.includes("information_schema.tables");
  const read = async (columns = false) => objectsOf(await session(), { database: "sales" }, columns);

  it("is asked again for what can be asked again", async () => {
    let refused = 0;
    workspace.bridge.disturb = ({ method }) => (method === "GetOperationStatus" && refused++ < 1 ? { status: 503 } : undefined);
    expect(await objectsOf(await openSession(workspace.connection()), { database: "sales" })).toHaveLength(1 + TABLES);
    expect(refused).toBeGreaterThan(1);
  });

  it.each([
    ["does not answer", { hang: true } as const, /^sales: did not answer within 3 s; see that it is up/],
    ["breaks off", { drop: true } as const, /^connection\.hostname: 127\.0\.0\.1:\d+ cannot be reached, or broke off/],
    ["is busy", { status: 503 }, /^connection\.httpPath|^sales: the workspace is not available; run it again later/],
    [
      "does not let the catalog be used",
      { fails: "[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have USE CATALOG on Catalog 'sales'. SQLSTATE: 42501" },
      /^sales: the identity may not use the catalog; GRANT USE CATALOG ON CATALOG `sales` TO `<principal>`/,
    ],
    ["fails otherwise", { fails: "something odd" }, /^sales: Databricks refused a statement; see what it says .*something odd/],
  ])("says so where it %s", async (_title, disturbance, message) => {
    workspace.bridge.disturb = (sent) => (isTables(sent) ? disturbance : undefined);
    await expect(read()).rejects.toThrow(message);
  });

  it("is left at once by the signal, and its statement is cancelled", async () => {
    workspace.bridge.disturb = ({ method }) => (method === "GetOperationStatus" ? { hang: true } : undefined);
    const opened = await openSession(workspace.connection());
    const stop = new AbortController();
    const reading = opened.check(stop.signal);
    setTimeout(() => stop.abort(new Error("stopped by hand")), 1_500);
    const started = Date.now();
    await expect(reading).rejects.toThrow("stopped by hand");
    expect(Date.now() - started).toBeLessThan(3_000);
    await delay(500);
    expect(workspace.bridge.sent.map(({ method }) => method)).toContain("CancelOperation");
  });

  it("leaves the columns' stream to the next try where it ends in the middle", async () => {
    let fetches = 0;
    workspace.bridge.disturb = ({ method }) => (method === "FetchResults" && ++fetches > 6 ? { drop: true } : undefined);
    const opened = await openSession(workspace.connection());
    await expect(objectsOf(opened, { database: "sales" }, true)).rejects.toThrow(/cannot be reached, or broke off/);
    workspace.bridge.disturb = () => undefined;
    expect((await objectsOf(opened, { database: "sales" }, true)).every(({ table, columns }) => table === undefined || columns)).toBe(true);
  });

  it("that restarts in the middle costs the databases that were being read, and no others", async () => {
    const api = openLocal({ store: join(temporaryFolder(), "connections.db") });
    await api.waitForJobs((await api.registerConnection({ connectionKey: "dbx", connection: workspace.connection() })).bulkId);
    const opened = await openSession(workspace.connection());
    const objects = opened.streamObjects({ database: "sales" }, { columns: true })[Symbol.asyncIterator]();
    await objects.next();
    await workspace.restartServer();
    // What was fetched before is still good; the server knows nothing of the rest.
    await expect(
      (async () => {
        while ((await objects.next()).done !== true) continue;
        await objectsOf(opened, { database: "sales" });
      })(),
    ).rejects.toThrow(/sales: the session ended on the server; run it again|cannot be reached/);
    expect(await objectsOf(opened, { database: "sales" })).toHaveLength(1 + TABLES);
    const [job] = await api.waitForJobs((await api.crawl(["dbx"])).bulkId);
    expect(job).toMatchObject({ state: "completed", output: { plan: { counts: { unchanged: 2 * (TABLES + 2) } } } });
    await api.close();
  });
});
