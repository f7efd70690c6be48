import { HOST, OTHER_HOST, allDataSources, upgrade, upgradeOf, v1, v2 } from "../../../../tests/support/legacy";
import { setUpSnowflake } from "../../../../tests/support/hooks";
import { connectionKind } from "../connection-kind";
import { IncompleteError, type Properties } from "../resource-kind";
import { legacyRegistrationKind as kind } from "./legacy-registration-kind";

const ORDERS = "SALES.PUBLIC.ORDERS";
const RETURNS = "SALES.PUBLIC.RETURNS";
const STAFF = "HR.PUBLIC.STAFF";
const nameOf = (table: string) => `old ${HOST} ${table}`;

const names = async (api: Parameters<typeof allDataSources>[0]) => (await allDataSources(api)).map(({ name }) => name);

describe.each(["in process", "over HTTP"] as const)("a V1 payload, %s", (where) => {
  it("is registered, changed by its tables, and taken away", async () => {
    const { api, runtime } = await setUpSnowflake(where);
    const inputs = { payload: v1([ORDERS, RETURNS]) };
    const { id, outputs } = await kind.create(runtime(), inputs);
    expect(id).toBe(`${HOST}/SALES/PUBLIC/ORDERS`);
    const [orders, returns] = outputs["dataSources"] as [{ id: number }, { id: number }];
    expect(outputs).toEqual({
      ...inputs,
      dataSources: [
        { id: orders.id, name: nameOf(ORDERS), table: "SALES/PUBLIC/ORDERS" },
        { id: returns.id, name: nameOf(RETURNS), table: "SALES/PUBLIC/RETURNS" },
      ],
    });
    const changed = { payload: v1([RETURNS, STAFF]) };
    const updated = await kind.update(runtime(), id, outputs, changed);
    expect(await names(api)).toEqual([nameOf(RETURNS), nameOf(STAFF)]);
    expect((updated["dataSources"] as { id: number }[])[0]).toMatchObject({ id: returns.id });
    await kind.delete(runtime(), id, updated);
    expect(await api.legacy.list()).toMatchObject({ count: 0 });
  });

  it("keeps the data source, with its id, of a table that is called otherwise", async () => {
    const { api, runtime } = await setUpSnowflake(where);
    const { id, outputs } = await kind.create(runtime(), { payload: v1([ORDERS]) });
    const payload = v1([ORDERS]);
    payload.handler[0]!.metadata.dataSourceName = "new name";
    const updated = await kind.update(runtime(), id, outputs, { payload });
    const [before] = outputs["dataSources"] as [{ id: number }];
    expect(updated["dataSources"]).toEqual([{ id: before.id, name: "new name", table: "SALES/PUBLIC/ORDERS" }]);
    expect(await names(api)).toEqual(["new name"]);
  });

  it("adopts what is registered already, which a try that was cut off leaves", async () => {
    const { api, runtime, messages } = await setUpSnowflake(where);
    await api.legacy.register("snowflake", v1([ORDERS]));
    const { outputs } = await kind.create(runtime(), { payload: v1([ORDERS, RETURNS]) });
    expect(outputs["dataSources"]).toHaveLength(2);
    expect(await names(api)).toEqual([nameOf(ORDERS), nameOf(RETURNS)]);
    expect(messages).toEqual(["1 data sources are registered already; adopting them"]);
  });

  it("shows what was changed outside, and takes it back", async () => {
    const { api, runtime } = await setUpSnowflake(where);
    const inputs = { payload: v1([ORDERS, RETURNS]) };
    const { id, outputs } = await kind.create(runtime(), inputs);
    const [orders, returns] = (outputs["dataSources"] as { id: number }[]).map((one) => one.id);
    expect((await kind.check(runtime(), inputs, inputs)).drift).toEqual([]);
    await api.legacy.setEnabled(orders!, false);
    await api.legacy.changeMany("delete", [returns!]);
    expect((await kind.check(runtime(), inputs, inputs)).drift).toEqual([
      `data source "${nameOf(ORDERS)}": isEnabled: recorded true, is false`,
      `data source "${nameOf(RETURNS)}" is not registered any more`,
    ]);
    expect(await kind.read(runtime(), id, outputs)).toMatchObject({ outputs: { dataSources: [{ id: orders }] } });
    await kind.update(runtime(), id, outputs, inputs);
    expect(await names(api)).toEqual([nameOf(ORDERS), nameOf(RETURNS)]);
  });

  it("is not deleted in a process in which the upgrade of its account failed", async () => {
    const { api, platform, runtime } = await setUpSnowflake(where);
    const { id, outputs } = await kind.create(runtime(), { payload: v1([ORDERS]) });
    const one = runtime();
    const request = { ...upgradeOf(), upgradeFrom: { hostname: HOST } };
    platform.refuses = "the password is wrong";
    await expect(connectionKind.create(one, request)).rejects.toThrow("the password is wrong");
    await expect(kind.delete(one, id, outputs)).rejects.toThrow(`the upgrade of ${HOST}:443 failed`);
    expect(await names(api)).toEqual([nameOf(ORDERS)]);
    await kind.delete(runtime(), id, outputs);
    expect(await names(api)).toEqual([]);
  });

  it("leaves the data sources alone once their account was upgraded, and says so", async () => {
    const { api, runtime, messages } = await setUpSnowflake(where);
    const { id, outputs } = await kind.create(runtime(), { payload: v1([ORDERS]) });
    const before = (await allDataSources(api)).map((one) => one.id);
    await upgrade(api);
    await kind.delete(runtime(), id, outputs);
    expect((await allDataSources(api)).map((one) => one.id)).toEqual(before);
    expect(messages).toEqual([expect.stringContaining("its account was upgraded to a connection; the data sources stay") as string]);
    expect(await kind.read(runtime(), id, outputs)).toBeDefined();
    await expect(kind.create(runtime(), { payload: v1([RETURNS]) })).rejects.toThrow(
      /Use the \/data endpoint.*was upgraded after this run/s,
    );
  });
});

