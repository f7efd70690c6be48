import { serve } from "../../tests/support/server";
import { register, testEngine } from "../../tests/support/engine";
import { account } from "../../tests/support/memory-platform";
import type { SearchQuery } from "../model/connections-api";
import type { ConnectionsApi } from "../model/connections-api";
import type { ObservedObject } from "../model/platform";

const MAIN = ["warehouse", "sales", "main"];
const TIMES: Readonly<Record<string, Partial<ObservedObject>>> = {
  a: { createdAt: "2024-03-01T00:00:00.000Z", lastAlteredAt: "2026-01-01T00:00:00.000Z" },
  b: { createdAt: "2024-01-01T00:00:00.000Z", lastAlteredAt: "2026-03-01T00:00:00.000Z" },
  c: { createdAt: "2024-03-01T00:00:00.000Z" },
  d: { lastAlteredAt: "2026-02-01T00:00:00.000Z" },
};

/** `warehouse/sales/main` with four tables that differ in their times, over HTTP. */
async function started(): Promise<ConnectionsApi> {
  const { api, platform } = testEngine(account({ sales: { main: ["a", "b", "c", "d"] } }));
  platform.disturb = (objects) => objects.map((object) => ({ ...object, ...TIMES[object.table ?? ""] }));
  await register(api);
  return (await serve(api)).client;
}

/** Names in the order in which pages of one show them; the whole page must agree. */
async function names(client: ConnectionsApi, query: SearchQuery): Promise<string> {
  const { count, hits } = await client.searchObjects(MAIN, query);
  const whole = hits.map(({ objectPath }) => objectPath[3]).join("");
  let paged = "";
  for (let offset = 0; offset < count; offset++) {
    const [hit] = (await client.searchObjects(MAIN, { ...query, offset, size: 1 })).hits;
    paged += hit!.objectPath[3]!;
  }
  expect(paged).toBe(whole);
  return whole;
}

it.each<[SearchQuery["sortField"], string]>([
  [undefined, "abcd"],
  ["name", "abcd"],
  ["createdAt", "dbac"],
  ["updatedAt", "cadb"],
])("sorts by %s, equals by name, and the other way around", async (sortField, expected) => {
  const client = await started();
  const query = sortField === undefined ? {} : { sortField };
  expect(await names(client, { ...query, sortOrder: "asc" })).toBe(expected);
  expect(await names(client, { ...query, sortOrder: "desc" })).toBe([...expected].reverse().join(""));
});

it("sorts by the state that objects have, inherited or set on themselves", async () => {
  const client = await started();
  await client.updateSettings([...MAIN, "c"], { isActive: true });
  expect(await names(client, { sortField: "state" })).toBe("cabd");
  await client.updateSettings(["warehouse"], { isActive: true });
  await client.updateSettings([...MAIN, "a"], { isActive: false });
  expect(await names(client, { sortField: "state" })).toBe("bcda");
  expect(await names(client, { sortField: "state", sortOrder: "desc" })).toBe("adcb");
  expect(await names(client, { sortField: "state", searchText: "A" })).toBe("a");
});

it("sorts connections", async () => {
  const { api } = testEngine(account({}));
  for (const key of ["first", "second"]) await register(api, { isActive: key === "second" }, key);
  const { hits } = await api.searchObjects([], { sortField: "state" });
  expect(hits.map(({ objectPath: [key] }) => key)).toEqual(["second", "first"]);
});

it("refuses a field that nothing is sorted by, in process too", async () => {
  const { api } = testEngine(account({}));
  await expect(api.searchObjects([], { sortField: "colour" as never })).rejects.toMatchObject({
    statusCode: 400,
    field: "sortField",
    message: expect.stringContaining('got "colour"') as string,
  });
});
