import type { ConnectionsApi } from "../../model/connections-api";
import type { FindQuery } from "../../model/browsing";
import { openTestStore } from "../../../tests/support/store";
import { PERMISSIONS } from "../../model/caller";
import { serve } from "../../../tests/support/server";
import { register, sync, testEngine } from "../../../tests/support/engine";
import { account, table } from "../../../tests/support/memory-platform";

const ORDERS = ["warehouse", "sales", "main", "orders"];
const tree = { sales: { main: ["orders", "returns"], old: ["orders_2019"] }, "a/b": { "x.y": ["ORDERS", "ünïcode", "100%"] } };

async function found(api: ConnectionsApi, path: readonly string[], query: FindQuery): Promise<string[]> {
  const paths: string[] = [];
  let after: string | undefined;
  do {
    const { hits, next } = await api.findObjects(path, { ...query, ...(after !== undefined && { after }) });
    paths.push(...hits.map(({ objectPath }) => objectPath.slice(1).join("|")));
    after = next ?? undefined;
  } while (after !== undefined);
  return paths;
}

describe.each(["in process", "over HTTP"])("%s", (place) => {
  async function warehouse() {
    const { api, platform } = testEngine(account(tree));
    await register(api);
    if (place === "in process") {
      const program = api.as({ name: "pulumi", permissions: [...PERMISSIONS], principals: [], isProgram: true });
      return { api: api as ConnectionsApi, engine: api, platform, program: program as ConnectionsApi };
    }
    const { client, program } = await serve(api);
    return { api: client, engine: api, platform, program };
  }

  describe("findObjects", () => {
    it("looks at the name alone, upper and lower case alike, in order of the path", async () => {
      const { api } = await warehouse();
      expect(await found(api, [], { searchText: "ORDER" })).toEqual(["a/b|x.y|ORDERS", "sales|main|orders", "sales|old|orders_2019"]);
      expect(await found(api, [], { searchText: "sales" })).toEqual(["sales"]);
      expect(await found(api, ["warehouse", "sales", "main"], { searchText: "r" })).toEqual(["sales|main|orders", "sales|main|returns"]);
      expect(await found(api, [], { searchText: "0%" })).toEqual(["a/b|x.y|100%"]);
      expect(await found(api, [], { searchText: "ïc" })).toEqual(["a/b|x.y|ünïcode"]);
    });

    it("goes on behind each part without losing or repeating anything", async () => {
      const { api } = await warehouse();
      const all = await found(api, [], {});
      expect(all).toHaveLength(12);
      for (const size of [1, 2, 5]) expect(await found(api, [], { size })).toEqual(all);
    });

    it("filters by effective status, nearer overrides included", async () => {
      const { api } = await warehouse();
      await api.updateSettings(["warehouse", "sales"], { isActive: true });
      await api.updateSettings(["warehouse", "sales", "old"], { isActive: false });
      await api.updateSettings(["warehouse", "sales", "old", "orders_2019"], { isActive: true });
      const active = ["sales", "sales|main", "sales|main|orders", "sales|main|returns", "sales|old|orders_2019"];
      expect(await found(api, [], { state: "active" })).toEqual(active);
      const all = await found(api, [], {});
      expect(await found(api, [], { state: "inactive", size: 2 })).toEqual(all.filter((path) => !active.includes(path)));
      expect(await found(api, [], { isSetHere: true, searchText: "o" })).toEqual(["sales|old", "sales|old|orders_2019"]);
    });

    it("filters by type, tag and whether the platform still shows it", async () => {
      const { api, engine, platform } = await warehouse();
      platform.tables("sales", "main").set("recent", table(["id"], "view"));
      platform.tables("sales", "main").delete("returns");
      await sync(engine);
      expect(await found(api, [], { objectTypes: ["view", "schema"] })).toEqual([
        "a/b|x.y",
        "sales|main",
        "sales|main|recent",
        "sales|old",
      ]);
      expect(await found(api, [], { isMissing: true })).toEqual(["sales|main|returns"]);
      expect(await found(api, [], { isMissing: false, searchText: "returns" })).toEqual([]);
      expect(await found(api, [], { tag: "PII" })).toEqual([]);
    });

    it("refuses a cursor of another list and an object that is not there", async () => {
      const { api } = await warehouse();
      await expect(api.findObjects([], { after: "nonsense" })).rejects.toMatchObject({ statusCode: 400, field: "after" });
      await expect(api.findObjects(["nowhere"])).rejects.toMatchObject({ statusCode: 404 });
    });
  });

  it("says where a status comes from", async () => {
    const { api } = await warehouse();
    const setOn = async () => (await api.getObject(ORDERS)).settings.isActive.setOn;
    expect((await api.getObject(["warehouse", "sales"])).settings.activateNewChildren.setOn).toBeNull();
    await api.updateSettings(["warehouse", "sales"], { isActive: true });
    expect(await setOn()).toEqual(["warehouse", "sales"]);
    await api.updateSettings(ORDERS, { isActive: true });
    expect(await setOn()).toEqual(ORDERS);
  });

  it("locates an object among its siblings", async () => {
    const { api } = await warehouse();
    expect(await api.locateObject(["warehouse", "sales", "main", "returns"])).toEqual([0, 1, 0, 1]);
    await expect(api.locateObject(["warehouse", "nowhere"])).rejects.toMatchObject({ statusCode: 404 });
  });

  it("counts what a change of status would change, and changes nothing", async () => {
    const { api } = await warehouse();
    const nothing = { databases: 0, schemas: 0, tables: 0 };
    expect(await api.previewStatus(["warehouse"], true)).toMatchObject({
      from: "inactive",
      to: "active",
      changed: { databases: 2, schemas: 3, tables: 6 },
    });
    expect((await api.getObject(["warehouse"])).state).toBe("inactive");
    await api.updateSettings(["warehouse", "sales", "main"], { isActive: false });
    expect((await api.previewStatus(["warehouse", "sales"], true)).changed).toEqual({ databases: 1, schemas: 1, tables: 1 });
    expect((await api.previewStatus(["warehouse", "sales"], false)).changed).toEqual(nothing);
    await api.updateSettings(["warehouse"], { isActive: true });
    expect(await api.previewStatus(["warehouse", "sales", "main"], null)).toMatchObject({
      to: "active",
      changed: { schemas: 1, tables: 2 },
    });
    // What is counted is what then changes.
    const active = async () => (await found(api, [], { state: "active" })).length;
    const before = await active();
    const { changed } = await api.previewStatus(["warehouse", "a/b"], false);
    await api.updateSettings(["warehouse", "a/b"], { isActive: false });
    expect(before - (await active())).toBe(changed.databases + changed.schemas + changed.tables);
  });

  it("tells who set what, here and above, and which sync found, changed and lost an object", async () => {
    const { api, engine, platform } = await warehouse();
    await api.updateSettings(["warehouse", "sales"], { isActive: true });
    await api.updateSettings(ORDERS, { isActive: null, activateNewChildren: true });
    await api.updateSettings(["warehouse", "a/b"], { isActive: true });
    platform.tables("sales", "main").set("orders", table(["id", "discount"]));
    await sync(engine);
    platform.tables("sales", "main").delete("orders");
    await sync(engine);
    const by = place === "in process" ? "local administrator" : "admin";
    expect(await api.listEvents(ORDERS)).toMatchObject([
      { kind: "sync", by: "local administrator", change: { kind: "missing" } },
      { kind: "sync", change: { kind: "changed", columns: [{ kind: "added", name: "discount" }] } },
      { kind: "settings", by, objectPath: ORDERS, settings: { isActive: null, activateNewChildren: true } },
      { kind: "settings", by, objectPath: ["warehouse", "sales"], settings: { isActive: true } },
      { kind: "sync", change: { kind: "new", state: "inactive" } },
    ]);
    await api.deleteObject(ORDERS);
    await expect(api.listEvents(ORDERS)).rejects.toMatchObject({ statusCode: 404 });
    expect((await api.listEvents(ORDERS.slice(0, 3))).map(({ kind }) => kind)).toEqual(["settings", "sync"]);
  });

  it("tells what somebody changed of what Pulumi declared, until it is as declared again", async () => {
    const { api, engine, program } = await warehouse();
    const sales = ["warehouse", "sales"];
    const drift = async (path = ["warehouse"]) => (await api.listDeclaredDrift(path)).map(({ objectPath, ...rest }) => [objectPath, rest]);
    await program.updateSettings(sales, { isActive: true, activateNewChildren: true });
    await program.updateManySettings([{ objectPath: ORDERS, settings: { isActive: false } }]);
    await api.updateSettings(["warehouse", "a/b"], { isActive: true });
    expect(await drift()).toEqual([]);

    await engine.updateSettings(sales, { isActive: false, activateNewChildren: true });
    await engine.updateSettings(ORDERS, { isActive: null });
    const changed = { setting: "isActive", changedBy: "local administrator" };
    const both = [
      [sales, expect.objectContaining({ ...changed, declared: true, actual: false })],
      [ORDERS, expect.objectContaining({ ...changed, declared: false, actual: null })],
    ];
    expect(await drift()).toEqual(both);
    expect(await drift(["warehouse", "sales", "main"])).toEqual(both.slice(1));

    await engine.updateSettings(sales, { isActive: true });
    await program.updateSettings(ORDERS, { isActive: false });
    expect(await drift()).toEqual([]);
    // What a program no longer declares is anybody's.
    await program.updateSettings(sales, { isActive: null });
    await engine.updateSettings(sales, { isActive: true });
    expect(await drift()).toEqual([]);
  });

  it("knows what a program declared when it registered the connection", async () => {
    const { engine, program } = await warehouse();
    await register(program, { isActive: true }, "declared");
    expect(await engine.listDeclaredDrift(["declared"])).toEqual([]);
    await engine.updateSettings(["declared"], { isActive: false });
    expect(await engine.listDeclaredDrift(["declared"])).toMatchObject([{ setting: "isActive", declared: true, actual: false }]);
    await engine.deleteObject(["declared"]);
    await register(engine, {}, "declared");
    expect(await engine.listDeclaredDrift(["declared"])).toEqual([]);
  });

  it("keeps counts, drift and duration of each sync of the whole connection", async () => {
    const { api, engine, platform } = await warehouse();
    platform.tables("sales", "main").delete("returns");
    await sync(engine);
    await sync(engine, ["warehouse", "sales"]);
    expect(await api.listSyncs("warehouse")).toMatchObject([
      { databases: 2, schemas: 3, tables: 6, dataSources: 0, missing: 0, drift: 11 },
      { databases: 2, schemas: 3, tables: 5, dataSources: 0, missing: 1, drift: 1 },
    ]);
    await api.deleteObject(["warehouse"]);
    await register(engine);
    expect(await api.listSyncs("warehouse")).toHaveLength(1);
  });
});

