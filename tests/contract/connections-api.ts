import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { ConnectionInformation } from "../../sdk/model/registration";

/** A ready implementation with a platform that shows `sales/main/orders` and `sales/main/returns`. */
export interface Subject {
  readonly api: ConnectionsApi;
  readonly connection: ConnectionInformation;
  /** Another account of the same platform. */
  readonly otherConnection: ConnectionInformation;
  /** A `connection` whose credentials the platform refuses. */
  readonly refusedConnection: ConnectionInformation;
  /** Runs statements as the platform's administrator, who has granted the connection nothing yet; undefined where there are no grants. */
  readonly administer?: (statements: readonly string[]) => Promise<void>;
}

const ORDERS = ["warehouse", "sales", "main", "orders"];

/** What every implementation of ConnectionsApi promises. */
export function connectionsApiContract(name: string, open: () => Promise<Subject>): void {
  describe(`ConnectionsApi: ${name}`, () => {
    async function registered(settings = {}): Promise<Subject> {
      const subject = await open();
      const { bulkId } = await subject.api.registerConnection({ connectionKey: "warehouse", connection: subject.connection, settings });
      await subject.api.waitForJobs(bulkId);
      return subject;
    }

    it("reads nothing out of a store that holds nothing", async () => {
      const { api } = await open();
      expect(await api.searchObjects([])).toEqual({ count: 0, hits: [] });
      await expect(api.getConnection("warehouse")).rejects.toMatchObject({ statusCode: 404, field: "connectionKey" });
    });

    it("registers a connection, reads it back without secrets, and lists it", async () => {
      const { api, connection } = await registered();
      const details = await api.getConnection("warehouse");
      expect(details).toMatchObject({ connectionKey: "warehouse", connection: { technology: connection.technology } });
      const { createdBy, creator, updatedBy, updater, nativeIntegrationId } = details;
      expect([createdBy, updatedBy]).toEqual([creator.id, updater.id]);
      expect(nativeIntegrationId).toBe((await api.getObject(["warehouse"])).id);
      expect(details.nativeIntegration).toMatchObject({ type: connection.technology, autoBootstrap: false });
      expect(details.lastSync?.counts).toEqual({ databases: 1, schemas: 1, tables: 2, dataSources: 0 });
      expect((await api.searchObjects([])).hits.map(({ objectPath }) => objectPath)).toEqual([["warehouse"]]);
    });

    it("shows an object with effective settings and overrides apart", async () => {
      const { api, connection } = await registered({ isActive: true });
      await api.updateSettings(ORDERS, { isActive: false });
      expect(await api.getObject(["warehouse", "sales"])).toMatchObject({
        objectPath: ["warehouse", "sales"],
        technology: connection.technology,
        objectType: "database",
        state: "active",
        settings: {
          isActive: { value: true, hasDescendantsWithOverrides: true },
          activateNewChildren: { value: false, hasDescendantsWithOverrides: false },
        },
        overrides: {},
        missingSince: null,
      });
      expect(await api.getObject(ORDERS)).toMatchObject({ state: "inactive", overrides: { isActive: false } });
    });

    it("merges settings: left out stays, null inherits again", async () => {
      const { api } = await registered();
      await api.updateSettings(["warehouse", "sales"], { isActive: true, activateNewChildren: true });
      await api.updateSettings(["warehouse", "sales"], { activateNewChildren: null });
      expect((await api.getObject(["warehouse", "sales"])).overrides).toEqual({ isActive: true });
      await api.updateSettings(["warehouse", "sales"], { isActive: null });
      expect(await api.listOverrides(["warehouse"])).toEqual([]);
    });

    it("knows nobody by a name or number that was never given", async () => {
      const { api } = await registered();
      const nobody = [
        { type: "user", name: "nobody of that name" },
        { type: "group", id: 987_654 },
      ] as const;
      expect(await api.listPrincipals(nobody)).toEqual([]);
      const many = Array.from({ length: 1_001 }, (_, id) => ({ type: "user", name: `u${id}` }) as const);
      await expect(api.listPrincipals(many)).rejects.toMatchObject({ statusCode: 400, field: "principals" });
    });

    it("changes many objects at once, naming those that it cannot", async () => {
      const { api } = await registered();
      const returns = ["warehouse", "sales", "main", "returns"];
      const nowhere = ["warehouse", "sales", "mian", "orders"];
      const outcome = await api.updateManySettings([
        { objectPath: ORDERS, settings: { isActive: true } },
        { objectPath: nowhere, settings: { isActive: true } },
        { objectPath: returns, settings: { isActive: true, activateNewChildren: true } },
        { objectPath: returns, settings: { activateNewChildren: null } },
      ]);
      expect(outcome).toEqual({
        updated: 3,
        failures: [
          {
            objectPath: nowhere,
            statusCode: 404,
            message: expect.stringMatching(/there is no schema "mian" in warehouse\/sales/) as string,
          },
        ],
      });
      expect(await api.listOverrides(["warehouse"])).toEqual([
        { objectPath: ORDERS, overrides: { isActive: true } },
        { objectPath: returns, overrides: { isActive: true } },
      ]);
      expect(await api.updateManySettings([])).toEqual({ updated: 0, failures: [] });
      const back = [
        { objectPath: ORDERS, settings: { isActive: null } },
        { objectPath: nowhere, settings: {} },
      ];
      expect(await api.updateManySettings(back, { dryRun: true })).toMatchObject({ updated: 1, failures: [{ objectPath: nowhere }] });
      expect((await api.getObject(ORDERS)).overrides).toEqual({ isActive: true });
    });

    it("changes none of many objects when one change is malformed, naming it", async () => {
      const { api } = await registered();
      const wrong = { isActive: "yes" } as unknown as { isActive: boolean };
      const updates = [
        { objectPath: ORDERS, settings: { isActive: true } },
        { objectPath: ORDERS, settings: wrong },
      ];
      await expect(api.updateManySettings(updates)).rejects.toMatchObject({ statusCode: 400, field: "updates.1.settings.isActive" });
      expect(await api.listOverrides(["warehouse"])).toEqual([]);
    });

    it("takes more changes than one request holds", async () => {
      const { api } = await registered();
      const updates = Array.from({ length: 2_500 }, (_, index) => ({ objectPath: ORDERS, settings: { isActive: index % 2 === 0 } }));
      expect(await api.updateManySettings([...updates, { objectPath: ORDERS, settings: { isActive: true } }])).toEqual({
        updated: 2_501,
        failures: [],
      });
      expect((await api.getObject(ORDERS)).overrides).toEqual({ isActive: true });
    });

    it("tells who changed a setting and when, also where it was taken back", async () => {
      const { api } = await registered();
      const before = new Date().toISOString();
      await api.updateSettings(ORDERS, { isActive: true });
      await api.updateManySettings([{ objectPath: ["warehouse", "sales"], settings: { activateNewChildren: true } }]);
      await api.updateSettings(["warehouse", "sales"], { activateNewChildren: null });
      const listed = await api.listOverrides(["warehouse"], { changes: true });
      expect(listed).toEqual([
        {
          objectPath: ["warehouse", "sales"],
          overrides: {},
          changes: { activateNewChildren: { at: expect.any(String) as string, by: expect.any(String) as string } },
        },
        {
          objectPath: ORDERS,
          overrides: { isActive: true },
          changes: { isActive: { at: expect.any(String) as string, by: expect.any(String) as string } },
        },
      ]);
      const { at, by } = listed[1]!.changes!.isActive!;
      expect(by).not.toBe("");
      expect(at >= before && at <= new Date().toISOString()).toBe(true);
      await api.deleteObject(["warehouse", "sales"]);
      expect(await api.listOverrides(["warehouse"], { changes: true })).toEqual([]);
    });

    it("lists everything beneath an object, in parts, by state and by type", async () => {
      const { api } = await registered();
      await api.updateSettings(ORDERS, { isActive: true });
      const paths = async (query = {}) => (await api.listObjects(["warehouse"], query)).hits.map(({ objectPath }) => objectPath.join("/"));
      const all = ["warehouse", "warehouse/sales", "warehouse/sales/main", "warehouse/sales/main/orders", "warehouse/sales/main/returns"];
      expect(await paths({ size: 10_000 })).toEqual(all);
      expect(await paths({ state: "active" })).toEqual(["warehouse/sales/main/orders"]);
      expect(await paths({ objectType: "schema" })).toEqual(["warehouse/sales/main"]);
      const parts: string[] = [];
      for (let after: string | null | undefined; after !== null;) {
        const { hits, next } = await api.listObjects(["warehouse"], { size: 2, ...(after && { after }) });
        expect(hits.length).toBeLessThanOrEqual(2);
        parts.push(...hits.map(({ objectPath }) => objectPath.join("/")));
        after = next;
      }
      expect(parts).toEqual(all);
      expect((await api.listObjects(ORDERS)).hits).toEqual([
        expect.objectContaining({
          objectPath: ORDERS,
          objectType: "table",
          state: "active",
          overrides: { isActive: true },
          missingSince: null,
        }),
      ]);
      await expect(api.listObjects(["warehouse"], { size: 10_001 })).rejects.toMatchObject({ statusCode: 400, field: "size" });
      await expect(api.listObjects(["nowhere"])).rejects.toMatchObject({ statusCode: 404 });
    });

    it("adds owners up on the way down", async () => {
      const { api } = await registered();
      await api.updateSettings(["warehouse"], { dataOwners: [{ type: "user", id: 7 }] });
      await api.updateSettings(ORDERS, {
        dataOwners: [
          { type: "group", id: 7 },
          { type: "user", id: 7 },
        ],
      });
      const { settings } = await api.getObject(ORDERS);
      expect(settings.dataOwners.value).toEqual([
        { type: "user", id: 7 },
        { type: "group", id: 7 },
      ]);
    });

    it("pages and searches children", async () => {
      const { api } = await registered();
      const main = ["warehouse", "sales", "main"];
      const second = await api.searchObjects(main, { offset: 1, size: 1 });
      expect(second).toMatchObject({ count: 2, hits: [{ objectPath: [...main, "returns"] }] });
      expect(await api.searchObjects(main, { searchText: "ORD" })).toMatchObject({ count: 1, hits: [{ objectPath: ORDERS }] });
      expect((await api.searchObjects(main, { sortOrder: "desc" })).hits[0]).toMatchObject({ objectPath: [...main, "returns"] });
      expect(await api.searchObjects(ORDERS)).toEqual({ count: 0, hits: [] });
      await expect(api.searchObjects(main, { size: 0 })).rejects.toMatchObject({ statusCode: 400, field: "size" });
    });

    it.each([
      [["nowhere"], /there is no connection "nowhere"/],
      [["warehouse", "sale", "main", "orders"], /there is no database "sale" in warehouse/],
      [["warehouse", "sales", "Main", "orders"], /there is no schema "Main" in warehouse\/sales \(names are case-sensitive\)/],
      [["warehouse", "sales", "main", "order"], /there is no table "order" in warehouse\/sales\/main/],
    ])("says which element of %j does not exist", async (path, message) => {
      const { api } = await registered();
      await expect(api.getObject(path)).rejects.toMatchObject({ statusCode: 404, message: expect.stringMatching(message) as string });
      await expect(api.updateSettings(path, { isActive: true })).rejects.toThrow(message);
      await expect(api.deleteObject(path)).rejects.toThrow(message);
    });

    it("refuses settings that are none, naming the field", async () => {
      const { api } = await registered();
      const wrong = { isActive: "yes" } as unknown as { isActive: boolean };
      await expect(api.updateSettings(ORDERS, wrong)).rejects.toThrow("settings.isActive: expected a boolean, got a string");
      const unknown = { active: true } as object;
      await expect(api.updateSettings(ORDERS, unknown)).rejects.toThrow("settings.active: unknown field; remove it or correct its name");
    });

    it("refuses a key that is taken, and an account that is registered under another key", async () => {
      const { api, connection, otherConnection } = await registered();
      await expect(api.registerConnection({ connectionKey: "warehouse", connection: otherConnection })).rejects.toMatchObject({
        statusCode: 409,
      });
      await expect(api.registerConnection({ connectionKey: "second", connection })).rejects.toThrow(
        /registered already by connection "warehouse"/,
      );
    });

    it.each([
      [{ connectionKey: "" }, "connectionKey"],
      [{ connectionKey: "Search" }, "connectionKey"],
      [{ connection: { technology: "Oracle" } }, "connection.technology"],
      [{ connection: { technology: "bigquery" } }, "connection.technology"],
      [{ settings: { isActive: 1 } }, "settings.isActive"],
      [{ nativeIntegration: { type: "Other", autoBootstrap: false, config: {} } }, "nativeIntegration.type"],
      [{ unheardOf: 1 }, "unheardOf"],
    ])("refuses %j, naming the field %s, and registers nothing", async (part, field) => {
      const { api, connection } = await open();
      const registration = { connectionKey: "warehouse", connection, ...part } as never;
      await expect(api.registerConnection(registration)).rejects.toMatchObject({ statusCode: 400, field });
      expect((await api.searchObjects([])).count).toBe(0);
    });

    it("registers nothing when the platform refuses the credentials", async () => {
      const { api, refusedConnection } = await open();
      await expect(api.registerConnection({ connectionKey: "warehouse", connection: refusedConnection })).rejects.toMatchObject({
        statusCode: 422,
      });
      expect((await api.searchObjects([])).count).toBe(0);
    });

    it("lists data sources: active tables, by name, in parts", async () => {
      const { api } = await registered();
      expect(await api.listDataSources([])).toEqual({ hits: [], next: null });
      await api.updateSettings(["warehouse"], { isActive: true });
      const { id } = await api.getObject(ORDERS);
      const first = await api.listDataSources([], { size: 1 });
      expect(first).toEqual({
        hits: [{ id, name: "warehouse.sales.main.orders", objectPath: ORDERS, objectType: "table" }],
        next: "warehouse/sales/main/orders",
      });
      const second = await api.listDataSources(["warehouse"], { size: 1, after: first.next! });
      expect(second).toMatchObject({ hits: [{ name: "warehouse.sales.main.returns" }], next: null });
      await api.updateSettings(ORDERS, { isActive: false });
      expect((await api.listDataSources(["warehouse", "sales"])).hits.map(({ name }) => name)).toEqual(["warehouse.sales.main.returns"]);
    });

    it("has neither tags nor lineage nor statements where no feed is switched on", async () => {
      const { api } = await registered();
      const nothing = { hits: [], next: null };
      expect(await api.listTags(["warehouse"])).toEqual(nothing);
      expect(await api.listLineage(ORDERS, { direction: "upstream" })).toEqual(nothing);
      expect(await api.listQueries(ORDERS, { startDate: "2026-01-01" })).toEqual(nothing);
      const lists: ((path: string[], query?: { size?: number; after?: string }) => Promise<unknown>)[] = [
        (path, query) => api.listTags(path, query),
        (path, query) => api.listLineage(path, query),
        (path, query) => api.listQueries(path, query),
      ];
      for (const list of lists) {
        await expect(list(["warehouse", "nowhere"])).rejects.toMatchObject({ statusCode: 404 });
        await expect(list(["warehouse"], { size: 1_001 })).rejects.toMatchObject({ statusCode: 400, field: "size" });
        await expect(list(["warehouse"], { after: "warehouse/sales" })).rejects.toMatchObject({ statusCode: 400, field: "after" });
      }
      await expect(api.listQueries(ORDERS, { endDate: "soon" })).rejects.toMatchObject({ statusCode: 400, field: "endDate" });
    });

    it("keeps the id of an object as long as it is registered", async () => {
      const { api } = await registered();
      const { id } = await api.getObject(ORDERS);
      await api.waitForJobs((await api.crawl(["warehouse"])).bulkId);
      expect((await api.getObject(ORDERS)).id).toBe(id);
      await api.deleteObject(ORDERS);
      await api.waitForJobs((await api.crawl(["warehouse"])).bulkId);
      expect((await api.getObject(ORDERS)).id).toBeGreaterThan(id);
    });

    it("deletes an object with everything beneath it, and deregisters a connection", async () => {
      const { api } = await registered();
      await api.updateSettings(ORDERS, { isActive: true });
      expect(await api.deleteObject(["warehouse", "sales", "main"])).toEqual({ objectPath: ["warehouse", "sales", "main"], childCount: 2 });
      expect(await api.listOverrides(["warehouse"])).toEqual([]);
      expect(await api.deleteObject(["warehouse"])).toEqual({ objectPath: ["warehouse"], childCount: 1 });
      await expect(api.getConnection("warehouse")).rejects.toMatchObject({ statusCode: 404 });
    });

    it("can register the same account again after it was deregistered", async () => {
      const { api, connection } = await registered();
      await api.deleteObject(["warehouse"]);
      const { bulkId } = await api.registerConnection({ connectionKey: "again", connection });
      await api.waitForJobs(bulkId);
      expect(await api.countObjects(["again"])).toMatchObject({ databases: 1, schemas: 1, tables: 2 });
    });

    it("replaces connection information, but not its technology, and not by another's account", async () => {
      const { api, connection, otherConnection } = await registered();
      await expect(api.updateConnection("warehouse", { connection: otherConnection })).resolves.toMatchObject({
        connectionKey: "warehouse",
      });
      await expect(api.updateConnection("nowhere", { connection })).rejects.toMatchObject({ statusCode: 404 });
      const { bulkId } = await api.registerConnection({ connectionKey: "second", connection });
      await api.waitForJobs(bulkId);
      await expect(api.updateConnection("warehouse", { connection })).rejects.toThrow(/registered already by connection "second"/);
    });

    it("plans a sync that then does nothing", async () => {
      const { api } = await registered();
      expect(await api.planSync(["warehouse"])).toEqual({
        objectPath: ["warehouse"],
        counts: { new: 0, returned: 0, changed: 0, missing: 0, unchanged: 4 },
        changes: [],
        held: [],
        failed: [],
      });
      await expect(api.crawl(["warehouse", "nope", "main"])).rejects.toThrow(/there is no database "nope"/);
    });

    it("tests credentials without registering anything", async () => {
      const { api, connection, refusedConnection } = await open();
      await api.testConnection({ connection });
      await expect(api.testConnection({ connection: refusedConnection })).rejects.toMatchObject({ statusCode: 422 });
      await expect(api.testConnection({ connection: { technology: "Oracle" } })).rejects.toMatchObject({ field: "connection.technology" });
      expect((await api.searchObjects([])).count).toBe(0);
    });

    it("says what grants are missing until they are made, or that the platform has none", async () => {
      const { api, connection, administer } = await registered();
      await expect(api.diagnose("nowhere")).rejects.toMatchObject({ statusCode: 404, field: "connectionKey" });
      if (administer === undefined) {
        await expect(api.diagnose("warehouse")).rejects.toThrow(`${connection.technology} has no grants`);
        return;
      }
      const { findings, statements } = await api.diagnose("warehouse");
      expect(findings.map(({ objectPath }) => objectPath)).toContainEqual(ORDERS);
      await administer(statements);
      expect(await api.diagnose("warehouse")).toMatchObject({ findings: [], statements: [], warnings: [] });
    });

    describe("history of jobs", () => {
      async function withHistory() {
        const subject = await registered();
        for (const path of [["warehouse"], ["warehouse", "sales"], ["warehouse", "sales", "main"]]) {
          await subject.api.waitForJobs((await subject.api.crawl(path)).bulkId);
        }
        return subject;
      }

      it("is searched newest first, in pages, by type, state, time and object", async () => {
        const { api } = await withHistory();
        const { jobs, next } = await api.searchJobs();
        expect(jobs.map(({ objectPath }) => objectPath.length)).toEqual([3, 2, 1, 1]);
        expect(next).toBeNull();
        const first = await api.searchJobs({ size: 3 });
        expect(first.jobs).toEqual(jobs.slice(0, 3));
        expect((await api.searchJobs({ size: 3, offset: Number(first.next) })).jobs).toEqual(jobs.slice(3));
        expect((await api.searchJobs({ objectPath: ["warehouse", "sales"] })).jobs).toEqual(jobs.slice(0, 2));
        expect((await api.searchJobs({ jobType: "objectSync", state: "completed" })).jobs).toHaveLength(4);
        expect((await api.searchJobs({ state: "failed" })).jobs).toEqual([]);
        expect((await api.searchJobs({ startDate: jobs[1]!.createdAt })).jobs).toEqual(
          jobs.filter((job) => job.createdAt >= jobs[1]!.createdAt),
        );
        expect((await api.searchJobs({ startDate: jobs[0]!.createdAt.slice(0, 10) })).jobs.length).toBeGreaterThan(0);
        expect((await api.searchJobs({ endDate: "2001-01-01" })).jobs).toEqual([]);
        expect(jobs[0]).toMatchObject({
          jobType: "objectSync",
          state: "completed",
          requestedBy: expect.stringMatching(/./) as string,
          endedAt: expect.stringMatching(/^20.*Z$/) as string,
          progress: { databasesDone: 1, databasesTotal: 1 },
          output: { plan: { counts: { unchanged: 3 } } },
        });
      });

      it("is counted by type and state", async () => {
        const { api } = await withHistory();
        expect(await api.summarizeJobs()).toEqual({ objectSync: { completed: 4 } });
        expect(await api.summarizeJobs({ objectPath: ["warehouse", "sales", "main"] })).toEqual({ objectSync: { completed: 1 } });
        expect(await api.summarizeJobs({ endDate: "2001-01-01T00:00:00Z" })).toEqual({});
      });

      it("tells the states of some jobs by id, also after a wait", async () => {
        const { api } = await withHistory();
        const { bulkId } = await api.crawl(["warehouse"]);
        const [job] = await api.getJobs(bulkId);
        const statuses = await api.getJobStatuses({ jobIds: [job!.id], wait: 60 });
        expect(statuses).toEqual({ [job!.id]: { id: job!.id, state: "completed", output: expect.anything() as unknown } });
        await expect(api.getJobStatuses({ jobIds: ["none"] })).rejects.toMatchObject({ statusCode: 404, field: "jobIds" });
      });

      it.each([
        [{ size: 0 }, "size"],
        [{ offset: -1 }, "offset"],
        [{ startDate: "yesterday" }, "startDate"],
        [{ state: "done" }, "state"],
        [{ jobType: "crawl" }, "jobType"],
        [{ since: "2026-01-01" }, "since"],
      ])("refuses the search %j, naming the field", async (search, field) => {
        const { api } = await open();
        await expect(api.searchJobs(search as never)).rejects.toMatchObject({ statusCode: 400, field });
      });
    });
  });
}
