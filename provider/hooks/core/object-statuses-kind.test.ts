import { account } from "../../../tests/support/memory-platform";
import { sync } from "../../../tests/support/engine";
import { created, setUp, withUnknowns } from "../../../tests/support/hooks";
import { table } from "../../../tests/support/memory-platform";
import { RemoteError } from "../../../sdk/model/errors";
import { objectStatusesKind as set } from "./object-statuses-kind";
import { IncompleteError, type Properties } from "./resource-kind";
import { UNKNOWN } from "./unknown";

const ORDERS = "warehouse/sales/main/orders";
const RETURNS = "warehouse/sales/main/returns";
const inputs = { setName: "finance", statuses: { [ORDERS]: true, [RETURNS]: true }, activateNewChildren: { "warehouse/sales/main": true } };

async function overrides(api: Awaited<ReturnType<typeof created>>["api"]) {
  const listed = await api.listOverrides(["warehouse", "sales"]);
  return Object.fromEntries(listed.map((one) => [one.objectPath.join("/"), one.overrides]));
}

it("writes paths in one way, and refuses two spellings of one object", async () => {
  const { runtime } = await created();
  const spelled = { setName: "s", statuses: { "warehouse/sales/main/%6Frders": true } };
  expect(await set.check(runtime(), undefined, spelled)).toMatchObject({ inputs: { statuses: { [ORDERS]: true } }, failures: [] });
  const twice = { setName: "s", statuses: { [ORDERS]: true, "warehouse/sales/main/%6Frders": false } };
  expect((await set.check(runtime(), undefined, twice)).failures).toEqual([
    { property: "statuses", reason: `${ORDERS} is there twice, as "warehouse/sales/main/%6Frders" too; remove one` },
  ]);
});

it.each([
  [{ setName: "s", statuses: { [ORDERS]: "yes" } }, `statuses.${ORDERS}`, "expected a boolean, got a string"],
  [{ setName: "s", statuses: { "w//s": true } }, "statuses", /element 2 \(database\) is empty/],
  [{ setName: "s", status: {} }, "status", /unknown field/],
])("refuses %j, naming the field", async (declared, property, reason) => {
  const { runtime } = setUp();
  const { failures } = await set.check(runtime(), undefined, declared);
  expect(failures).toEqual([{ property, reason: typeof reason === "string" ? reason : (expect.stringMatching(reason) as string) }]);
});

it.each(
  withUnknowns(inputs)
    .filter((one) => one !== UNKNOWN)
    .map((one) => [one]),
)("accepts the unknown in %j", async (declared) => {
  const { runtime } = await created();
  expect((await set.check(runtime(), inputs, declared as Properties)).failures).toEqual([]);
});

