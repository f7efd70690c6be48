import { created, withUnknowns } from "../../../tests/support/hooks";
import { openTestStore } from "../../../tests/support/store";
import { account } from "../../../tests/support/memory-platform";
import { RemoteError } from "../../../sdk/model/errors";
import { objectOwnersKind as set } from "./object-owners-kind";
import { IncompleteError, type Properties } from "./resource-kind";
import { UNKNOWN } from "./unknown";

const SALES = "warehouse/sales";
const ORDERS = "warehouse/sales/main/orders";
const finance = { type: "group", name: "finance" };
const anna = { type: "user", name: "anna" };
const seven = { type: "user", id: 7 };
const inputs = {
  setName: "owners",
  dataOwners: { [SALES]: [finance, seven], [ORDERS]: [anna] },
  infrastructureAdmins: { [SALES]: [anna] },
};

/** With a user and two groups of those names. */
async function withPeople(content?: Parameters<typeof created>[0]) {
  const subject = await created(content);
  const store = openTestStore(subject.storeFile);
  const annaId = ((await store.insertUser({ name: "anna", email: null, permissions: [], groups: [] })) as { id: number }).id;
  const financeId = (await store.insertGroup("finance"))!.id;
  const legalId = (await store.insertGroup("legal"))!.id;
  await store.close();
  const overrides = async () => {
    const listed = await subject.api.listOverrides(["warehouse", "sales"]);
    return Object.fromEntries(listed.map((one) => [one.objectPath.join("/"), one.overrides]));
  };
  return { ...subject, overrides, ids: { anna: annaId, finance: financeId, legal: legalId } };
}

it.each([
  [[{ type: "user" }], "0.name", "is missing; give name, or id"],
  [[seven, { type: "user", id: 7, name: "anna" }], "1.name", "stands beside id; give one of the two"],
  [[{ type: "team", name: "x" }], "0.type", 'expected "user" or "group"'],
  [[{ type: "user", name: "" }], "0.name", "is empty"],
  [[{ type: "user", id: -1 }], "0.id", "expected a number from 0 up"],
])("refuses %j, naming the field", async (owners, field, reason) => {
  const { runtime } = await created();
  const { failures } = await set.check(runtime(), undefined, { setName: "s", dataOwners: { [SALES]: owners } });
  expect(failures).toEqual([{ property: `dataOwners.${SALES}.${field}`, reason }]);
});

it("refuses a list that names nobody, since owners add up downward, and two spellings of one object", async () => {
  const { runtime } = await created();
  const check = async (dataOwners: unknown) => (await set.check(runtime(), undefined, { setName: "s", dataOwners })).failures;
  expect(await check({ [SALES]: [] })).toEqual([
    { property: `dataOwners.${SALES}`, reason: expect.stringContaining("names nobody") as string },
  ]);
  expect(await check({ [SALES]: [seven], "warehouse/s%61les": [seven] })).toEqual([
    { property: "dataOwners", reason: `${SALES} is there twice, as "warehouse/s%61les" too; remove one` },
  ]);
});

it.each(
  withUnknowns(inputs)
    .filter((one) => one !== UNKNOWN)
    .map((one) => [one]),
)("accepts the unknown in %j", async (declared) => {
  const { runtime } = await withPeople();
  expect((await set.check(runtime(), inputs, declared as Properties)).failures).toEqual([]);
});

it("sets owners by name, whose order means nothing", async () => {
  const { api, runtime, overrides, ids } = await withPeople();
  const { id, outputs } = await set.create(runtime(), inputs);
  const principals = [
    { type: "group", id: ids.finance, name: "finance" },
    { type: "user", id: ids.anna, name: "anna" },
  ];
  expect({ id, outputs }).toEqual({ id: "owners", outputs: { ...inputs, count: 3, principals } });
  const user = { type: "user", id: ids.anna };
  expect(await overrides()).toEqual({
    [SALES]: { dataOwners: [{ type: "group", id: ids.finance }, seven], infrastructureAdmins: [user] },
    [ORDERS]: { dataOwners: [user] },
  });

  const turned = { ...inputs, dataOwners: { [ORDERS]: [anna, anna], [SALES]: [seven, finance] } };
  expect(await set.check(runtime(), inputs, turned)).toEqual({ inputs, failures: [], drift: [] });
  await api.updateSettings(SALES.split("/"), { dataOwners: [seven, { type: "group", id: ids.finance }] as never });
  expect((await set.check(runtime(), inputs, turned)).drift).toEqual([]);
  expect(await set.read(runtime(), id, outputs)).toEqual({ inputs, outputs });
});