it("lists the tags of the objects that are asked for, without those of columns", async () => {
  const { api, platform } = testEngine(account(tree));
  platform.activity.tags = [
    { database: "sales", name: "DOMAIN", value: "sales" },
    { database: "sales", schema: "main", table: "orders", name: "PII", value: "" },
    { database: "sales", schema: "main", table: "orders", column: "id", name: "KEY", value: "" },
  ];
  const { bulkId } = await api.registerConnection({
    connectionKey: "warehouse",
    connection: { technology: "Memory", account: "a" },
    nativeIntegration: { type: "Memory", autoBootstrap: false, config: { tags: { enabled: true } } },
  });
  await api.waitForJobs(bulkId);
  const { client } = await serve(api);
  for (const one of [api, client]) {
    expect(await one.listTagsOf([ORDERS, ["warehouse", "sales"], ["warehouse", "sales", "main"]])).toMatchObject([
      { objectPath: ["warehouse", "sales"], column: null, name: "DOMAIN" },
      { objectPath: ORDERS, column: null, name: "PII" },
    ]);
    expect(await found(one, [], { tag: "PII" })).toEqual(["sales|main|orders"]);
    expect(await found(one, [], { tag: "KEY" })).toEqual([]);
  }
});

it("tells a caller what it may do, and shows it only what it may read", async () => {
  const { api } = testEngine(account(tree));
  await register(api);
  await register(api, {}, "other");
  const me = { type: "user", id: 7 } as const;
  await api.updateSettings(["warehouse"], { dataOwners: [me] });
  const caller = api.as({ name: "user 7", permissions: [], principals: [me] });
  const rightsAt = async (path: readonly string[]) =>
    new Map((await caller.listRights(path)).map(({ operation, isAllowed, reason }) => [operation, isAllowed ? true : reason]));
  expect((await rightsAt(ORDERS)).get("updateSettings")).toBe(true);
  expect((await rightsAt(ORDERS)).get("setInfrastructureAdmins")).toContain(
    "user 7 may not set infrastructure admins; that takes GOVERNANCE",
  );
  expect((await rightsAt(["other"])).get("crawl")).toContain("other: user 7 may not run an object sync");
  const { hits } = await caller.findObjects([], { searchText: "o", size: 1_000 });
  expect(new Set(hits.map(({ objectPath }) => objectPath[0]))).toEqual(new Set(["warehouse"]));
  await expect(caller.findObjects(["other"])).rejects.toMatchObject({ statusCode: 403 });
  await expect(caller.listTagsOf([ORDERS, ["other"]])).rejects.toMatchObject({ statusCode: 403 });
});

