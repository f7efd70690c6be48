import type { Caller, Permission } from "../../model/caller";
import type { ConnectionsApi } from "../../model/connections-api";
import type { Settings } from "../../model/settings";
import type { ConnectionsError } from "../../model/errors";
import type { Engine } from "../engine";
import { serve } from "../../../tests/support/server";
import { register, testEngine } from "../../../tests/support/engine";
import { account } from "../../../tests/support/memory-platform";
import { PERMISSION_TABLE, PERSONAS, type Operation, type Persona } from "./table";

const ME = { type: "user", id: 7 } as const;
/** What is registered first, `warehouse`, has the first id. */
const CONNECTION_ID = 1;
const ORDERS = ["warehouse", "sales", "main", "orders"];
const connection = { technology: "Memory", account: "another", password: "hunter2-hunter2" };

type Call = (api: ConnectionsApi, bulkId: string) => Promise<unknown>;
/** Of the former API, which has no roles: authorize-legacy.test.ts. */
type FormerOperation = "readLegacy" | "changeLegacy" | "configureIntegration";
type ApiOperation = Exclude<Operation, FormerOperation>;

/** `warehouse` did not come from an upgrade; whoever has the right is told so. */
const unlessNotFound = async (call: Promise<unknown>): Promise<void> => {
  await call.catch((error: ConnectionsError) => {
    if (error.statusCode !== 404) throw error;
  });
};

/** Among many changes a refusal is told, not thrown. */
async function updateAsOneOfMany(api: ConnectionsApi, settings: Settings): Promise<void> {
  const { updated, failures } = await api.updateManySettings([{ objectPath: ORDERS, settings }]);
  expect(updated).toBe(failures.length === 0 ? 1 : 0);
  for (const failure of failures) throw Object.assign(new Error(failure.message), failure);
}

/** What each operation of the table stands for; every call of the interface is in one of them. */
const CALLS: Readonly<Record<ApiOperation, readonly Call[]>> = {
  testConnection: [(api) => api.testConnection({ connection })],
  registerConnection: [
    (api) => api.registerConnection({ connectionKey: "another", connection }),
    (api) => api.createSetupScript({ type: "Memory", autoBootstrap: false, config: {} }),
  ],
  createCleanupScript: [(api) => api.createCleanupScript(CONNECTION_ID)],
  readConnection: [(api) => api.getConnection("warehouse")],
  updateConnection: [(api) => api.updateConnection("warehouse", { connection })],
  deregisterConnection: [(api) => api.deleteObject(["warehouse"])],
  readObjects: [
    (api) => api.getObject(ORDERS),
    (api) => api.searchObjects(ORDERS.slice(0, 3)),
    (api) => api.countObjects(["warehouse"]),
    (api) => api.listDataSources(["warehouse"]),
    (api) => api.listOverrides(["warehouse"]),
    (api) => api.listOverrides(["warehouse"], { changes: true }),
    (api) => api.listObjects(["warehouse"]),
    (api) => api.findObjects(ORDERS.slice(0, 3)),
    (api) => api.locateObject(ORDERS),
    (api) => api.listTagsOf([ORDERS]),
    (api) => api.listPrincipals([ME]),
    (api) => api.listPrincipals([{ type: "user", name: "anna" }]),
    (api) => api.listDeclaredDrift(ORDERS),
    (api) => api.previewStatus(ORDERS, true),
    (api) => api.listEvents(ORDERS),
    (api) => api.listSyncs("warehouse"),
    (api) => api.listTags(["warehouse"]),
    (api) => api.listLineage(ORDERS),
  ],
  readAudit: [(api) => api.listQueries(["warehouse"]), (api) => api.listQueries(ORDERS)],
  updateSettings: [
    (api) => api.updateSettings(ORDERS, { isActive: true }),
    (api) => api.updateSettings(["warehouse"], { activateNewChildren: true }),
    (api) => api.updateSettings(ORDERS, { dataOwners: [ME] }),
    (api) => updateAsOneOfMany(api, { isActive: true }),
  ],
  setInfrastructureAdmins: [
    (api) => api.updateSettings(ORDERS, { infrastructureAdmins: [ME] }),
    (api) => updateAsOneOfMany(api, { infrastructureAdmins: [ME] }),
  ],
  deleteObject: [(api) => api.deleteObject(ORDERS)],
  crawl: [(api) => api.crawl(["warehouse"]), (api) => api.planSync(["warehouse", "sales"])],
  diagnose: [(api) => api.diagnose("warehouse")],
  readJobs: [
    (api) => api.searchJobs({ objectPath: ["warehouse"] }),
    (api) => api.summarizeJobs({ objectPath: ["warehouse"] }),
    (api, bulkId) => api.getJobs(bulkId),
    (api, bulkId) => api.waitForJobs(bulkId),
    async (api, bulkId) => api.getJobStatuses({ jobIds: [(await api.getJobs(bulkId))[0]!.id] }),
  ],
  readUpgrades: [
    (api) => api.listUpgrades(),
    (api) => unlessNotFound(api.getUpgrade("warehouse")),
    (api) => unlessNotFound(api.listUpgradeSources("warehouse")),
  ],
  upgrade: [
    (api) => unlessNotFound(api.planUpgrade({ connectionKey: "another", connection })),
    (api) => unlessNotFound(api.startUpgrade({ connectionKey: "another", connection })),
    (api) => unlessNotFound(api.rerunUpgrade("warehouse")),
  ],
};

