import type { LineageRow, QueryRow } from "../../sdk/model/activity-store";
import type { ChildQuery, JobRow, Store } from "../../sdk/model/store";
import { LOCAL_ADMINISTRATOR } from "../../sdk/model/caller";
import { hostKeyOf } from "../../sdk/model/legacy-data-source";
import { descendantRange, fromPathKey, toPathKey } from "../../sdk/model/path-key";

const at = "2026-01-01T00:00:00.000Z";
const key = (...path: string[]) => toPathKey(path);

const connection = (connectionKey: string) => ({
  connectionKey,
  technology: "Memory",
  secretDetails: "v1:sealed",
  createdAt: at,
  creator: LOCAL_ADMINISTRATOR,
  updatedAt: at,
  updater: LOCAL_ADMINISTRATOR,
  lastSync: null,
});

const job = (id: string, path: string[], pid = 1): JobRow => ({
  id,
  bulkId: `bulk-${id}`,
  jobType: "objectSync",
  state: "created",
  objectPath: path,
  requestedBy: "local administrator",
  createdAt: at,
  endedAt: null,
  progress: { objects: 0, databasesDone: 0, databasesTotal: 0 },
  output: null,
  owner: { host: "here", pid },
  heartbeatAt: at,
});

/** What every implementation of Store promises. `reopen` opens the same data as another process would. */
export function storeContract(name: string, open: () => Promise<{ store: Store; reopen: () => Store }>): void {
  describe(`Store: ${name}`, () => {
    async function withObjects() {
      const opened = await open();
      await opened.store.insertConnection(connection("w"), ["account w"], { isActive: true });
      const stage = await opened.store.openStage();
      await stage.add(
        [key("w", "db"), key("w", "db", "s"), key("w", "db", "s", "t1"), key("w", "db", "s", "t2")].map((one) => ({
          kind: "put",
          key: one,
          objectType: "table",
          facts: {},
          fingerprint: "f",
          columns: one.endsWith("t1") ? "[]" : undefined,
        })),
      );
      expect(await stage.apply(connection("w"), at)).toBe(true);
      return opened;
    }

    it("keeps what was written for the next process", async () => {
      const { store, reopen } = await withObjects();
      await store.setLastSync(connection("w"), { at, counts: { databases: 1, schemas: 1, tables: 2, dataSources: 2 } });
      const again = reopen();
      expect(await again.getConnection("w")).toMatchObject({ connectionKey: "w", lastSync: { at } });
      expect((await again.getObjects([key("w", "db", "s", "t1")])).map(({ objectType }) => objectType)).toEqual(["table"]);
      expect(await again.getColumns([key("w", "db", "s", "t1"), key("w", "db", "s", "t2")])).toEqual(
        new Map([[key("w", "db", "s", "t1"), "[]"]]),
      );
    });

    it("takes neither a key nor an account twice, and writes nothing then", async () => {
      const { store } = await withObjects();
      expect(await store.insertConnection(connection("w"), ["other"], {})).toEqual({ inserted: false, taken: undefined });
      const taken = { identity: "account w", takenBy: "w" };
      expect(await store.insertConnection(connection("x"), ["new", "account w"], {})).toEqual({ inserted: false, taken });
      expect(await store.getConnection("x")).toBeUndefined();
      expect(await store.insertConnection(connection("y"), ["new"], {})).toEqual({ inserted: true });
      expect(
        await store.updateConnection("y", { secretDetails: "v1:new", updatedAt: at, updater: LOCAL_ADMINISTRATOR }, ["account w"]),
      ).toEqual({
        updated: false,
        taken,
      });
      expect(await store.getConnection("y")).toMatchObject({ secretDetails: "v1:sealed" });
    });

    it("streams a subtree in byte order of the path", async () => {
      const { store } = await withObjects();
      const streamed: string[] = [];
      for await (const batch of store.streamObjects(key("w", "db"))) streamed.push(...batch.map((row) => row.key));
      expect(streamed).toEqual([key("w", "db"), key("w", "db", "s"), key("w", "db", "s", "t1"), key("w", "db", "s", "t2")]);
    });

    it("finds nothing by an id that no object can have", async () => {
      const { store } = await withObjects();
      for (const id of [0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
        expect(await store.findObject(id)).toBeUndefined();
        expect(await store.listLegacySources({ ids: [id] })).toEqual([]);
        expect(await store.deleteLegacyIntegration(id)).toBe(false);
      }
    });

    it("lists children in the order that is asked for, equals by name, page by page", async () => {
      const { store } = await withObjects();
      const stage = await store.openStage();
      const tables = { t3: "2024-03-01T00:00:00.000Z", t4: "2024-01-01T00:00:00.000Z", t5: "2024-03-01T00:00:00.000Z" };
      await stage.add(
        Object.entries(tables).map(([name, time]) => ({
          kind: "put",
          key: key("w", "db", "s", name),
          objectType: "table",
          facts: { createdAt: time, lastAlteredAt: tables.t4 },
          fingerprint: "f",
          columns: undefined,
        })),
      );
      await stage.apply(connection("w"), at);
      await store.mergeOverrides(key("w", "db", "s", "t4"), { isActive: false });
      await store.mergeOverrides(key("w", "db", "s", "t2"), { activateNewChildren: true });
      const names = async (query: Partial<ChildQuery>) => {
        let found = "";
        for (let offset = 0; offset < 5; offset += 2) {
          const page = { offset, size: 2, sortOrder: "asc", searchText: undefined, ...query } as const;
          const { count, rows } = await store.listChildren(key("w", "db", "s"), page);
          expect(count).toBe(5);
          for (const row of rows) found += fromPathKey(row.key)[3]!.slice(1);
        }
        return found;
      };
      expect(await names({})).toBe("12345");
      expect(await names({ sortField: "name", sortOrder: "desc" })).toBe("54321");
      expect(await names({ sortField: "createdAt" })).toBe("12435");
      expect(await names({ sortField: "createdAt", sortOrder: "desc" })).toBe("53421");
      expect(await names({ sortField: "updatedAt" })).toBe("12345");
      expect(await names({ sortField: "state", inheritsActive: true })).toBe("12354");
      expect(await names({ sortField: "state", inheritsActive: false })).toBe("12345");
    });

    it("writes nothing of a stage that is discarded, or whose connection is gone", async () => {
      const { store } = await withObjects();
      const change = { kind: "put", key: key("w", "db", "s", "t3"), objectType: "table", facts: {}, fingerprint: "f" } as const;
      const discarded = await store.openStage();
      await discarded.add([change]);
      await discarded.discard();
      const orphan = await store.openStage();
      await orphan.add([change]);
      await store.deleteSubtree(key("w"));
      expect(await orphan.apply(connection("w"), at)).toBe(false);
      expect(await store.getObjects([change.key])).toEqual([]);
    });

    it("writes nothing of a stage into a connection that was registered anew under the same key", async () => {
      const { store } = await withObjects();
      const stage = await store.openStage();
      await stage.add([{ kind: "put", key: key("w", "db"), objectType: "database", facts: {}, fingerprint: "f" }]);
      await store.deleteSubtree(key("w"));
      await store.insertConnection({ ...connection("w"), createdAt: "2026-01-02T00:00:00.000Z" }, ["account w"], {});
      expect(await stage.apply(connection("w"), at)).toBe(false);
      await store.setLastSync(connection("w"), { at, counts: { databases: 1, schemas: 1, tables: 2, dataSources: 2 } });
      expect(await store.getConnection("w")).toMatchObject({ lastSync: null });
      expect(await store.getObjects([key("w", "db")])).toEqual([]);
    });

    it("keeps two stages apart", async () => {
      const { store } = await withObjects();
      const [one, two] = [await store.openStage(), await store.openStage()];
      const change = (table: string) =>
        ({ kind: "put", key: key("w", "db", "s", table), objectType: "table", facts: {}, fingerprint: "f" }) as const;
      await one.add([change("one")]);
      await two.add([change("two")]);
      await two.apply(connection("w"), at);
      await one.discard();
      expect((await store.countByDepth(key("w"))).get(4)).toBe(3);
    });

    it("leaves an override alone that was set before the object was found", async () => {
      const { store } = await withObjects();
      const table = key("w", "db", "s", "t3");
      await store.mergeOverrides(table, { isActive: true });
      const stage = await store.openStage();
      await stage.add([{ kind: "put", key: table, objectType: "table", facts: {}, fingerprint: "f", isActive: false }]);
      await stage.apply(connection("w"), at);
      expect(await store.getOverrides([table])).toEqual(new Map([[table, { isActive: true }]]));
    });

    it("counts without what is missing", async () => {
      const { store } = await withObjects();
      const stage = await store.openStage();
      await stage.add([{ kind: "missing", key: key("w", "db", "s", "t2") }]);
      await stage.apply(connection("w"), at);
      expect(await store.countByDepth(key("w"))).toEqual(
        new Map([
          [2, 1],
          [3, 1],
          [4, 1],
        ]),
      );
      expect(await store.countMissing(key("w"))).toBe(1);
    });

    it("tells which settings are overridden beneath a path", async () => {
      const { store } = await withObjects();
      await store.mergeOverrides(key("w", "db", "s"), { activateNewChildren: false });
      expect(await store.overriddenBeneath(key("w", "db"))).toEqual(new Set(["activateNewChildren"]));
      expect(await store.overriddenBeneath(key("w", "db", "s"))).toEqual(new Set());
    });

    it("lets one job of a connection be active, and ends that of a process that is gone", async () => {
      const { store, reopen } = await withObjects();
      const [first, second, other] = [job("1", ["w"]), job("2", ["w", "db"]), job("3", ["x"])];
      for (const one of [first, second, other]) await store.insertJob(one);
      expect(await store.activateJob(first, at, () => true)).toBeUndefined();
      expect(await reopen().activateJob(second, at, () => true)).toMatchObject({ id: "1" });
      expect(await store.activateJob(other, at, () => true)).toBeUndefined();
      expect(await store.activateJob(second, at, () => false)).toBeUndefined();
      const [interrupted] = await store.getJobs("bulk-1");
      expect(interrupted).toMatchObject({ state: "failed", output: { error: expect.stringMatching(/interrupted/) as string } });
    });

    describe("activity", () => {
      const [orders, returns] = [key("w", "db", "s", "t1"), key("w", "db", "s", "t2")];
      const edge = (source: string, target: string, seen = at): LineageRow => ({
        ...{ source, target, sourceColumn: null, targetColumn: null, kind: "query", firstSeen: seen, lastSeen: seen },
      });
      const query = (id: string, ...keys: string[]): QueryRow => ({
        ...{ id, at, user: "u", role: null, statementType: "SELECT", succeeded: false, hash: null },
        objects: keys.map((one) => ({ key: one, access: "read", columns: ["c"] })),
      });
      const everything = { from: undefined, to: undefined, after: undefined, limit: 10 };
      const idsAt = async (store: Store, ...path: string[]) => (await store.listQueries(key(...path), everything)).map(({ id }) => id);
      const tagged = async (store: Store, names: readonly string[], source = "M", one = orders) => {
        const stage = await store.openTagStage();
        await stage.add(names.map((name) => ({ key: one, column: null, name, value: "v" })));
        return stage.replace(connection("w"), source);
      };

      it("replaces the tags of one source at once, and leaves those of others", async () => {
        const { store } = await withObjects();
        expect(await tagged(store, ["a", "b"])).toBe(2);
        expect(await tagged(store, ["a"], "other")).toBe(1);
        expect(await tagged(store, ["c"])).toBe(1);
        const rows = await store.listTags(key("w"), undefined, 10);
        expect(rows.map(({ name, source }) => [name, source])).toEqual([
          ["a", "other"],
          ["c", "M"],
        ]);
        const stage = await store.openTagStage();
        await stage.add([{ key: orders, column: null, name: "d", value: "v" }]);
        await stage.discard();
        expect(await store.listTags(key("w"), rows[0], 10)).toEqual(rows.slice(1));
      });

      it("takes a column's tag apart from its table's", async () => {
        const { store } = await withObjects();
        const stage = await store.openTagStage();
        await stage.add([null, "c"].map((column) => ({ key: orders, column, name: "a", value: `of ${column}` })));
        await stage.replace(connection("w"), "M");
        expect((await store.listTags(orders, undefined, 10)).map(({ column, value }) => [column, value])).toEqual([
          [null, "of null"],
          ["c", "of c"],
        ]);
      });

      it("writes nothing of objects that are not recorded", async () => {
        const { store } = await withObjects();
        const unknown = key("w", "db", "s", "t9");
        expect(await tagged(store, ["a"], "M", unknown)).toBe(0);
        expect(await store.putLineage(connection("w"), [edge(orders, unknown), edge(unknown, orders), edge(orders, returns)])).toBe(1);
        expect(await store.putQueries(connection("w"), [query("q1", unknown), query("q2", unknown, orders)])).toBe(1);
        expect((await store.listQueries(key("w"), everything))[0]).toEqual(query("q2", orders));
      });

      it("records an edge once, with its first and last time, whatever the order", async () => {
        const { store } = await withObjects();
        const times = ["2026-01-02", "2026-01-03", "2026-01-01"].map((day) => `${day}T00:00:00.000Z`);
        for (const time of times) await store.putLineage(connection("w"), [edge(orders, returns, time)]);
        expect(await store.listLineage(key("w"), "in", undefined, 10)).toEqual([
          { ...edge(orders, returns), firstSeen: times[2], lastSeen: times[1] },
        ]);
        await store.deleteActivityBefore("w", times[1]!, 10);
        expect(await store.listLineage(key("w"), "in", undefined, 10)).toHaveLength(1);
        await store.deleteDependenciesBefore(connection("w"), "2026-02-01T00:00:00.000Z");
        expect(await store.listLineage(orders, "out", undefined, 10)).toHaveLength(1);
        await store.deleteActivityBefore("w", "2026-01-03T00:00:00.001Z", 10);
        expect(await store.listLineage(key("w"), "in", undefined, 10)).toEqual([]);
      });

      it("lists edges by side, each from any of them on", async () => {
        const { store } = await withObjects();
        const all = [edge(orders, returns), edge(returns, orders)];
        await store.putLineage(connection("w"), all);
        expect(await store.listLineage(orders, "in", undefined, 10)).toEqual([all[1]]);
        expect(await store.listLineage(orders, "onlyOut", undefined, 10)).toEqual([all[0]]);
        expect(await store.listLineage(key("w"), "onlyOut", undefined, 10)).toEqual([]);
        expect(await store.listLineage(key("w"), "in", all[1], 10)).toEqual([all[0]]);
        expect(await store.listLineage(key("w"), "out", all[0], 10)).toEqual([all[1]]);
      });

      it("replaces a statement that comes again", async () => {
        const { store } = await withObjects();
        await store.putQueries(connection("w"), [query("q1", orders, returns)]);
        await store.putQueries(connection("w"), [query("q1", returns), query("q1", returns)]);
        expect(await idsAt(store, "w", "db", "s", "t1")).toEqual([]);
        expect(await store.listQueries(key("w", "db"), everything)).toEqual([query("q1", returns)]);
      });

      it("writes many rows at once", async () => {
        const { store } = await withObjects();
        const many = Array.from({ length: 3_000 }, (_, index) => query(`q${String(index).padStart(4, "0")}`, orders, returns));
        expect(await store.putQueries(connection("w"), many)).toBe(3_000);
        expect(await idsAt(store, "w")).toEqual(Array.from({ length: 10 }, (_, index) => `q${2_999 - index}`));
      });

      it("removes so many old statements at once, the oldest first", async () => {
        const { store } = await withObjects();
        const days = ["2026-01-01", "2026-01-02", "2026-01-03"].map((day) => `${day}T00:00:00.000Z`);
        await store.putQueries(
          connection("w"),
          days.map((day) => ({ ...query(day, orders), at: day })),
        );
        expect(await store.deleteActivityBefore("w", days[2]!, 1)).toBe(1);
        expect(await idsAt(store, "w", "db")).toEqual([days[2], days[1]]);
        expect(await store.deleteActivityBefore("w", days[2]!, 2)).toBe(1);
        expect(await idsAt(store, "w", "db", "s", "t1")).toEqual([days[2]]);
      });

      it("deletes what belongs to an object, and leaves a statement's other objects", async () => {
        const { store } = await withObjects();
        await tagged(store, ["a"]);
        await store.putLineage(connection("w"), [edge(orders, returns)]);
        await store.putQueries(connection("w"), [query("both", orders, returns), query("gone", orders), query("stays", returns)]);
        await store.deleteSubtree(orders);
        expect(await store.listTags(key("w"), undefined, 10)).toEqual([]);
        expect(await store.listLineage(key("w"), "in", undefined, 10)).toEqual([]);
        for (const path of [["w"], ["w", "db"], ["w", "db", "s"]]) expect(await idsAt(store, ...path)).toEqual(["stays", "both"]);
        expect((await store.listQueries(key("w"), everything))[1]).toEqual(query("both", returns));
        await store.deleteSubtree(key("w", "db"));
        expect(await idsAt(store, "w")).toEqual([]);
      });

      it("deletes all of a connection with it, and of no other one", async () => {
        const { store } = await withObjects();
        await store.insertConnection(connection("w2"), ["account w2"], {});
        for (const [name, table] of [
          ["w", orders],
          ["w2", key("w2", "db", "s", "t1")],
        ] as const) {
          const stage = await store.openStage();
          await stage.add([{ kind: "put", key: table, objectType: "table", facts: {}, fingerprint: "f" }]);
          await stage.apply(connection(name), at);
          await store.putQueries(connection(name), [query("q1", table)]);
          await store.setWatermark(connection(name), "audit", at);
        }
        await store.deleteSubtree(key("w"));
        await store.insertConnection(connection("w"), ["account w"], {});
        expect([await store.getWatermark("w", "audit"), await store.getWatermark("w2", "audit")]).toEqual([undefined, at]);
        expect([await idsAt(store, "w"), await idsAt(store, "w2")]).toEqual([[], ["q1"]]);
      });

      it("writes nothing for a registration that is gone", async () => {
        const { store } = await withObjects();
        const former = { connectionKey: "w", createdAt: "2025-01-01T00:00:00.000Z" };
        const stage = await store.openTagStage();
        await stage.add([{ key: orders, column: null, name: "a", value: "v" }]);
        expect(await stage.replace(former, "M")).toBeUndefined();
        expect(await store.putLineage(former, [edge(orders, returns)])).toBeUndefined();
        expect(await store.putQueries(former, [query("q1", orders)])).toBeUndefined();
        expect(await store.setWatermark(former, "audit", at)).toBeUndefined();
        expect(await store.getWatermark("w", "audit")).toBeUndefined();
      });
    });

    describe("for those who look through the hierarchy", () => {
      const filter = { searchText: undefined, objectTypes: undefined, tag: undefined, isMissing: undefined, isSetHere: undefined };
      const all = { from: key("w"), before: descendantRange(key("w")).before };

      it("finds the last name of a path by a part of it, whatever the case and characters", async () => {
        const { store } = await withObjects();
        const stage = await store.openStage();
        const names = ["Orders_2024", "orders 100%", "ÉTÉ", "back\\slash"];
        const put = { kind: "put", objectType: "table", facts: {}, fingerprint: "f" } as const;
        await stage.add(names.map((name) => ({ ...put, key: key("w", "db", "s", name) })));
        await stage.apply(connection("w"), at);
        const found = async (searchText: string) =>
          (await store.findRows(all, undefined, { ...filter, searchText }, 10, 100)).rows.map((row) => fromPathKey(row.key).at(-1));
        expect(await found("oRDERS")).toEqual(["Orders_2024", "orders 100%"]);
        expect(await found("0%")).toEqual(["orders 100%"]);
        expect(await found("s_2")).toEqual(["Orders_2024"]);
        expect(await found("k\\S")).toEqual(["back\\slash"]);
        expect(await found("éTÉ")).toEqual([]);
        expect(await found("Été".slice(0, 2))).toEqual(["ÉTÉ"]);
        expect(await found("db")).toEqual(["db"]);
      });

      it("looks at so many objects at once, and tells how far it came", async () => {
        const { store } = await withObjects();
        const first = await store.findRows(all, undefined, { ...filter, searchText: "t2" }, 10, 3);
        expect(first).toEqual({ rows: [], scannedTo: key("w", "db", "s") });
        const second = await store.findRows(all, first.scannedTo, { ...filter, searchText: "t2" }, 10, 3);
        expect(second.rows.map((row) => row.key)).toEqual([key("w", "db", "s", "t2")]);
        expect(second.scannedTo).toBeUndefined();
        expect(await store.countBefore(key("w", "db", "s", "t2"))).toBe(1);
        expect(await store.countInRanges([all])).toEqual(new Map([1, 1, 1, 2].map((objects, index) => [index + 1, objects])));
      });

      it("tells who set what, newest first, and takes a change that is sent again for one", async () => {
        const { store } = await withObjects();
        const db = key("w", "db");
        const later = "2026-01-02T00:00:00.000Z";
        for (let times = 0; times < 2; times++) await store.mergeOverrides(db, { isActive: false }, { at, by: "ann" });
        await store.mergeOverrides(db, { isActive: true }, { at: later, by: "bob" });
        expect(await store.listSettingsLog([db], 10)).toEqual([
          { key: db, at: later, by: "bob", settings: { isActive: true } },
          { key: db, at, by: "ann", settings: { isActive: false } },
        ]);
      });
    });

    describe("data sources from before connections", () => {
      const host = { technology: "Snowflake", hostname: "acme.example.com", port: 443 };
      const hostKey = hostKeyOf(host);
      const source = (table: string) => ({
        ...{ name: `old ${table}`, database: "db", schema: "s", table, isEnabled: true },
        ...{ tags: { table: ["pii"], columns: [] }, owners: [], policies: [] },
      });
      const registration = { host, collection: null, secretPayload: "v1:sealed", createdAt: at };
      const nothing = { create: [], update: [], disable: [], remove: [], monitored: [] };
      const create = (store: Store, ...tables: string[]) => store.changeLegacy({ registration, ...nothing, create: tables.map(source) });

      it("are found by a part of their name, and take neither a table nor a name twice", async () => {
        const { store } = await withObjects();
        const { ids } = (await create(store, "t1", "T_2")) as { ids: number[] };
        expect(ids).toHaveLength(2);
        expect(await store.countLegacySources({ searchText: "OLD T_" })).toBe(1);
        expect((await store.listLegacySources({ searchText: "t" })).map(({ id }) => id)).toEqual(ids);
        expect(await create(store, "t3", "t1")).toMatchObject({ conflict: "duplicate", id: ids[0] });
        expect(await store.countLegacySources({ hostKey })).toBe(2);
      });

      it("become objects of the same id, and their host takes no more", async () => {
        const { store } = await withObjects();
        await store.deleteSubtree(key("w"));
        const { ids } = (await create(store, "t1")) as { ids: number[] };
        expect(await store.beginUpgrade(connection("w"), ["account w"], {}, hostKey)).toEqual({ inserted: true });
        expect(await create(store, "t2")).toMatchObject({ conflict: "upgraded", connectionKey: "w" });
        const stage = await store.openStage();
        const table = key("w", "db", "s", "t1");
        await stage.add([{ kind: "put", key: table, objectType: "table", facts: {}, fingerprint: "f" }]);
        await stage.apply(connection("w"), at);
        const adoption = { sources: [{ id: ids[0]!, key: table, settings: { isActive: true }, tags: source("t1").tags }] };
        for (let times = 0; times < 2; times++) expect(await store.adopt(connection("w"), adoption)).toBe(true);
        expect(await store.findObject(ids[0]!)).toBe(table);
        expect((await store.getTags([table])).map(({ name: tag }) => tag)).toEqual(["pii"]);
        expect(await store.listLegacySources({ hostKey, isUpgraded: true })).toMatchObject([{ id: ids[0], upgradedTo: table }]);
        await store.deleteSubtree(key("w"));
        expect(await store.countLegacySources({ hostKey })).toBe(0);
        expect(await store.getLegacyHost(hostKey)).toMatchObject({ connectionKey: null });
      });
    });

    it("removes a connection with all that belongs to it, and nothing else", async () => {
      const { store } = await withObjects();
      await store.insertConnection(connection("w2"), ["account w2"], { isActive: true });
      expect(await store.deleteSubtree(key("w"))).toEqual({ removed: 5 });
      expect(await store.getConnection("w")).toBeUndefined();
      expect(await store.getOverrides([key("w"), key("w2")])).toEqual(new Map([[key("w2"), { isActive: true }]]));
      expect(await store.insertConnection(connection("w3"), ["account w"], {})).toEqual({ inserted: true });
    });
  });
}