describe("a V2 payload", () => {
  it("is saved as a whole, shows what was changed outside, and is deleted by its key", async () => {
    const { api, runtime } = await setUpSnowflake("over HTTP");
    const inputs = { payload: v2("sales", "SALES", "PUBLIC", ["ORDERS", "RETURNS"]) };
    const { id, outputs } = await kind.create(runtime(), inputs);
    expect(id).toBe("sales");
    expect(outputs["dataSources"]).toEqual([{ name: "sales public.orders" }, { name: "sales public.returns" }]);
    const [first] = await allDataSources(api);
    await api.legacy.setEnabled(first!.id, false);
    expect((await kind.check(runtime(), inputs, inputs)).drift).toEqual([`data source "${first!.name}" is not as it was registered`]);
    const fewer = { payload: v2("sales", "SALES", "PUBLIC", ["RETURNS"]) };
    expect((await kind.update(runtime(), id, outputs, fewer))["dataSources"]).toEqual([{ name: "sales public.returns" }]);
    await kind.delete(runtime(), id, outputs);
    expect(await names(api)).toEqual([]);
    await kind.delete(runtime(), id, outputs);
  });

  it("of a whole schema takes what the platform has", async () => {
    const { runtime } = await setUpSnowflake("in process");
    const { outputs } = await kind.create(runtime(), { payload: v2("sales", "SALES", "PUBLIC") });
    expect(outputs["dataSources"]).toEqual([{ name: "sales public.orders" }, { name: "sales public.returns" }]);
  });
});

it("keeps in the state what is registered where an update fails half-way", async () => {
  const { api, runtime } = await setUpSnowflake("in process");
  const { id, outputs } = await kind.create(runtime(), { payload: v1([ORDERS]) });
  // A table that is somebody else's already.
  const other = v1([STAFF]);
  other.handler[0]!.metadata.dataSourceName = "theirs";
  await api.legacy.register("snowflake", other);
  const failed = kind.update(runtime(), id, outputs, { payload: v1([STAFF]) });
  await expect(failed).rejects.toThrow(/duplicate tables/);
  await expect(failed).rejects.toMatchObject({ id, properties: { dataSources: [] } });
  await expect(failed).rejects.toBeInstanceOf(IncompleteError);
});

it.each<[string, Properties, RegExp]>([
  ["a payload that is none", { payload: { name: "x" } }, /is no V1 or V2 registration/],
  [
    "a handler without a table",
    { payload: { handler: { metadata: { hostname: HOST, database: "A" } }, dataSource: { blobHandlerType: "Snowflake" } } },
    /table/,
  ],
  [
    "handlers of two accounts",
    { payload: { ...v1([]), handler: [...v1([ORDERS]).handler, ...v1([ORDERS], { host: OTHER_HOST }).handler] } },
    /names acme\.snowflakecomputing\.com:443 and other\.snowflakecomputing\.com:443/,
  ],
])("refuses %s", async (_what, declared, reason) => {
  const { runtime } = await setUpSnowflake("in process");
  const { failures } = await kind.check(runtime(), undefined, declared);
  expect(failures).toEqual([{ property: "payload (not shown)", reason: expect.stringMatching(reason) as string }]);
});

it("is replaced where its account or its collection becomes another", () => {
  const account = (payload: object) => kind.replaceValue("account", { payload });
  expect(account(v1([ORDERS]))).toEqual(account(v1([STAFF])));
  expect(account(v1([ORDERS]))).not.toEqual(account(v1([ORDERS], { host: OTHER_HOST })));
  expect(account(v2("a", "SALES", "PUBLIC", ["ORDERS"]))).not.toEqual(account(v2("b", "SALES", "PUBLIC", ["ORDERS"])));
});