/** As the table in the documentation has it: admin, create, governance, infrastructure admin, data owner. */
const EXPECTED: Readonly<Record<ApiOperation, string>> = {
  testConnection: "yes yes - - -",
  registerConnection: "yes yes - - -",
  createCleanupScript: "yes - - - -",
  readConnection: "yes yes yes yes yes",
  updateConnection: "yes - yes yes -",
  deregisterConnection: "yes - yes yes yes",
  readObjects: "yes yes yes yes yes",
  readAudit: "yes - yes yes yes",
  updateSettings: "- - yes yes yes",
  setInfrastructureAdmins: "- - yes yes -",
  deleteObject: "yes - yes yes yes",
  crawl: "yes - yes yes yes",
  diagnose: "yes - yes yes yes",
  readJobs: "yes yes yes yes yes",
  readUpgrades: "yes - yes - -",
  // Neither of the two permissions alone.
  upgrade: "- - - - -",
};

const operations = Object.keys(CALLS) as ApiOperation[];
const cells = operations.flatMap((operation) =>
  EXPECTED[operation].split(" ").map((cell, index) => [operation, PERSONAS[index]!, cell === "yes"] as const),
);

/** An engine with `warehouse` registered, and a caller with one right on it. */
async function withRight(persona: Persona | undefined, on: readonly string[] = ["warehouse"], principals: Caller["principals"] = [ME]) {
  const { api } = testEngine(account({ sales: { main: ["orders", "returns"] }, stock: { main: ["items"] } }));
  await register(api);
  const roles: Settings = {
    ...(persona === "dataOwner" && { dataOwners: [...principals] }),
    ...(persona === "infrastructureAdmin" && { infrastructureAdmins: [...principals] }),
  };
  if (persona !== undefined) await api.updateSettings(on, roles);
  const isPermission = persona !== undefined && persona !== "dataOwner" && persona !== "infrastructureAdmin";
  const permissions: Permission[] = isPermission ? [persona] : [];
  const [job] = (await api.searchJobs()).jobs;
  const who: Caller = { name: "user 7", permissions, principals };
  return { api, bulkId: job!.bulkId, who, caller: api.as(who) };
}

describe.each<[string, (engine: Engine, caller: Caller) => Promise<ConnectionsApi>]>([
  ["in process", async (engine, caller) => engine.as(caller)],
  ["over HTTP", async (engine, caller) => (await serve(engine, caller)).client],
])("%s", (_place, view) => {
  it.each(cells)("%s by %s: allowed %p", async (operation, persona, allowed) => {
    const seen = async () => {
      const { api, who, bulkId } = await withRight(persona);
      return { caller: await view(api, who), bulkId };
    };
    const isLeftAsItIs = !allowed || operation.startsWith("read");
    const first = await seen();
    for (const [index, call] of CALLS[operation].entries()) {
      const { caller, bulkId } = isLeftAsItIs || index === 0 ? first : await seen();
      if (allowed) await expect(call(caller, bulkId)).resolves.not.toThrow();
      else await expect(call(caller, bulkId)).rejects.toMatchObject({ statusCode: 403 });
    }
  });
});