it("sets, shows drift path by path with who did it, updates by difference, and returns everything to inherit", async () => {
  const { api, runtime } = await created();
  const { id, outputs } = await set.create(runtime(), inputs);
  expect({ id, outputs }).toEqual({ id: "finance", outputs: { ...inputs, count: 3 } });
  expect((await set.check(runtime(), inputs, inputs)).drift).toEqual([]);

  await api.updateSettings(ORDERS.split("/"), { isActive: false });
  await api.updateSettings(["warehouse", "sales", "main"], { activateNewChildren: null });
  expect((await set.check(runtime(), inputs, inputs)).drift).toEqual([
    expect.stringMatching(/^warehouse\/sales\/main\/orders: isActive: recorded true, is false \(changed by local administrator at \S+Z\)$/),
    expect.stringMatching(/^warehouse\/sales\/main: activateNewChildren: recorded true, is not set \(inherited\) \(changed by/),
  ]);
  expect(await set.read(runtime(), id, outputs)).toEqual({
    inputs: { setName: "finance", statuses: { [ORDERS]: false, [RETURNS]: true } },
    outputs: { setName: "finance", statuses: { [ORDERS]: false, [RETURNS]: true }, count: 2 },
  });

  const fewer = { setName: "finance", statuses: { [ORDERS]: true } };
  const sent = jest.spyOn(api, "updateManySettings");
  expect(await set.update(runtime(), id, outputs, fewer)).toEqual({ ...fewer, count: 1 });
  expect(sent.mock.calls).toEqual([
    [
      [
        { objectPath: ORDERS.split("/"), settings: { isActive: true } },
        { objectPath: RETURNS.split("/"), settings: { isActive: null } },
      ],
    ],
  ]);
  expect(await overrides(api)).toEqual({ [ORDERS]: { isActive: true } });

  await set.delete(runtime(), id, { ...fewer, count: 1 });
  expect(await overrides(api)).toEqual({});
});

it("asks for nothing where nothing differs", async () => {
  const { api, runtime } = await created();
  const { id, outputs } = await set.create(runtime(), inputs);
  const sent = jest.spyOn(api, "updateManySettings");
  await set.update(runtime(), id, outputs, inputs);
  expect(sent).not.toHaveBeenCalled();
});

it("keeps in the state what is set when some objects are not there, and sets the rest when they are", async () => {
  const { api, platform, runtime, messages } = await created();
  const late = "warehouse/sales/main/late";
  const wanted = { setName: "finance", statuses: { [ORDERS]: true, [late]: true, "warehouse/sales/nope/x": true } };
  await set.check(runtime(), undefined, wanted);
  expect(messages.filter((message) => message.includes("`up` looks for it"))).toHaveLength(2);
  expect(await overrides(api)).toEqual({});

  platform.tables("sales", "main").set("late", table());
  const failure = await set.create(runtime(), wanted).catch((error: unknown) => error as IncompleteError);
  expect(failure).toBeInstanceOf(IncompleteError);
  expect(failure).toMatchObject({
    id: "finance",
    properties: { setName: "finance", statuses: { [ORDERS]: true, [late]: true }, count: 2 },
    message: expect.stringMatching(
      /^1 of 3 overrides could not be set; the others are:\nwarehouse\/sales\/nope\/x: there is no schema "nope"/,
    ) as string,
  });
  expect(await overrides(api)).toEqual({ [ORDERS]: { isActive: true }, [late]: { isActive: true } });

  platform.account.get("sales")!.set("nope", new Map([["x", table()]]));
  await sync(api);
  expect(await set.update(runtime(), "finance", (failure as IncompleteError).properties, wanted)).toMatchObject({ count: 3 });
});

it("tells what is set when a request is lost half-way", async () => {
  const { api, runtime } = await created();
  const inner = api.updateManySettings.bind(api);
  jest.spyOn(api, "updateManySettings").mockImplementationOnce(async (updates) => {
    await inner(updates.slice(0, 1));
    throw new RemoteError(503, "PUT /data/settings did not answer in time");
  });
  const wanted = { setName: "finance", statuses: { [ORDERS]: true, [RETURNS]: true } };
  await expect(set.create(runtime(), wanted)).rejects.toMatchObject({
    properties: { statuses: { [ORDERS]: true }, count: 1 },
    message: "PUT /data/settings did not answer in time (of 2 changes some may be made)",
  });
});

it("is short where much has drifted, and says where to read the rest", async () => {
  const tables = Array.from({ length: 60 }, (_, index) => `t${String(index).padStart(2, "0")}`);
  const { api, runtime } = await created(account({ sales: { main: tables } }));
  const wanted = { setName: "all", statuses: Object.fromEntries(tables.map((name) => [`warehouse/sales/main/${name}`, true])) };
  await set.create(runtime(), wanted);
  for (const name of tables.slice(0, 45)) await api.updateSettings(["warehouse", "sales", "main", name], { isActive: null });
  const listed = jest.spyOn(api, "listOverrides");
  const { drift } = await set.check(runtime(), wanted, wanted);
  expect(drift).toHaveLength(21);
  expect(drift.at(-1)).toBe("45 overrides differ in all; `pulumi stack export | connections drift --state -` lists them");
  expect(listed).toHaveBeenCalledTimes(2);
});

it("says that a connection is gone, and is gone with it without an error", async () => {
  const { api, runtime } = await created();
  const { id, outputs } = await set.create(runtime(), inputs);
  await api.deleteObject(["warehouse"]);
  expect((await set.check(runtime(), inputs, inputs)).drift).toEqual(["connection warehouse is not registered any more"]);
  expect(await set.read(runtime(), id, outputs)).toBeUndefined();
  await set.delete(runtime(), id, outputs);
});
