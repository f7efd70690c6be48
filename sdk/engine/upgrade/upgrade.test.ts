import type { Engine } from "../engine";
import type { MemoryAccount } from "../../../tests/support/memory-platform";
import { account, table } from "../../../tests/support/memory-platform";
import { states, sync, testEngine, type TestEngine } from "../../../tests/support/engine";
import { HOST, OTHER_HOST, allDataSources, integrate, registerV1, rerun, upgrade, upgradeOf, v1, v2 } from "../../../tests/support/legacy";

const SALES = "SALES.PUBLIC";

function setUp(content: MemoryAccount = account({ SALES: { PUBLIC: ["ORDERS", "RETURNS", "AUDIT"], RAW: ["LOG"] } })): TestEngine {
  return testEngine(content, {}, "Snowflake");
}

/** An engine with an integration and the data sources of some tables. */
async function withSources(tables: readonly string[], options: Parameters<typeof registerV1>[2] = {}) {
  const engine = setUp();
  await integrate(engine.api.legacy);
  const ids = await registerV1(engine.api.legacy, tables, options);
  return { ...engine, ids };
}

describe("an upgrade", () => {
  it("keeps registered tables active under their ids and shows the others inactive", async () => {
    const { api, ids } = await withSources([`${SALES}.ORDERS`, `${SALES}.RETURNS`]);
    expect((await upgrade(api)).output?.upgrade).toMatchObject({ upgraded: 2, remaining: 0 });
    expect(await states(api, ["acme"])).toEqual([
      "acme inactive",
      "acme/SALES inactive",
      "acme/SALES/PUBLIC inactive",
      "acme/SALES/PUBLIC/AUDIT inactive",
      "acme/SALES/PUBLIC/ORDERS active",
      "acme/SALES/PUBLIC/RETURNS active",
      "acme/SALES/RAW inactive",
      "acme/SALES/RAW/LOG inactive",
    ]);
    expect((await api.getObject(["acme", "SALES", "PUBLIC", "ORDERS"])).id).toBe(ids[0]);
    expect(await allDataSources(api)).toMatchObject([
      { id: ids[0], name: "acme.SALES.PUBLIC.ORDERS" },
      { id: ids[1], name: "acme.SALES.PUBLIC.RETURNS" },
    ]);
    expect(await api.getUpgrade("acme")).toMatchObject({ status: "complete", counts: { dataSources: 2, upgraded: 2, remaining: 0 } });
  });

  it("makes every table of a monitored schema active, and those found there later", async () => {
    const { api, platform } = await withSources([`${SALES}.ORDERS`], { monitor: true });
    await upgrade(api);
    platform.tables("SALES", "PUBLIC").set("NEW", table());
    await sync(api, ["acme"]);
    expect(await states(api, ["acme", "SALES"])).toEqual([
      "acme/SALES inactive",
      "acme/SALES/PUBLIC active",
      "acme/SALES/PUBLIC/AUDIT active",
      "acme/SALES/PUBLIC/NEW active",
      "acme/SALES/PUBLIC/ORDERS active",
      "acme/SALES/PUBLIC/RETURNS active",
      "acme/SALES/RAW inactive",
      "acme/SALES/RAW/LOG inactive",
    ]);
    // One setting for the schema, none for its tables.
    expect(await api.listOverrides(["acme", "SALES"])).toEqual([
      { objectPath: ["acme", "SALES", "PUBLIC"], overrides: { isActive: true, activateNewChildren: true } },
    ]);
  });

  it("leaves a disabled data source inactive, also in a monitored schema", async () => {
    const { api, ids } = await withSources([`${SALES}.ORDERS`, `${SALES}.RETURNS`], { monitor: true });
    await api.legacy.setEnabled(ids[1]!, false);
    await upgrade(api);
    const names = (await allDataSources(api)).map(({ objectPath }) => objectPath[3]);
    expect(names).toEqual(["AUDIT", "ORDERS"]);
    expect((await api.getObject(["acme", "SALES", "PUBLIC", "RETURNS"])).id).toBe(ids[1]);
  });

  it("keeps tags, policies and owners", async () => {
    const { api } = setUp();
    await integrate(api.legacy);
    const sources = [
      {
        table: "ORDERS",
        schema: "PUBLIC",
        tags: { table: ["PCI"], columns: [{ columnName: "id", tags: ["Key"] }] },
        owners: [{ type: "user", name: "nobody" }],
      },
    ];
    await api.legacy.saveCollection(v2("sales-db", "SALES", "PUBLIC", undefined, { sources, options: { tableTags: ["Finance"] } }));
    const [v1Id] = await registerV1(api.legacy, [`SALES.RAW.LOG`], { policies: [{ type: "masking" }] });
    const job = await upgrade(api, upgradeOf("acme", HOST, { acknowledge: ["registrationTags"] }));
    expect(job.output?.upgrade?.unknownOwners).toEqual(["user nobody"]);
    const { hits } = await api.listTags(["acme"]);
    expect(hits.map(({ name, column, source }) => [name, column, source])).toEqual([
      ["Finance", null, "legacy registration"],
      ["PCI", null, "legacy registration"],
      ["Key", "id", "legacy registration"],
    ]);
    expect(await api.legacy.get(v1Id!)).toMatchObject({ policies: [{ type: "masking" }], objectPath: ["acme", "SALES", "RAW", "LOG"] });
    await sync(api, ["acme"]);
    expect((await api.listTags(["acme"])).hits).toHaveLength(3);
  });

  it("finds tables whose registration spells them in another case", async () => {
    const { api, ids } = await withSources(["sales.public.orders"]);
    await upgrade(api);
    expect(await allDataSources(api)).toMatchObject([{ id: ids[0], name: "acme.SALES.PUBLIC.ORDERS" }]);
  });

  it("leaves other hosts as they are", async () => {
    const { api } = await withSources([`${SALES}.ORDERS`]);
    const [other] = await registerV1(api.legacy, [`${SALES}.ORDERS`], { host: OTHER_HOST });
    await upgrade(api);
    expect((await api.listUpgrades()).map(({ host, status }) => [host.hostname, status])).toEqual([
      [HOST, "complete"],
      [OTHER_HOST, "ready"],
    ]);
    await expect(api.legacy.setEnabled(other!, false)).resolves.toMatchObject({ isEnabled: false });
  });
});