describe("a caller whose role begins beneath a connection", () => {
  const me = { type: "user", id: 7 } as const;
  const names = async (api: ConnectionsApi, path: readonly string[]) => {
    const { count, hits } = await api.searchObjects(path);
    expect(count).toBe(hits.length);
    return hits.map(({ objectPath }) => objectPath.at(-1));
  };

  async function withRoles(...paths: readonly (readonly string[])[]) {
    const { api } = testEngine(account(tree));
    await register(api);
    await register(api, {}, "other");
    for (const path of paths) await api.updateSettings(path, { dataOwners: [me] });
    return { api, caller: api.as({ name: "user 7", permissions: [], principals: [me] }) };
  }

  it("finds the way down to it, and no other", async () => {
    const { caller } = await withRoles(["warehouse", "sales", "old"]);
    expect(await names(caller, [])).toEqual(["warehouse"]);
    expect(await names(caller, ["warehouse"])).toEqual(["sales"]);
    expect(await names(caller, ["warehouse", "sales"])).toEqual(["old"]);
    expect(await names(caller, ["warehouse", "sales", "old"])).toEqual(["orders_2019"]);
    await expect(caller.searchObjects(["other"])).rejects.toMatchObject({ statusCode: 403 });
    await expect(caller.searchObjects(["warehouse", "a/b"])).rejects.toMatchObject({ statusCode: 403 });
    await expect(caller.getObject(["warehouse"])).rejects.toMatchObject({ statusCode: 403 });
  });

  it("has places counted among what it is shown", async () => {
    const { caller } = await withRoles(["warehouse", "sales", "main", "returns"], ["warehouse", "sales", "old"]);
    expect(await caller.locateObject(["warehouse", "sales", "main", "returns"])).toEqual([0, 0, 0, 0]);
    expect(await caller.locateObject(["warehouse", "sales", "old", "orders_2019"])).toEqual([0, 0, 1, 0]);
    expect(await names(caller, ["warehouse", "sales"])).toEqual(["main", "old"]);
    expect(await caller.locateObject(["warehouse", "sales"])).toEqual([0, 0]);
    await expect(caller.locateObject(["warehouse", "a/b"])).rejects.toMatchObject({ statusCode: 403 });
  });

  it("searches what it may read, and pages through the way there", async () => {
    const { api, caller } = await withRoles(
      ["warehouse", "a/b"],
      ["warehouse", "sales", "old"],
      ["warehouse", "sales", "old", "orders_2019"],
    );
    expect(await found(caller, [], {})).toEqual(
      ["a/b", "a/b|x.y", "a/b|x.y|100%", "a/b|x.y|ORDERS", "a/b|x.y|ünïcode"].concat(["sales|old", "sales|old|orders_2019"]),
    );
    expect(await caller.searchObjects(["warehouse"], { size: 1, offset: 1 })).toMatchObject({
      count: 2,
      hits: [{ objectPath: ["warehouse", "sales"] }],
    });
    expect((await caller.searchObjects(["warehouse"], { sortOrder: "desc" })).hits[0]?.objectPath[1]).toBe("sales");
    await api.updateSettings(["warehouse", "sales"], { isActive: true });
    const byState = await caller.searchObjects(["warehouse"], { sortField: "state" });
    expect(byState.hits.map(({ objectPath }) => objectPath[1])).toEqual(["sales", "a/b"]);
    expect(await caller.searchObjects(["warehouse"], { searchText: "A/" })).toMatchObject({ count: 1 });
  });

  it("is shown nothing without any role", async () => {
    const { caller } = await withRoles();
    expect(await names(caller, [])).toEqual([]);
    await expect(caller.listPrincipals([me])).rejects.toMatchObject({ statusCode: 403 });
  });
});

