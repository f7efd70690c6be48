import { table } from "../../../tests/support/memory-platform";
import { states, sync } from "../../../tests/support/engine";
import { created, setUp, withUnknowns } from "../../../tests/support/hooks";
import { objectSettingKind } from "./object-setting-kind";
import type { Properties } from "./resource-kind";
import { UNKNOWN } from "./unknown";

describe("ObjectStatus", () => {
  const status = objectSettingKind("isActive");
  const orders = { objectPath: ["warehouse", "sales", "main", "orders"], isActive: true };

  it.each([[orders.objectPath], ["warehouse/sales/main/orders"]])(
    "takes the object path as %j and stores it as names",
    async (objectPath) => {
      const { runtime } = await created();
      const { inputs: checked, failures } = await status.check(runtime(), undefined, { objectPath, isActive: true });
      expect({ checked, failures }).toEqual({ checked: orders, failures: [] });
    },
  );

  it.each(
    withUnknowns(orders)
      .filter((one) => one !== UNKNOWN)
      .map((one) => [one]),
  )("accepts the unknown in %j", async (declared) => {
    const { runtime } = await created();
    expect((await status.check(runtime(), orders, declared as Properties)).failures).toEqual([]);
  });

  it.each([
    [{ objectPath: ["w", 5], isActive: true }, "objectPath.1", "expected a string, got a number"],
    [{ objectPath: 5, isActive: true }, "objectPath", /expected an object path: an array of names, or a text/],
    [{ objectPath: "w//s", isActive: true }, "objectPath", /element 2 \(database\) is empty/],
    [{ objectPath: "w", isActive: "true" }, "isActive", "expected a boolean, got a string"],
    [{ objectPath: "w" }, "isActive", "expected a boolean, got nothing"],
    [{ objectPath: "w", isActive: true, active: 1 }, "active", /unknown field/],
  ])("refuses %j, naming the field", async (declared, property, reason) => {
    const { runtime } = setUp();
    const { failures } = await status.check(runtime(), undefined, declared);
    expect(failures).toEqual([{ property, reason: typeof reason === "string" ? reason : (expect.stringMatching(reason) as string) }]);
  });

  it("sets the status, shows when it was changed outside, repairs it, and returns it to inherit", async () => {
    const { api, runtime } = await created();
    const { id, outputs } = await status.create(runtime(), orders);
    expect({ id, outputs }).toEqual({ id: "warehouse/sales/main/orders", outputs: { ...orders, state: "active", objectType: "table" } });
    expect((await status.check(runtime(), orders, orders)).drift).toEqual([]);

    await api.updateSettings(orders.objectPath, { isActive: null });
    expect((await status.check(runtime(), orders, orders)).drift).toEqual([
      expect.stringMatching(/^isActive: recorded true, is not set \(inherited\) \(changed by local administrator at \S+Z\)$/) as string,
    ]);
    expect(await status.read(runtime(), id, outputs)).toBeUndefined();

    await status.update(runtime(), id, outputs, orders);
    expect(await status.read(runtime(), id, {})).toEqual({ inputs: orders, outputs });
    await status.delete(runtime(), id, outputs);
    expect((await states(api)).find((line) => line.includes("orders"))).toBe("warehouse/sales/main/orders inactive");
  });

  it("finds an object that appeared since the last sync, in a schema that did", async () => {
    const { platform, runtime, api } = await created();
    platform.account.get("sales")!.set("staging", new Map([["raw", table()]]));
    const raw = { objectPath: ["warehouse", "sales", "staging", "raw"], isActive: true };
    await status.create(runtime(), raw);
    expect(await api.getObject(raw.objectPath)).toMatchObject({ state: "active" });
    expect((await sync(api)).counts).toMatchObject({ new: 0, missing: 0 });
  });

  it("says which element does not exist: a warning at preview, an error at up", async () => {
    const { runtime, messages } = await created();
    const wrong = { objectPath: ["warehouse", "sales", "mian", "orders"], isActive: true };
    expect((await status.check(runtime(), undefined, wrong)).failures).toEqual([]);
    expect(messages.at(-1)).toMatch(/there is no schema "mian" in warehouse\/sales .*`up` looks for it on the platform/);
    await expect(status.create(runtime(), wrong)).rejects.toThrow(/there is no schema "mian" in warehouse\/sales/);
    await expect(status.create(runtime(), { ...wrong, objectPath: ["nope", "sales"] })).rejects.toThrow(/there is no connection "nope"/);
  });

  it("is gone without an error when its connection is", async () => {
    const { api, runtime } = await created();
    const { id, outputs } = await status.create(runtime(), orders);
    await api.deleteObject(["warehouse"]);
    await expect(status.delete(runtime(), id, outputs)).resolves.toBeUndefined();
    expect(await status.read(runtime(), id, outputs)).toBeUndefined();
  });
});
