import fc from "fast-check";
import { account, table } from "../../../tests/support/memory-platform";
import { register } from "../../../tests/support/engine";
import { created, inputs, setUp, withUnknowns } from "../../../tests/support/hooks";
import { RemoteError } from "../../../sdk/model/errors";
import { connectionKind } from "./connection-kind";
import type { Properties } from "./resource-kind";
import { UNKNOWN } from "./unknown";

describe("check", () => {
  it.each(
    withUnknowns(inputs)
      .filter((one) => one !== UNKNOWN)
      .map((one) => [one]),
  )("accepts the unknown in %j", async (declared) => {
    const { runtime } = await created();
    const { failures } = await connectionKind.check(runtime(), inputs, declared as Properties);
    expect(failures).toEqual([]);
  });

  it("says once in a process, however many connections there are, what a server cannot tell", async () => {
    const { api, runtime, messages } = await created();
    const other = { ...inputs, connectionKey: "other", connection: { ...inputs.connection, account: "two" } };
    await connectionKind.create(runtime(), other);
    messages.length = 0;
    jest.spyOn(api, "planSync").mockRejectedValue(new RemoteError(501, "this server cannot tell what a sync would change"));
    const process = runtime();
    for (const declared of [inputs, other]) {
      expect(await connectionKind.check(process, declared, declared)).toMatchObject({ failures: [] });
    }
    expect(messages).toEqual(["this server cannot tell what a sync would change"]);
  });

  it("still names what is wrong beside an unknown", async () => {
    const { runtime } = setUp();
    const declared = { ...inputs, connection: { technology: "Memory", account: UNKNOWN, pasword: "x" }, settings: { isActive: "yes" } };
    const { failures } = await connectionKind.check(runtime(), undefined, declared);
    expect(failures).toEqual([
      { property: "settings.isActive", reason: "expected a boolean, got a string" },
      { property: "connection.pasword", reason: "unknown field; remove it or correct its name" },
    ]);
  });

  it("never throws for whatever it is given, and names a field", async () => {
    const { runtime } = setUp();
    const junk = fc.dictionary(fc.constantFrom("connectionKey", "connection", "settings", "onExists", "nativeIntegration"), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(junk, async (declared) => {
        const { failures } = await connectionKind.check(runtime(), undefined, declared);
        expect(failures.length).toBeGreaterThan(0);
        expect(failures.every(({ property, reason }) => property !== "" && reason !== "")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("finds no drift where nothing changed", async () => {
    const { runtime } = await created();
    expect((await connectionKind.check(runtime(), inputs, inputs)).drift).toEqual([]);
  });

  it("names each setting, and each object of the platform, that changed outside", async () => {
    const { api, platform, runtime } = await created();
    await api.updateSettings(["warehouse"], { isActive: true, activateNewChildren: null });
    const main = platform.tables("sales", "main");
    main.set("invoices", table());
    main.set("orders", table(["id", "total"]));
    main.delete("returns");
    platform.account.get("sales")!.set(
      "staging",
      new Map([
        ["raw", table()],
        ["clean", table()],
      ]),
    );
    const { drift, inputs: checked } = await connectionKind.check(runtime(), inputs, inputs);
    expect(drift).toEqual([
      expect.stringMatching(/^settings\.isActive: recorded false, is true \(changed by local administrator at \S+Z\)$/) as string,
      expect.stringMatching(
        /^settings\.activateNewChildren: recorded true, is not set \(inherited\) \(changed by local administrator at \S+Z\)$/,
      ) as string,
      "table warehouse/sales/main/invoices appeared: starts inactive",
      "table warehouse/sales/main/orders changed: column total added",
      "table warehouse/sales/main/returns vanished",
      "schema warehouse/sales/staging appeared: with 2 objects beneath; starts inactive",
    ]);
    expect(checked).toEqual(inputs);
  });

  it("shows the first twenty changes and counts the rest", async () => {
    const { platform, runtime } = await created();
    for (let index = 0; index < 100; index++) platform.tables("sales", "main").set(`t${index}`, table());
    const { drift } = await connectionKind.check(runtime(), inputs, inputs);
    expect(drift).toHaveLength(21);
    expect(drift[20]).toBe(
      "100 changes on the platform in all (100 new, 0 changed, 0 missing, 0 returned); `connections sync warehouse --dry-run` lists them",
    );
  });

  it("says that mass removal is held back", async () => {
    const { platform, runtime } = await created(account({ sales: { main: Array.from({ length: 30 }, (_, index) => `t${index}`) } }));
    platform.tables("sales", "main").clear();
    const { drift } = await connectionKind.check(runtime(), inputs, inputs);
    expect(drift).toEqual([expect.stringMatching(/^warehouse\/sales: 30 of 31 known objects vanished.*held back/)]);
  });

  it("says that the connection is gone", async () => {
    const { api, runtime } = await created();
    await api.deleteObject(["warehouse"]);
    expect((await connectionKind.check(runtime(), inputs, inputs)).drift).toEqual(["connection warehouse is not registered any more"]);
  });

  it("warns, and does not fail, when the platform cannot be read", async () => {
    const { platform, runtime, messages } = await created();
    platform.disturb = (objects) => [...objects].reverse();
    expect(await connectionKind.check(runtime(), inputs, inputs)).toMatchObject({ failures: [], drift: [] });
    expect(messages.slice(1)).toEqual([
      expect.stringMatching(/^warehouse: not all of the platform could be read: .*a table without its schema/),
    ]);
  });

  it("crawls once, however many ask", async () => {
    const { platform, runtime } = await created();
    let batches = 0;
    platform.onBatch = () => batches++;
    const one = runtime();
    await connectionKind.check(one, inputs, inputs);
    const first = batches;
    await connectionKind.check(one, inputs, inputs);
    await connectionKind.read(one, "warehouse", inputs);
    expect(batches).toBe(first);
  });
});

describe("create", () => {
  it("registers, syncs and says what there is", async () => {
    const { id, outputs, api } = await created();
    expect(id).toBe("warehouse");
    expect(outputs).toMatchObject({
      ...inputs,
      objectPath: ["warehouse"],
      state: "inactive",
      counts: { databases: 1, schemas: 1, tables: 2, dataSources: 0 },
      lastSync: expect.any(String) as string,
    });
    expect((await api.searchObjects([])).count).toBe(1);
  });

  it("adopts a connection that is registered already, and brings it to what is declared", async () => {
    const { api, platform, runtime, messages } = setUp();
    await register(api, { isActive: true });
    platform.tables("sales", "main").set("late", table());
    const declared = { ...inputs, connection: { ...inputs.connection, account: "warehouse" } };
    const { outputs } = await connectionKind.create(runtime(), declared);
    expect(outputs).toMatchObject({ state: "inactive", counts: { tables: 3 } });
    expect(messages[0]).toBe("warehouse: registered already; adopting it");
  });

  it("refuses one that is registered already, when told to", async () => {
    const { runtime } = await created();
    await expect(connectionKind.create(runtime(), { ...inputs, onExists: "fail" })).rejects.toThrow(
      /registered already and onExists is "fail"/,
    );
  });

  it("keeps a connection whose first sync failed, and finishes it with the next update", async () => {
    const { platform, runtime } = setUp();
    platform.disturb = (objects) => [...objects].reverse();
    const failure = await connectionKind.create(runtime(), inputs).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "IncompleteError", id: "warehouse", properties: { connectionKey: "warehouse" } });
    platform.disturb = (objects) => objects;
    const outputs = await connectionKind.update(runtime(), "warehouse", inputs, inputs);
    expect(outputs).toMatchObject({ counts: { tables: 2 } });
  });
});

describe("update", () => {
  it("repairs settings and takes the platform's new objects in", async () => {
    const { api, platform, runtime, outputs } = await created();
    await api.updateSettings(["warehouse"], { isActive: true });
    platform.tables("sales", "main").set("invoices", table());
    const updated = await connectionKind.update(runtime(), "warehouse", outputs, inputs);
    expect(updated).toMatchObject({ state: "inactive", counts: { tables: 3, dataSources: 1 }, pendingChanges: { new: 0 } });
    expect(Object.keys(updated).sort()).toEqual(Object.keys(outputs).sort());
  });

  it("returns a setting that is no longer declared to inherit", async () => {
    const { api, runtime, outputs } = await created();
    await connectionKind.update(runtime(), "warehouse", outputs, { ...inputs, settings: { isActive: true } });
    expect((await api.getObject(["warehouse"])).overrides).toEqual({ isActive: true });
  });

  it("does not crawl again for a change of settings alone", async () => {
    const { platform, runtime, outputs } = await created();
    const one = runtime();
    await connectionKind.check(one, inputs, inputs);
    let batches = 0;
    platform.onBatch = () => batches++;
    await connectionKind.update(one, "warehouse", outputs, { ...inputs, settings: { isActive: true } });
    expect(batches).toBe(0);
  });
});

describe("read", () => {
  it("gives full inputs, secrets included, and the same outputs when nothing changed", async () => {
    const { runtime, outputs } = await created();
    expect(await connectionKind.read(runtime(), "warehouse", outputs)).toEqual({ inputs, outputs });
  });

  it("shows what changed, property by property", async () => {
    const { api, platform, runtime, outputs } = await created();
    await api.updateSettings(["warehouse"], { isActive: true });
    await api.updateConnection("warehouse", { connection: { technology: "Memory", account: "two" } });
    platform.tables("sales", "main").delete("orders");
    expect(await connectionKind.read(runtime(), "warehouse", outputs)).toMatchObject({
      inputs: { settings: { isActive: true, activateNewChildren: true }, connection: { account: "two", password: "hunter2-hunter2" } },
      outputs: { state: "active", pendingChanges: { missing: 1, new: 0 } },
    });
  });

  it("keeps a secret inside a member that was changed from outside", async () => {
    const { api, runtime } = setUp();
    const connection = { ...inputs.connection, key: { name: "one.p8", content: "hunter3-hunter3" } };
    const { outputs } = await connectionKind.create(runtime(), { ...inputs, connection });
    await api.updateConnection("warehouse", { connection: { ...connection, key: { name: "two.p8", content: "other" } } });
    expect(await connectionKind.read(runtime(), "warehouse", outputs)).toMatchObject({
      inputs: { connection: { key: { name: "two.p8", content: "hunter3-hunter3" } } },
    });
  });

  it("says that it is gone, and that deleting it again is fine", async () => {
    const { runtime, outputs } = await created();
    await connectionKind.delete(runtime(), "warehouse", outputs);
    expect(await connectionKind.read(runtime(), "warehouse", outputs)).toBeUndefined();
    await expect(connectionKind.delete(runtime(), "warehouse", outputs)).resolves.toBeUndefined();
  });
});