describe("what cannot be upgraded", () => {
  it("stays a data source with a reason, and moves when that is solved", async () => {
    const { api, platform, ids } = await withSources([`${SALES}.ORDERS`, `${SALES}.HIDDEN`, "GONE.PUBLIC.T"]);
    expect((await upgrade(api)).output?.upgrade).toMatchObject({ upgraded: 1, remaining: 2 });
    expect(await api.getUpgrade("acme")).toMatchObject({ status: "partiallyComplete" });
    const { hits } = await api.listUpgradeSources("acme", { state: "remaining" });
    expect(hits.map(({ id, reason }) => [id, reason?.split(":")[0]])).toEqual([
      [ids[1], "the connection does not see SALES.PUBLIC.HIDDEN"],
      [ids[2], "the connection does not see GONE.PUBLIC.T"],
    ]);
    expect((await allDataSources(api)).map(({ id }) => id).sort()).toEqual([...ids].sort());

    platform.tables("SALES", "PUBLIC").set("HIDDEN", table());
    // A sync between the two records the table under an id of its own.
    await sync(api, ["acme"]);
    expect((await rerun(api, "acme", [ids[2]!])).output?.upgrade).toMatchObject({ upgraded: 1, remaining: 0 });
    expect(await api.getUpgrade("acme")).toMatchObject({ status: "complete" });
    expect((await api.getObject(["acme", "SALES", "PUBLIC", "HIDDEN"])).id).toBe(ids[1]);
    expect((await allDataSources(api)).map(({ id }) => id).sort()).toEqual(ids.slice(0, 2));
  });

  it("is the second of two data sources on one table", async () => {
    const { api, ids } = await withSources([`${SALES}.orders`, `${SALES}.ORDERS`]);
    await upgrade(api);
    const { hits } = await api.listUpgradeSources("acme");
    expect(hits).toMatchObject([
      { id: ids[0], newName: null, reason: expect.stringContaining(`is the table of data source ${ids[1]}`) as string },
      { id: ids[1], newName: "acme.SALES.PUBLIC.ORDERS", reason: null },
    ]);
  });

  it("does not undo by running again what somebody has set since", async () => {
    const { api } = await withSources([`${SALES}.ORDERS`, `${SALES}.GONE`], { monitor: true });
    await upgrade(api);
    await api.updateSettings(["acme", "SALES", "PUBLIC"], { isActive: false });
    await rerun(api);
    expect((await api.getObject(["acme", "SALES", "PUBLIC"])).state).toBe("inactive");
  });

  it("says which database could not be read, and goes on with the others", async () => {
    const { api, platform } = setUp(account({ A: { S: ["T"] }, B: { S: ["T"] } }));
    await integrate(api.legacy);
    await registerV1(api.legacy, ["A.S.T", "B.S.T"]);
    platform.onBatch = (database) => {
      if (database === "B") throw new Error("warehouse suspended");
    };
    const job = await upgrade(api);
    expect(job).toMatchObject({ state: "failed", output: { upgrade: { upgraded: 1, remaining: 1 } } });
    expect((await api.listUpgradeSources("acme", { state: "remaining" })).hits[0]?.reason).toMatch(
      /^B was not synced: .*warehouse suspended/,
    );
    platform.onBatch = () => undefined;
    expect((await rerun(api)).output?.upgrade).toMatchObject({ upgraded: 1, remaining: 0 });
  });
});

