import type { JobRow, Store } from "../../sdk/model/store";
import { LOCAL_ADMINISTRATOR } from "../../sdk/model/caller";
import { toPathKey } from "../../sdk/model/path-key";

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
