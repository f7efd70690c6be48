import { objectOwnersKind } from "../../provider/hooks/core/object-owners-kind";
import { createRuntime } from "../../provider/hooks/core/runtime";
import { referenceTo } from "../../sdk/legacy/plan";
import { ConversionPlanner } from "../../sdk/legacy/planner";
import { readV2 } from "../../sdk/model/legacy/read-v2";
import { formatObjectPath } from "../../sdk/model/object-path";
import { principalKey } from "../../sdk/model/settings";
import { setUp } from "../support/hooks";
import { integrate, upgrade, v2 } from "../support/legacy";
import { account } from "../support/memory-platform";
import { openTestStore } from "../support/store";

const TABLES = ["ORDERS", "RETURNS", "AUDIT"];
const anna = { type: "user", name: "anna" };
const finance = { type: "group", name: "finance" };
/** For the whole of it, and for single tables: with those above, without, and none. */
const payload = v2("sales", "SALES", "PUBLIC", undefined, {
  owners: [finance],
  sources: [
    { table: "ORDERS", schema: "PUBLIC", owners: [finance, anna] },
    { table: "RETURNS", schema: "PUBLIC", owners: [anna] },
    { table: "AUDIT", schema: "PUBLIC" },
  ],
});

it("declares of an upgraded account what takes no owner away, and is as declared from then on", async () => {
  const { api, parts, storeFile } = setUp(account({ SALES: { PUBLIC: [...TABLES, "LATER"] } }), "Snowflake");
  const store = openTestStore(storeFile);
  await store.insertUser({ name: "anna", email: null, permissions: [], groups: [] });
  await store.insertGroup("finance");
  await store.close();
  await integrate(api.legacy);
  await api.legacy.saveCollection(payload);
  expect((await upgrade(api)).output?.upgrade).toMatchObject({ upgraded: 3, unknownOwners: [] });
  const ownersOf = async (table: string) => {
    const { settings } = await api.getObject(["acme", "SALES", "PUBLIC", table]);
    return settings.dataOwners.value.map(principalKey).sort();
  };
  const before = new Map(await Promise.all(TABLES.map(async (table) => [table, await ownersOf(table)] as const)));

  const planner = new ConversionPlanner();
  planner.add(readV2(payload, { file: "sales.yaml", lineOf: () => 1 }));
  const [planned] = planner.plan().connections;
  const dataOwners = Object.fromEntries(
    planned!.owners.map(({ objectPath, dataOwners: list }) => [formatObjectPath(objectPath), list.map(referenceTo)]),
  );
  expect(dataOwners).toEqual({
    "acme/SALES/PUBLIC": [finance],
    "acme/SALES/PUBLIC/ORDERS": [anna],
    "acme/SALES/PUBLIC/RETURNS": [anna],
  });
  const { inputs } = await objectOwnersKind.check(createRuntime(parts), undefined, { setName: "acme", dataOwners });
  await objectOwnersKind.create(createRuntime(parts), inputs);

  for (const table of TABLES) expect(await ownersOf(table)).toEqual(expect.arrayContaining(before.get(table)!));
  expect(await objectOwnersKind.check(createRuntime(parts), inputs, { setName: "acme", dataOwners })).toEqual({
    inputs,
    failures: [],
    drift: [],
  });
});