describe("pre-flight", () => {
  const refused = (api: Engine, request = upgradeOf()) => api.startUpgrade(request);

  it.each<[string, object, RegExp]>([
    [
      "user impersonation",
      { impersonation: { enabled: true } },
      /user impersonation \(impersonation of the integration\) is not supported/,
    ],
    ["project workspaces", { workspaces: { enabled: true } }, /project workspaces/],
    ["workspace-catalog binding", { workspaceCatalogBinding: true }, /workspace-catalog binding/],
  ])("refuses %s and changes nothing", async (_name, config, message) => {
    const { api } = setUp();
    await integrate(api.legacy, HOST, config);
    const [id] = await registerV1(api.legacy, [`${SALES}.ORDERS`]);
    await expect(refused(api)).rejects.toThrow(message);
    expect((await api.searchObjects([])).count).toBe(0);
    await expect(api.legacy.setEnabled(id!, false)).resolves.toMatchObject({ isEnabled: false });
  });

  it("needs an integration and data sources", async () => {
    const { api } = setUp();
    await expect(refused(api)).rejects.toMatchObject({ statusCode: 404, field: "connection.hostname" });
    await integrate(api.legacy);
    await expect(refused(api)).rejects.toThrow(/has no data sources/);
    await registerV1(api.legacy, [`${SALES}.ORDERS`], { host: OTHER_HOST });
    await expect(refused(api, upgradeOf("other", OTHER_HOST))).rejects.toThrow(/no integration/);
  });

  it("names tags at registration, which have no substitute, unless that is acknowledged", async () => {
    const { api } = setUp();
    await integrate(api.legacy);
    await api.legacy.saveCollection(v2("sales-db", "SALES", "PUBLIC", ["ORDERS"], { options: { tableTags: ["Finance"] } }));
    await expect(refused(api)).rejects.toThrow(/connectionKey "sales-db".*acknowledge "registrationTags"/);
    await expect(upgrade(api, upgradeOf("acme", HOST, { acknowledge: ["registrationTags"] }))).resolves.toMatchObject({
      state: "completed",
    });
  });

  it("refuses credentials that the platform refuses, and settings that an upgrade decides", async () => {
    const { api, platform } = await withSources([`${SALES}.ORDERS`]);
    await expect(refused(api, upgradeOf("acme", HOST, { settings: { isActive: true } }))).rejects.toMatchObject({
      field: "settings.isActive",
    });
    platform.refuses = "connection.password: expired";
    await expect(refused(api)).rejects.toMatchObject({ statusCode: 422 });
    expect((await api.listUpgrades())[0]).toMatchObject({ status: "ready" });
  });

  it.each(["Redshift", "Azure Synapse", "BigQuery", "S3"])("refuses %s by name", async (technology) => {
    const { api } = setUp();
    const payload = v1([`${SALES}.ORDERS`]);
    await api.legacy.register(technology, { ...payload, dataSource: { blobHandlerType: technology } });
    const request = { connectionKey: "acme", connection: { technology, hostname: HOST } };
    await expect(api.startUpgrade(request)).rejects.toThrow(`${technology} is not supported with a connection`);
  });

  it("is not gone around by registering a connection on the host", async () => {
    const { api } = await withSources([`${SALES}.ORDERS`]);
    await expect(api.registerConnection(upgradeOf())).rejects.toMatchObject({
      statusCode: 409,
      message: expect.stringContaining("upgrade it instead") as string,
    });
  });

  it("plans exactly what the upgrade then does, and writes nothing", async () => {
    const { api } = await withSources([`${SALES}.ORDERS`, `${SALES}.HIDDEN`], { monitor: true });
    await registerV1(api.legacy, ["SALES.RAW.LOG"]);
    const plan = await api.planUpgrade(upgradeOf());
    expect(plan).toMatchObject({ blockers: [], counts: { moving: 2, remaining: 1, activated: 2, inactive: 0 } });
    expect(plan.moving[0]).toMatchObject({ name: `old ${HOST} SALES.PUBLIC.ORDERS`, newName: "acme.SALES.PUBLIC.ORDERS" });
    expect((await api.searchObjects([])).count).toBe(0);
    await upgrade(api);
    const { dataSources } = await api.countObjects(["acme"]);
    expect(dataSources).toBe(plan.counts.moving + plan.counts.activated);
  });
});