it("tells names and numbers of users and groups, and leaves out who is not known", async () => {
  const { api, storeFile } = testEngine(account(tree));
  const store = openTestStore(storeFile);
  await store.insertGroup("stewards");
  await store.insertUser({ name: "anna", email: null, permissions: [], groups: [] });
  const id = (await store.getUser("anna"))!.id;
  await store.close();
  const { client } = await serve(api);
  const asked = [
    { type: "user", id },
    { type: "group", id: 1 },
    { type: "user", id: 999 },
  ] as const;
  for (const one of [api, client]) {
    expect(await one.listPrincipals(asked)).toEqual([
      { type: "user", id, name: "anna" },
      { type: "group", id: 1, name: "stewards" },
    ]);
    const byName = [
      { type: "group", name: "stewards" },
      { type: "user", name: "anna" },
      { type: "user", id },
      { type: "user", name: "stewards" },
      { type: "user", name: "Anna" },
    ] as const;
    expect(new Set(await one.listPrincipals(byName))).toEqual(
      new Set([
        { type: "user", id, name: "anna" },
        { type: "group", id: 1, name: "stewards" },
      ]),
    );
  }
  const both = client.listPrincipals([{ type: "user", id, name: "anna" } as never]);
  await expect(both).rejects.toMatchObject({ statusCode: 400, field: "principals.0" });
});
