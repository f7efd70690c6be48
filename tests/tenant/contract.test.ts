import { randomBytes } from "node:crypto";
import { createClient } from "../../sdk/client/client";
import { walkCounts } from "../../sdk/client/walk";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { DataObject } from "../../sdk/model/data-object";
import { RemoteError } from "../../sdk/model/errors";
import { isFinal } from "../../sdk/model/job";
import { secretTexts } from "../../sdk/model/secret-fields";
import { tenantOf, type Tenant } from "./environment";

const tenant = tenantOf(process.env);

/** Nobody else's: everything here happens beneath it. */
const KEY = `contract-${randomBytes(6).toString("hex")}`;

if (tenant === undefined) {
  it.skip("needs CONNECTIONS_ENDPOINT, CONNECTIONS_API_KEY and CONNECTIONS_TENANT_CONNECTION; see docs/server.md", () => undefined);
} else {
  describe("a tenant keeps the contract", () => keepsContract(tenant));
}

function keepsContract({ endpoint, apiKey, registration }: Tenant): void {
  let api: ConnectionsApi;
  let before: readonly string[];
  let isRegistered = false;

  beforeAll(async () => {
    api = createClient({ endpoint, apiKey });
    before = await connectionKeys();
    const { bulkId } = await api.registerConnection({ connectionKey: KEY, ...registration });
    isRegistered = true;
    await ended(bulkId);
  });

  afterAll(async () => {
    if (isRegistered) await api.deleteObject([KEY]);
    await api.close();
  });

  it("shows the connection, and none of its secrets", async () => {
    const details = await api.getConnection(KEY);
    expect(details).toMatchObject({ connectionKey: KEY, connection: { technology: registration.connection.technology } });
    expect(Date.parse(details.createdAt)).not.toBeNaN();
    for (const secret of secretTexts(registration)) expect(JSON.stringify(details)).not.toContain(secret);
    expect(await connectionKeys()).toContain(KEY);
  });

  it("refuses a key that is taken", async () => {
    await expect(api.registerConnection({ connectionKey: KEY, ...registration })).rejects.toMatchObject({ statusCode: 409 });
  });

  it("shows a hierarchy of databases, schemas and tables, inactive at first", async () => {
    const path = await downToTable();
    expect(path.map(({ objectPath }) => objectPath.length)).toEqual([1, 2, 3, 4]);
    for (const [index, object] of path.entries()) {
      expect(object).toMatchObject({ technology: registration.connection.technology, state: "inactive" });
      expect(object.objectPath.slice(0, index + 1)).toEqual(path[index]!.objectPath);
      expect(await api.getObject(object.objectPath)).toMatchObject({ objectPath: object.objectPath, state: object.state });
    }
    expect(path[0]!.objectPath).toEqual([KEY]);
  });

  it("pages children: each once, in both orders, and finds them by a part of their name", async () => {
    const whole = await children([KEY], 1_000);
    expect(await children([KEY], 1)).toEqual(whole);
    expect((await children([KEY], 1_000, "desc")).reverse()).toEqual(whole);
    const [first] = whole as [string];
    const found = await api.searchObjects([KEY], { searchText: first.slice(1).toUpperCase() });
    expect(found.hits.map(({ objectPath }) => objectPath[1])).toContain(first);
    expect(found.count).toBeLessThanOrEqual(whole.length);
  });

  it("sets an object active beneath an inactive one, and lets it inherit again", async () => {
    const table = (await downToTable())[3]!.objectPath;
    await api.updateSettings(table, { isActive: true });
    expect(await eventually(table, "active")).toMatchObject({ overrides: { isActive: true } });
    expect(await api.getObject(table.slice(0, 3))).toMatchObject({ state: "inactive", overrides: {} });
    await api.updateSettings(table, { activateNewChildren: null });
    expect(await api.getObject(table)).toMatchObject({ state: "active" });
    await api.updateSettings(table, { isActive: null });
    expect(await eventually(table, "inactive")).toMatchObject({ overrides: {} });
  });

  it("passes settings on to what inherits them, and not to what overrides them", async () => {
    const [, database, schema, table] = (await downToTable()).map(({ objectPath }) => objectPath);
    await api.updateSettings(table!, { isActive: false });
    await api.updateSettings(database!, { isActive: true });
    await eventually(schema!, "active");
    expect(await api.getObject(table!)).toMatchObject({ state: "inactive" });
    await api.updateSettings(database!, { isActive: null });
    await api.updateSettings(table!, { isActive: null });
    await eventually(schema!, "inactive");
  });

  it("syncs as a job, after which everything is as it was", async () => {
    const objects = await api.searchObjects([KEY]);
    const { objectPath, bulkId } = await api.crawl([KEY]);
    expect(objectPath).toEqual([KEY]);
    await ended(bulkId);
    expect((await api.searchObjects([KEY])).hits.map(identity)).toEqual(objects.hits.map(identity));
  });

  it.each<[string, (api: ConnectionsApi) => Promise<unknown>, number]>([
    ["an unknown connection", (to) => to.getConnection(`${KEY}-not`), 404],
    ["an unknown object", (to) => to.getObject([KEY, "no such database"]), 404],
    ["settings of an unknown object", (to) => to.updateSettings([KEY, "no such database"], { isActive: true }), 404],
    ["a setting of a wrong type", (to) => to.updateSettings([KEY], { isActive: "yes" as unknown as boolean }), 400],
    [
      "a technology that there is not",
      (to) => to.registerConnection({ connectionKey: `${KEY}-x`, connection: { technology: "None" } }),
      400,
    ],
  ])("refuses %s", async (_title, call, statusCode) => {
    await expect(call(api)).rejects.toMatchObject({ statusCode });
  });

  it("refuses a caller without a key", async () => {
    const stranger = createClient({ endpoint, apiKey: `not-${randomBytes(12).toString("hex")}` });
    await expect(stranger.getConnection(KEY)).rejects.toMatchObject({ statusCode: 401 });
    await stranger.close();
  });

  it("tells what a sync would change, or says that it cannot", async () => {
    const plan = await api.planSync([KEY]).catch((error: unknown) => error);
    if (plan instanceof RemoteError)
      expect(plan).toMatchObject({ statusCode: 501, message: expect.stringContaining("this server cannot") as string });
    else expect(plan).toMatchObject({ counts: { new: 0, missing: 0, changed: 0, returned: 0 }, failed: [] });
  });

  it("counts its objects as a walk over them does", async () => {
    expect(await api.countObjects([KEY])).toEqual(await walkCounts(api, [KEY]));
  });

  it("deregisters the connection, and nothing else", async () => {
    const { childCount } = await api.deleteObject([KEY]);
    isRegistered = false;
    expect(childCount).toBeGreaterThanOrEqual(3);
    await expect(api.getConnection(KEY)).rejects.toMatchObject({ statusCode: 404 });
    const after = await connectionKeys();
    expect(after).not.toContain(KEY);
    expect(after).toEqual(expect.arrayContaining([...before]));
  });

  async function ended(bulkId: string): Promise<void> {
    const jobs = await api.waitForJobs(bulkId);
    expect(jobs.length).toBeGreaterThan(0);
    for (const { state, output } of jobs) expect([isFinal(state), state, output?.error]).toEqual([true, "completed", undefined]);
  }

  /** Without those of other runs of this suite, which come and go. */
  async function connectionKeys(): Promise<string[]> {
    return (await children([], 1_000)).filter((key) => key === KEY || !key.startsWith("contract-"));
  }

  async function children(path: readonly string[], size: number, sortOrder: "asc" | "desc" = "asc"): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      const { count, hits } = await api.searchObjects(path, { offset: names.length, size, sortOrder });
      names.push(...hits.map(({ objectPath }) => objectPath[path.length]!));
      if (hits.length === 0 || names.length >= count) return names;
    }
  }

  /** The connection, and the first database, schema and table that lead to a table. */
  async function downToTable(): Promise<DataObject[]> {
    const visit = async (object: DataObject): Promise<DataObject[] | undefined> => {
      if (object.objectPath.length === 4) return [object];
      for (const child of (await api.searchObjects(object.objectPath, { size: 100 })).hits) {
        const found = await visit(child);
        if (found !== undefined) return [object, ...found];
      }
      return undefined;
    };
    const path = await visit(await api.getObject([KEY]));
    if (path === undefined) throw new Error("CONNECTIONS_TENANT_CONNECTION: shows no table; name an account that has one");
    return path;
  }

  /** A change above an object may take its time (contract: settings). */
  async function eventually(path: readonly string[], state: "active" | "inactive"): Promise<DataObject> {
    for (let tries = 0; ; tries++) {
      const object = await api.getObject(path);
      if (object.state === state || tries === 60) {
        expect(object.state).toBe(state);
        return object;
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

function identity({ objectPath, state }: DataObject): string {
  return `${objectPath.join("/")} ${state}`;
}
