import { Client } from "pg";
import { register, sync, testEngine } from "../support/engine";
import { account, table } from "../support/memory-platform";
import { newDatabase, openTestStore, testPostgres } from "../support/store";
import { toPathKey } from "../../sdk/model/path-key";

/** What CockroachDB, YugabyteDB or Citus lack, or do in their own way. */
const MISSING: readonly (readonly [string, RegExp])[] = [
  ["LISTEN and NOTIFY", /\b(listen|notify)\b/i],
  ["advisory locks", /advisory/i],
  ["temporary tables", /\btemp(orary)?\b/i],
  ["unlogged tables", /\bunlogged\b/i],
  ["conflict targets that are expressions or constraints", /on conflict (on constraint|\([^)]*\()/i],
  ["LOCK TABLE", /\block table\b/i],
  ["SELECT ... SKIP LOCKED", /skip locked/i],
  ["MERGE", /^\s*merge\b/i],
  ["procedures, triggers and extensions", /\bcreate (or replace )?(function|procedure|trigger|extension)\b|\bdo \$/i],
  ["partitions, inheritance and exclusion", /\b(partition by|inherits|exclude using)\b/i],
  ["SQLite's functions", /\b(instr|ifnull|group_concat|glob)\b/i],
  ["rows named by where they lie", /\bctid\b/i],
];

it("the store sends only what the compatible databases have too", async () => {
  const sent: string[] = [];
  const query = jest.spyOn(Client.prototype, "query").mockImplementation(function (this: Client, ...parameters: unknown[]) {
    const [first] = parameters as [string | { readonly text?: string }];
    sent.push(typeof first === "string" ? first : (first.text ?? ""));
    return original.apply(this, parameters);
  });
  const { api, platform } = testEngine(account({ sales: { main: ["orders", "returns"] } }));
  await register(api, { isActive: true });
  platform.tables("sales", "main").set("orders", table(["id", "more"]));
  platform.tables("sales", "main").delete("returns");
  await sync(api);
  await api.updateSettings(["warehouse", "sales"], { isActive: false });
  await api.searchObjects(["warehouse", "sales", "main"], { searchText: "ord" });
  await api.findObjects(["warehouse"], { searchText: "ord" });
  await api.searchJobs({});
  await api.deleteObject(["warehouse"]);

  const store = openTestStore(newDatabase(testPostgres()!));
  await store.insertGroup("g");
  await store.insertUser({ name: "u", email: null, permissions: [], groups: ["g"] });
  const tags = await store.openTagStage();
  await tags.add([{ key: toPathKey(["w"]), column: null, name: "n", value: "v" }]);
  await tags.replace({ connectionKey: "w", createdAt: "" }, "s");
  await store.close();
  query.mockRestore();

  expect(sent.some((text) => /^create table/i.test(text))).toBe(true);
  expect(sent.some((text) => /^COPY staged_object/.test(text))).toBe(true);
  const refused = MISSING.flatMap(([what, pattern]) =>
    sent.filter((text) => pattern.test(text)).map((text) => `${what}: ${text.slice(0, 200)}`),
  );
  expect(refused).toEqual([]);
});

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on its client
const original = Client.prototype.query as unknown as (this: Client, ...parameters: unknown[]) => unknown;
