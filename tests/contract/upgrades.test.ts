import type { Engine } from "../../sdk/engine/engine";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import { testEngine } from "../support/engine";
import { HOST, OTHER_HOST, allDataSources, integrate, registerV1, rerun, upgrade, upgradeOf } from "../support/legacy";
import { account, table } from "../support/memory-platform";
import { serve } from "../support/server";

const TABLES = ["SALES.PUBLIC.ORDERS", "SALES.PUBLIC.RETURNS", "SALES.PUBLIC.HIDDEN"];

/** What every implementation of ConnectionsApi promises of upgrades. */
describe.each<[string, (engine: Engine) => Promise<ConnectionsApi>]>([
  ["in process", async (engine) => engine],
  ["over HTTP", async (engine) => (await serve(engine)).client],
])("upgrades %s", (_place, open) => {
  async function withLegacy() {
    const { api: engine, platform } = testEngine(account({ SALES: { PUBLIC: ["ORDERS", "RETURNS", "AUDIT"] } }), {}, "Snowflake");
    await integrate(engine.legacy);
    const ids = await registerV1(engine.legacy, TABLES);
    return { api: await open(engine), engine, platform, ids };
  }

  it("lists a host with data sources as ready, and its data sources without a connection", async () => {
    const { api, ids } = await withLegacy();
    const host = { technology: "Snowflake", hostname: HOST, port: 443 };
    expect(await api.listUpgrades()).toEqual([
      { host, status: "ready", counts: { dataSources: 3, upgraded: 0, remaining: 3 }, connectionKey: null, bulkId: null, error: null },
    ]);
    const { hits, next } = await api.listDataSources([], { size: 2 });
    expect(hits[0]).toEqual({
      id: ids[0],
      name: `old ${HOST} ${TABLES[0]}`,
      objectPath: [],
      objectType: "table",
      legacy: { host, database: "SALES", schema: "PUBLIC", table: "ORDERS" },
    });
    expect((await api.listDataSources([], { after: next! })).hits.map(({ id }) => id)).toEqual([ids[2]]);
  });

  it("plans, starts, follows and describes an upgrade, and runs it again", async () => {
    const { api, platform, ids } = await withLegacy();
    const plan = await api.planUpgrade(upgradeOf(), { limit: 1 });
    expect(plan).toMatchObject({ blockers: [], counts: { moving: 2, remaining: 1, activated: 0, inactive: 1 } });
    expect([plan.moving.length, plan.remaining.length]).toEqual([1, 1]);

    const { connectionKey, objectPath, bulkId } = await api.startUpgrade(upgradeOf());
    expect([connectionKey, objectPath]).toEqual(["acme", ["acme"]]);
    const seen: (number | undefined)[] = [];
    const [job] = await api.waitForJobs(bulkId, { onProgress: ({ objects }) => seen.push(objects) });
    expect(job).toMatchObject({
      jobType: "upgrade",
      state: "completed",
      progress: { dataSourcesDone: 2, dataSourcesTotal: 3 },
      output: { upgrade: { upgraded: 2, remaining: 1, activated: [], unknownOwners: [] } },
    });
    expect((await api.searchJobs({ jobType: "upgrade" })).jobs.map(({ id }) => id)).toEqual([job!.id]);
    expect(await api.getUpgrade("acme")).toMatchObject({ status: "partiallyComplete", bulkId, connectionKey: "acme" });
    const first = await api.listUpgradeSources("acme", { size: 2 });
    expect(first.hits).toMatchObject([
      { id: ids[0], newName: "acme.SALES.PUBLIC.ORDERS", objectPath: ["acme", "SALES", "PUBLIC", "ORDERS"], reason: null },
      { id: ids[1], newName: "acme.SALES.PUBLIC.RETURNS" },
    ]);
    expect((await api.listUpgradeSources("acme", { after: first.next! })).hits).toMatchObject([{ id: ids[2], newName: null }]);

    platform.tables("SALES", "PUBLIC").set("HIDDEN", table());
    expect((await rerun(api)).output).toMatchObject({ upgrade: { upgraded: 1, remaining: 0 } });
    expect(await api.getUpgrade("acme")).toMatchObject({ status: "complete", counts: { dataSources: 3, upgraded: 3, remaining: 0 } });
    expect((await allDataSources(api, 2)).map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it("refuses what is wrong, naming it", async () => {
    const { api, engine } = await withLegacy();
    await expect(api.planUpgrade(upgradeOf("acme", "nowhere.example.com"))).rejects.toMatchObject({
      statusCode: 404,
      field: "connection.hostname",
    });
    await expect(api.startUpgrade({ ...upgradeOf(), connectionKey: "sync" })).rejects.toMatchObject({
      statusCode: 400,
      field: "connectionKey",
    });
    await expect(api.startUpgrade({ ...upgradeOf(), more: 1 } as never)).rejects.toMatchObject({ statusCode: 400, field: "more" });
    await expect(api.startUpgrade({ ...upgradeOf(), acknowledge: ["everything"] } as never)).rejects.toMatchObject({ statusCode: 400 });
    await expect(api.getUpgrade("acme")).rejects.toMatchObject({ statusCode: 404, field: "connectionKey" });
    await expect(api.rerunUpgrade("acme")).rejects.toMatchObject({ statusCode: 404 });
    await upgrade(api);
    await expect(api.startUpgrade({ ...upgradeOf(), connectionKey: "again" })).rejects.toMatchObject({ statusCode: 409 });
    await expect(api.rerunUpgrade("acme", { discard: [999] })).rejects.toMatchObject({ statusCode: 400, field: "discard" });
    await expect(api.listUpgradeSources("acme", { after: "x" })).rejects.toMatchObject({ statusCode: 400, field: "after" });
    const connection = { technology: "Snowflake", hostname: OTHER_HOST };
    const { bulkId } = await engine.registerConnection({ connectionKey: "fresh", connection });
    await engine.waitForJobs(bulkId);
    await expect(api.getUpgrade("fresh")).rejects.toThrow(/did not come from an upgrade/);
  });
});
