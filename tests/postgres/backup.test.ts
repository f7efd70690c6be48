import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { register, states, testEngine } from "../support/engine";
import { account } from "../support/memory-platform";
import { newDatabase, openTestStore, testPostgres } from "../support/store";
import { temporaryFolder } from "../support/temporary";

it("a dump restored into another database is the same store", async () => {
  const { programs } = testPostgres()!;
  const { api, storeFile } = testEngine(account({ sales: { main: ["orders", "returns"] } }), { isSpread: true });
  await register(api, { isActive: true });
  const before = await states(api);
  const dump = join(temporaryFolder(), "connections.dump");
  const plain = (address: string) => address.replace(/\?.*/, "");
  execFileSync(join(programs, "pg_dump"), ["--format=custom", `--file=${dump}`, plain(storeFile)]);
  const restored = newDatabase(testPostgres()!);
  execFileSync(join(programs, "pg_restore"), ["--no-owner", `--dbname=${plain(restored)}`, dump]);

  const store = openTestStore(restored);
  const objects: string[] = [];
  for await (const batch of store.streamObjects("warehouse")) objects.push(...batch.map(({ key }) => key));
  expect(objects).toHaveLength(before.length);
  expect(await store.getConnection("warehouse")).toMatchObject({ connectionKey: "warehouse" });
  await store.mergeOverrides(objects[1]!, { isActive: false });
  await store.close();
});
