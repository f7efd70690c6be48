import { register, testEngine } from "../../tests/support/engine";
import { account } from "../../tests/support/memory-platform";
import { withAnna } from "../../tests/support/identity";
import { callerOf } from "./identity";

it("a request with a key sees of the engine what the key's user may see", async () => {
  const { identity, key, anna } = await withAnna();
  const { api } = testEngine(account({ sales: { main: ["orders"] } }));
  await register(api, { dataOwners: [{ type: "group", id: anna.groups[0]!.id }] });
  const as = async (authorization: string | undefined) => api.as(await callerOf(identity, { authorization, remoteAddress: "192.0.2.1" }));

  await identity.updateUser("anna", { permissions: [] });
  expect((await (await as(key)).searchObjects([])).hits.map(({ objectPath }) => objectPath)).toEqual([["warehouse"]]);
  await expect((await as(key)).testConnection({ connection: { technology: "Memory" } })).rejects.toMatchObject({ statusCode: 403 });
  await identity.updateUser("anna", { groups: [] });
  expect((await (await as(key)).searchObjects([])).count).toBe(0);
  await expect(as(undefined)).rejects.toMatchObject({ statusCode: 401 });
});