it("shows drift path by path, by name, with who did it, and leads back with one request", async () => {
  const { api, runtime, overrides, ids } = await withPeople();
  const { id, outputs } = await set.create(runtime(), inputs);
  const before = await overrides();
  await api.updateSettings(SALES.split("/"), {
    dataOwners: [
      { type: "group", id: ids.legal },
      { type: "user", id: 7 },
    ],
  });
  await api.updateSettings(ORDERS.split("/"), { dataOwners: null });
  const { drift } = await set.check(runtime(), inputs, inputs);
  expect(drift).toEqual([
    expect.stringMatching(
      /^warehouse\/sales: dataOwners: recorded group finance, user 7, is group legal, user 7 \(changed by local administrator at \S+Z\)$/,
    ),
    expect.stringMatching(/^warehouse\/sales\/main\/orders: dataOwners: recorded user anna, is not set \(inherited\) \(changed by/),
  ]);
  const observed = {
    setName: "owners",
    dataOwners: { [SALES]: [{ type: "group", id: ids.legal }, seven] },
    infrastructureAdmins: { [SALES]: [anna] },
  };
  expect(await set.read(runtime(), id, outputs)).toMatchObject({ inputs: observed, outputs: { count: 2 } });

  const sent = jest.spyOn(api, "updateManySettings");
  await set.update(runtime(), id, outputs, inputs);
  expect(sent).toHaveBeenCalledTimes(1);
  expect(await overrides()).toEqual(before);

  await set.delete(runtime(), id, outputs);
  expect(await overrides()).toEqual({});
});

it("warns of a name that nobody has before an up, which refuses it and changes nothing", async () => {
  const { runtime, messages, overrides } = await withPeople();
  const wanted = { setName: "owners", dataOwners: { [SALES]: [finance], [ORDERS]: [{ type: "group", name: "nobodies" }] } };
  const problem = `${ORDERS}: dataOwners: there is no group "nobodies"; create it, correct the name, or give its id`;
  expect((await set.check(runtime(), undefined, wanted)).failures).toEqual([]);
  expect(messages).toContain(`${problem} (\`up\` fails without it)`);
  await expect(set.create(runtime(), wanted)).rejects.toThrow(problem);
  expect(await overrides()).toEqual({});
});

it("says to give ids where the server tells no numbers, and needs no name for those", async () => {
  const { api, runtime } = await withPeople();
  const refusal = new RemoteError(501, "this server does not tell the numbers of users and groups; give their ids in place of names");
  jest.spyOn(api, "listPrincipals").mockRejectedValue(refusal);
  await expect(set.create(runtime(), inputs)).rejects.toThrow("give their ids in place of names");
  const byId = { setName: "owners", dataOwners: { [SALES]: [seven] } };
  const { id, outputs } = await set.create(runtime(), byId);
  await api.updateSettings(SALES.split("/"), { dataOwners: [{ type: "user", id: 8 }] });
  expect((await set.check(runtime(), byId, byId)).drift).toEqual([
    expect.stringContaining("warehouse/sales: dataOwners: recorded user 7, is user 8"),
  ]);
  expect(await set.read(runtime(), id, outputs)).toMatchObject({ inputs: { dataOwners: { [SALES]: [{ type: "user", id: 8 }] } } });
});

it("takes a user who was made anew under the same name for another one", async () => {
  const { storeFile, runtime, overrides } = await withPeople();
  const wanted = { setName: "owners", dataOwners: { [SALES]: [anna] } };
  const { id, outputs } = await set.create(runtime(), wanted);
  const store = openTestStore(storeFile);
  await store.deleteUser("anna");
  const again = (await store.insertUser({ name: "anna", email: null, permissions: [], groups: [] })) as { id: number };
  await store.close();
  expect((await set.check(runtime(), wanted, wanted)).drift).toHaveLength(1);
  await set.update(runtime(), id, outputs, wanted);
  expect(await overrides()).toEqual({ [SALES]: { dataOwners: [{ type: "user", id: again.id }] } });
});

it("keeps in the state, by name, what is set when some objects are not there", async () => {
  const { runtime } = await withPeople();
  const wanted = { setName: "owners", dataOwners: { [ORDERS]: [anna], "warehouse/sales/nope/x": [anna] } };
  const failure = await set.create(runtime(), wanted).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(IncompleteError);
  expect(failure).toMatchObject({
    properties: { setName: "owners", dataOwners: { [ORDERS]: [anna] }, count: 1, principals: [{ name: "anna" }] },
    message: expect.stringMatching(/^1 of 2 overrides could not be set; .*\nwarehouse\/sales\/nope\/x: there is no schema/) as string,
  });
});

it("declares thousands of paths with few requests", async () => {
  const tables = Array.from({ length: 2_000 }, (_, index) => `t${index}`);
  const { api, runtime } = await withPeople(account({ sales: { main: tables } }));
  const wanted = {
    setName: "all",
    dataOwners: Object.fromEntries(tables.map((name) => [`warehouse/sales/main/${name}`, [anna, finance]])),
  };
  const asked = jest.spyOn(api, "listPrincipals");
  const sent = jest.spyOn(api, "updateManySettings");
  const { inputs: canonical } = await set.check(runtime(), undefined, wanted);
  expect(await set.create(runtime(), canonical)).toMatchObject({ outputs: { count: 2_000 } });
  expect([asked.mock.calls.length, sent.mock.calls.length]).toEqual([2, 2]);
  expect((await set.check(runtime(), canonical, wanted)).drift).toEqual([]);
});
