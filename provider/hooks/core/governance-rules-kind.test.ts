import { account, table } from "../../../tests/support/memory-platform";
import { sync } from "../../../tests/support/engine";
import { created, setUp, withUnknowns } from "../../../tests/support/hooks";
import { PlatformError } from "../../../sdk/model/errors";
import { governanceRulesKind as kind } from "./governance-rules-kind";
import type { Properties } from "./resource-kind";
import { UNKNOWN } from "./unknown";

const MAIN = "warehouse/sales/main";
const rules = [{ "sales.*.fct_*": "active" }, { "sales.raw": { activateNewChildren: true } }];
const written = { connectionKey: "warehouse", rules, top: { isActive: false, activateNewChildren: false } };
const content = () => account({ sales: { main: ["dim_a", "fct_a", "fct_b", "other", "tmp"], raw: ["line"] } });

/** As the engine would call it: compiled by `check` first. */
async function compiled(runtime: Awaited<ReturnType<typeof created>>["runtime"], declared: Properties, recorded?: Properties) {
  const { inputs, failures, drift } = await kind.check(runtime(), recorded, declared);
  expect(failures).toEqual([]);
  return { inputs, drift };
}

it("is compiled when the connection is registered, and says so before", async () => {
  const { runtime, messages } = setUp(content());
  expect(await kind.check(runtime(), undefined, written)).toEqual({ inputs: written, failures: [], drift: [] });
  expect(messages.at(-1)).toBe("warehouse: is not registered yet; its rules are compiled when it is");
  await expect(kind.create(runtime(), written)).rejects.toThrow(/there is no connection "warehouse"/);
});

it.each(
  withUnknowns(written)
    .filter((one) => one !== UNKNOWN)
    .map((one) => [one]),
)("accepts the unknown in %j", async (declared) => {
  const { runtime } = await created(content());
  expect((await kind.check(runtime(), written, declared as Properties)).failures).toEqual([]);
});

it("refuses rules that are none, naming them", async () => {
  const { runtime } = await created(content());
  const wrong = { ...written, rules: [{ "a.b.c.d": "active" }, { match: { tag: "x", tagg: "y" }, isActive: true }] };
  expect((await kind.check(runtime(), undefined, wrong)).failures).toEqual([
    { property: "rules.0", reason: expect.stringMatching(/has 4 names/) as string },
    { property: "rules.1.match.tagg", reason: "unknown field; remove it or correct its name" },
  ]);
});

it("governs what is there and what is about to be, names drift, and leaves nothing behind", async () => {
  const { api, platform, runtime } = await created(content());
  const first = await compiled(runtime, written);
  const statuses = { [`${MAIN}/fct_a`]: true, [`${MAIN}/fct_b`]: true };
  expect(first.inputs).toEqual({ ...written, statuses, activateNewChildren: { "warehouse/sales/raw": true } });
  const { id, outputs } = await kind.create(runtime(), first.inputs);
  expect({ id, outputs }).toEqual({ id: "warehouse", outputs: { ...first.inputs, count: 3 } });
  expect(await compiled(runtime, written, first.inputs)).toEqual({ inputs: first.inputs, drift: [] });

  // Somebody does something by hand, and the platform shows more.
  await api.updateSettings([...MAIN.split("/"), "other"], { isActive: true });
  platform.tables("sales", "main").set("fct_new", table());
  const second = await compiled(runtime, written, first.inputs);
  expect(second.inputs["statuses"]).toEqual({ ...statuses, [`${MAIN}/fct_new`]: true });
  expect(second.drift).toEqual([
    expect.stringMatching(
      /^warehouse\/sales\/main\/other: isActive: recorded not set \(inherited\), is true \(changed by local administrator at \S+\)$/,
    ),
  ]);

  await sync(api);
  await kind.update(runtime(), id, outputs, second.inputs);
  const set = (await api.listOverrides(["warehouse", "sales"])).map(({ objectPath, overrides }) => [objectPath.join("/"), overrides]);
  expect(Object.fromEntries(set)).toEqual({
    [`${MAIN}/fct_a`]: { isActive: true },
    [`${MAIN}/fct_b`]: { isActive: true },
    [`${MAIN}/fct_new`]: { isActive: true },
    "warehouse/sales/raw": { activateNewChildren: true },
  });
  expect(await kind.read(runtime(), id, { ...second.inputs, count: 4 })).toEqual({
    inputs: second.inputs,
    outputs: { ...second.inputs, count: 4 },
  });
  await kind.delete(runtime(), id, { ...second.inputs, count: 4 });
  expect(await api.listOverrides(["warehouse", "sales"])).toEqual([]);
});

it("warns of a rule that matches nothing", async () => {
  const { runtime, messages } = await created(content());
  await kind.check(runtime(), undefined, { ...written, rules: [{ "sale.*": "active" }] });
  expect(messages).toContain('warehouse: the rule "sale.*: active" matches nothing; remove it, or correct it');
});

it("keeps what it knows when the platform cannot be read", async () => {
  const { platform, runtime, messages } = await created(content());
  const { inputs } = await compiled(runtime, written);
  await kind.create(runtime(), inputs);
  platform.onCall = () => {
    throw new PlatformError("the warehouse is suspended");
  };
  expect(await compiled(runtime, written, inputs)).toEqual({ inputs, drift: [] });
  expect(messages.at(-1)).toMatch(/the platform could not be read/);
});

it("asks for a number of things that does not grow with the objects", async () => {
  const tables = Array.from({ length: 3_000 }, (_, index) => `fct_${index}`);
  const { api, runtime } = await created(account({ sales: { main: ["a", ...tables], raw: ["b"] } }));
  const { inputs } = await compiled(runtime, { ...written, rules: [{ "sales.*.fct_*": "active" }, { "sales.*.fct_1*": "inactive" }] });
  await kind.create(runtime(), inputs);
  const calls = (["getConnection", "listOverrides", "listObjects", "listTags", "planSync", "updateManySettings", "getObject"] as const).map(
    (name) => jest.spyOn(api, name),
  );
  const sent = () => calls.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  expect(await kind.check(runtime(), inputs, { ...written, rules: inputs["rules"] })).toMatchObject({ drift: [], inputs });
  expect(sent()).toBe(4);
});