it.each(operations)("%s takes a right", async (operation) => {
  const { caller, bulkId, api } = await withRight(undefined);
  const before = [await api.listOverrides(["warehouse"]), (await api.searchJobs()).jobs.length];
  for (const call of CALLS[operation]) {
    await expect(call(caller, bulkId)).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining(`user 7 may not ${PERMISSION_TABLE[operation].what}; that takes `) as string,
    });
  }
  expect([await api.listOverrides(["warehouse"]), (await api.searchJobs()).jobs.length]).toEqual(before);
});

describe("a role on an object", () => {
  it("counts for everything beneath it and nothing beside it", async () => {
    const { caller } = await withRight("dataOwner", ["warehouse", "sales"]);
    await caller.updateSettings(ORDERS, { isActive: true });
    for (const path of [["warehouse"], ["warehouse", "stock"], ["warehouse", "stock", "main", "items"]]) {
      await expect(caller.getObject(path)).rejects.toMatchObject({ statusCode: 403, field: "objectPath" });
      await expect(caller.updateSettings(path, { isActive: true })).rejects.toMatchObject({ statusCode: 403 });
    }
  });

  it("may come through a group", async () => {
    const { api } = await withRight("infrastructureAdmin", ["warehouse"], [{ type: "group", id: 3 }]);
    const member = api.as({
      name: "user 9",
      permissions: [],
      principals: [
        { type: "user", id: 9 },
        { type: "group", id: 3 },
      ],
    });
    const user3 = api.as({ name: "user 3", permissions: [], principals: [{ type: "user", id: 3 }] });
    expect(await member.getObject(["warehouse"])).toMatchObject({ objectPath: ["warehouse"] });
    await expect(user3.getObject(["warehouse"])).rejects.toMatchObject({ statusCode: 403 });
  });

  it("shows the connections that it is on, and no others", async () => {
    const { api, caller } = await withRight("dataOwner");
    await register(api, {}, "other");
    expect(await caller.searchObjects([])).toMatchObject({ count: 1, hits: [{ objectPath: ["warehouse"] }] });
    expect(await caller.searchObjects([], { searchText: "oth" })).toEqual({ count: 0, hits: [] });
    await expect(caller.searchJobs()).rejects.toMatchObject({ statusCode: 403 });
    await expect(caller.listDataSources([])).rejects.toMatchObject({ statusCode: 403 });
  });
});

it("does not tell who may not read whether an object exists", async () => {
  const { caller } = await withRight(undefined);
  const refused = (path: string[]) => caller.getObject(path).catch((error: Error) => error.message.replace(path.join("/"), ""));
  expect(await refused(["warehouse"])).toBe(await refused(["nowhere"]));
});

it("makes the creator of a connection its infrastructure admin, and names who asked for a sync", async () => {
  const { api, caller } = await withRight("CREATE_DATA_SOURCE");
  const { bulkId } = await caller.registerConnection({ connectionKey: "another", connection });
  await caller.waitForJobs(bulkId);
  expect((await api.getObject(["another"])).overrides).toEqual({ infrastructureAdmins: [ME] });
  await caller.updateSettings(["another"], { isActive: true });
  await caller.waitForJobs((await caller.crawl(["another", "sales"])).bulkId);
  expect(await api.getConnection("another")).toMatchObject({ createdBy: 7, creator: { id: 7, name: "user 7", email: null } });
  const { jobs } = await api.searchJobs({ objectPath: ["another"] });
  expect(jobs.map(({ requestedBy, objectPath }) => [requestedBy, objectPath.join("/")]).sort()).toEqual([
    ["user 7", "another"],
    ["user 7", "another/sales"],
  ]);
  await expect(caller.updateSettings(["warehouse"], { isActive: true })).rejects.toMatchObject({ statusCode: 403 });
});

it("lets whoever administers and governs run an upgrade, and neither alone", async () => {
  const { api } = await withRight(undefined);
  const calls = CALLS.upgrade;
  const both = api.as({ name: "user 8", permissions: ["APPLICATION_ADMIN", "GOVERNANCE"], principals: [] });
  for (const call of calls) await expect(call(both, "")).resolves.not.toThrow();
  const one = api.as({ name: "user 9", permissions: ["GOVERNANCE", "CREATE_DATA_SOURCE"], principals: [] });
  for (const call of calls) {
    await expect(call(one, "")).rejects.toThrow(/that takes APPLICATION_ADMIN and GOVERNANCE\. Ask an administrator for them/);
  }
});