it("goes on where it was cut off", async () => {
  const { api, platform, reopen, ids } = await withSources([`${SALES}.ORDERS`, "SALES.RAW.LOG"]);
  let stopped: Promise<void> | undefined;
  platform.onBatch = () => void (stopped ??= api.close());
  const { bulkId } = await api.startUpgrade(upgradeOf());
  await new Promise((resolve) => setTimeout(resolve, 100));
  await stopped;
  platform.onBatch = () => undefined;
  const again = reopen();
  expect((await again.getJobs(bulkId))[0]).toMatchObject({ state: "cancelled" });
  expect(await again.getUpgrade("acme")).toMatchObject({ status: "interrupted", counts: { remaining: 2 } });
  expect((await allDataSources(again)).map(({ id }) => id)).toEqual(ids);
  // Asking for the same upgrade again is enough.
  expect((await upgrade(again)).output?.upgrade).toMatchObject({ upgraded: 2 });
  expect(await again.getUpgrade("acme")).toMatchObject({ status: "complete" });
});

it("gives the host back when the connection is deregistered", async () => {
  const { api } = await withSources([`${SALES}.ORDERS`, `${SALES}.HIDDEN`]);
  await upgrade(api);
  await api.deleteObject(["acme"]);
  expect(await api.listUpgrades()).toMatchObject([{ status: "ready", counts: { dataSources: 1 } }]);
  await expect(registerV1(api.legacy, [`${SALES}.ORDERS`])).resolves.toHaveLength(1);
});
