import { Client } from "pg";
import { LOCAL_ADMINISTRATOR } from "../../sdk/model/caller";
import { newDatabase, openTestStore, testPostgres } from "../support/store";

const at = "2026-01-01T00:00:00.000Z";
const connection = {
  ...{ connectionKey: "w", technology: "M", secretDetails: "v1:sealed", createdAt: at, updatedAt: at, lastSync: null },
  ...{ creator: LOCAL_ADMINISTRATOR, updater: LOCAL_ADMINISTRATOR },
};

async function asAdministrator<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(address.replace(/\?.*/, ""));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe("a store in PostgreSQL", () => {
  it("is made once by processes that start at once", async () => {
    const address = newDatabase(testPostgres()!);
    const stores = Array.from({ length: 5 }, () => openTestStore(address));
    await Promise.all(stores.map((store, index) => store.mergeOverrides(`w${index}`, { isActive: true })));
    await Promise.all(stores.map((store) => store.close()));
    const { rows } = await asAdministrator(address, (client) => client.query("SELECT name FROM kysely_migration"));
    expect(new Set(rows.map(({ name }: { name: string }) => name)).size).toBe(rows.length);
  });

  it("that is only read stays without tables", async () => {
    const address = newDatabase(testPostgres()!);
    const store = openTestStore(address);
    expect(await store.getConnection("w")).toBeUndefined();
    await store.close();
    const tables = "SELECT count(*)::int AS tables FROM information_schema.tables WHERE table_schema = 'public'";
    const { rows } = await asAdministrator(address, (client) => client.query<{ tables: number }>(tables));
    expect(rows).toEqual([{ tables: 0 }]);
  });

  it("lets writes that are in each other's way come one after the other", async () => {
    const address = newDatabase(testPostgres()!);
    const stores = [openTestStore(address), openTestStore(address)];
    await stores[0]!.mergeOverrides("w", { isActive: true });
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        stores[index % 2]!.insertConnection({ ...connection, connectionKey: `w${index}` }, ["the same account"], {}),
      ),
    );
    expect(taken.filter(({ inserted }) => inserted)).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("goes on after its connections were cut, in the middle of writing too", async () => {
    const address = newDatabase(testPostgres()!);
    const store = openTestStore(address);
    await store.insertConnection(connection, ["a"], {});
    const stage = await store.openStage();
    const cut = () =>
      asAdministrator(address, (client) =>
        client.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        ),
      );
    for (let batch = 0; batch < 4; batch++) {
      const rows = Array.from({ length: 5_000 }, (_, index) => `w\u0001d\u0001s\u0001t${batch}_${index}`);
      await Promise.all([stage.add(rows.map((key) => ({ kind: "put", key, objectType: "table", facts: {}, fingerprint: "f" }))), cut()]);
    }
    const [applied] = await Promise.all([stage.apply(connection, at), cut()]);
    expect(applied).toBe(true);
    expect((await store.countByDepth("w")).get(4)).toBe(20_000);
    await store.close();
  });

  it("says what is wrong with its address, without the password", async () => {
    const { port, user } = testPostgres()!;
    const refused = async (address: string) => {
      const store = openTestStore(address);
      const error = await store.getConnection("w").then(
        () => "",
        (one: unknown) => String(one) + JSON.stringify(one),
      );
      await store.close();
      return error;
    };
    expect(await refused(`postgres://${user}:hunter2@127.0.0.1:${port}/nowhere`)).toMatch(/there is no such database; create it/);
    expect(await refused(`postgres://${user}:hunter2@127.0.0.1:1/x`)).toMatch(/cannot be reached; check that the database is up/);
    expect(await refused(`postgres://${user}:hunter2@127.0.0.1:${port}/postgres?sslmode=require`)).toMatch(/TLS failed|SSL/);
    expect(await refused(`postgres://${user}:hunter2@127.0.0.1:${port}/nowhere`)).not.toContain("hunter2");
    for (const wrong of ["?sslmode=some", "?pool_max=0", "?other=1"]) {
      expect(() => openTestStore(`postgres://u:hunter2@localhost/x${wrong}`)).toThrow(/^store: the address /);
    }
  });
});
