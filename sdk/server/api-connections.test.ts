import { KEY, serve } from "../../tests/support/server";
import { register, testEngine } from "../../tests/support/engine";
import { WRONG_PASSWORD, account } from "../../tests/support/memory-platform";
import type { Caller } from "../model/caller";
import type { JobRow } from "../model/store";

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const PATH = "/api/connections/warehouse";
const SECRET = "hunter2-hunter2";

async function started({ isActive = true, caller }: { isActive?: boolean; caller?: Caller } = {}) {
  const engine = testEngine(account({ sales: { main: ["orders"] } }));
  await register(engine.api, { isActive });
  const { endpoint } = await serve(engine.api, caller);
  const call = async (method: string, path = PATH, body?: unknown): Promise<Answer> => {
    const headers = { authorization: KEY, ...(body !== undefined && { "content-type": "application/json" }) };
    const response = await fetch(endpoint + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const failSync = async () => {
    engine.platform.onCall = (what) => {
      if (what === "listDatabases") throw new Error("no longer reachable");
    };
    await engine.api.waitForJobs((await engine.api.crawl(["warehouse"])).bulkId);
    engine.platform.onCall = () => undefined;
  };
  return { ...engine, call, failSync };
}

const conflict = (message: RegExp) => ({
  status: 409,
  body: { statusCode: 409, error: "Conflict", message: expect.stringMatching(message) as string, field: "connectionKey" },
});

it("shows a connection with its state and its secrets as [REDACTED]", async () => {
  const { call } = await started();
  const { status, body } = await call("GET");
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      connectionKey: "warehouse",
      technology: "Memory",
      state: "ACTIVE",
      clientConfiguration: { account: "warehouse", password: "[REDACTED]" },
      nativeIntegration: { type: "Memory" },
      creator: { name: "local administrator" },
    },
  });
  expect(JSON.stringify(body)).not.toContain(SECRET);
});

it("activates and deactivates, which /data sees too, and each only where the state allows it", async () => {
  const { call, api } = await started({ isActive: false });
  const state = async () => (await api.getObject(["warehouse", "sales", "main", "orders"])).state;
  expect(await call("GET")).toMatchObject({ body: { state: "INACTIVE" } });
  expect(await call("POST", `${PATH}/deactivate`)).toMatchObject(
    conflict(/^warehouse: is INACTIVE; only an ACTIVE or UNHEALTHY connection can be deactivated$/),
  );
  expect(await call("POST", `${PATH}/activate`)).toMatchObject({ status: 200, body: { state: "ACTIVE" } });
  expect(await state()).toBe("active");
  expect(await call("POST", `${PATH}/activate`)).toMatchObject(conflict(/only an INACTIVE connection can be activated/));
  expect(await call("POST", `${PATH}/deactivate`)).toMatchObject({ status: 200, body: { state: "INACTIVE" } });
  expect(await state()).toBe("inactive");
});

it("is UNHEALTHY after a whole sync failed, until one succeeds or its credentials are proved again", async () => {
  const { call, failSync, api } = await started();
  const state = async () => (await call("GET")).body["state"];
  await failSync();
  expect(await state()).toBe("UNHEALTHY");
  await api.waitForJobs((await api.crawl(["warehouse"])).bulkId);
  expect(await state()).toBe("ACTIVE");
  await failSync();
  expect(await call("PATCH", PATH, { clientConfiguration: {} })).toMatchObject({ status: 200, body: { state: "ACTIVE" } });
  await failSync();
  expect(await call("POST", `${PATH}/deactivate`)).toMatchObject({ body: { state: "INACTIVE" } });
});

describe("PATCH", () => {
  it("changes what is sent and keeps the rest, secrets included", async () => {
    const { call, platform } = await started();
    const open = jest.spyOn(platform, "open");
    const changed = await call("PATCH", PATH, { clientConfiguration: { account: "moved" } });
    expect(changed).toMatchObject({ status: 200, body: { clientConfiguration: { account: "moved" } } });
    expect(open.mock.calls.map(([connection]) => connection)).toEqual([{ technology: "Memory", account: "moved", password: SECRET }]);
    expect(await call("GET")).toMatchObject({ body: { clientConfiguration: { account: "moved" } } });
  });

  it("checks on the platform and keeps nothing with dryRun", async () => {
    const { call, api } = await started();
    const before = await call("GET");
    const dry = await call("PATCH", `${PATH}?dryRun=true`, { clientConfiguration: { account: "moved" } });
    expect(dry).toMatchObject({ status: 200, body: { clientConfiguration: { account: "moved" } } });
    const wrong = { clientConfiguration: { key: { name: "k", content: "c" }, account: WRONG_PASSWORD, unheardOf: 1 } };
    expect(await call("PATCH", `${PATH}?dryRun=true`, wrong)).toMatchObject({
      status: 400,
      body: {
        field: "clientConfiguration.unheardOf",
        message: expect.stringMatching(/^clientConfiguration\.unheardOf: unknown/) as string,
      },
    });
    expect(await call("GET")).toEqual(before);
    expect((await api.searchJobs()).jobs).toHaveLength(1);
  });

  it("keeps nothing that the platform refuses", async () => {
    const { call, platform } = await started();
    const before = await call("GET");
    platform.refuses = "connection.account: is locked";
    expect(await call("PATCH", PATH, { clientConfiguration: { account: "moved" } })).toMatchObject({
      status: 422,
      body: { message: "clientConfiguration.account: is locked" },
    });
    expect(await call("GET")).toEqual(before);
  });

  it("is refused where the connection is INACTIVE, or the technology would change", async () => {
    const { call } = await started();
    expect(await call("PATCH", PATH, { technology: "DuckDB" })).toMatchObject({ status: 400, body: { field: "technology" } });
    await call("POST", `${PATH}/deactivate`);
    expect(await call("PATCH", PATH, {})).toMatchObject(
      conflict(/is INACTIVE; only an ACTIVE or UNHEALTHY connection can be changed; activate it first/),
    );
  });
});

describe("DELETE", () => {
  it("takes an INACTIVE connection, and is followed as a job", async () => {
    const { call, api } = await started();
    expect(await call("DELETE")).toMatchObject(conflict(/is ACTIVE; only an INACTIVE connection can be deleted; deactivate it first/));
    await call("POST", `${PATH}/deactivate`);
    const { status, body } = await call("DELETE");
    expect({ status, body }).toEqual({ status: 202, body: { connectionKey: "warehouse", taskId: expect.any(String) as string } });
    const jobs = await api.waitForJobs(body["taskId"] as string);
    expect(jobs).toMatchObject([{ jobType: "deregistration", state: "completed", output: { childCount: 3 } }]);
    expect(await call("GET", `/jobs?bulkId=${String(body["taskId"])}`)).toMatchObject({ status: 200, body: [{ state: "completed" }] });
    expect(await call("GET")).toMatchObject({ status: 404, body: { field: "connectionKey" } });
    expect(await call("DELETE")).toMatchObject({ status: 404 });
  });

  it("takes an UNHEALTHY one by force", async () => {
    const { call, failSync, api } = await started();
    expect(await call("DELETE", `${PATH}?force=true`)).toMatchObject({ status: 409 });
    await failSync();
    expect(await call("DELETE")).toMatchObject({ status: 409 });
    const { status, body } = await call("DELETE", `${PATH}?force=true`);
    expect(status).toBe(202);
    await api.waitForJobs(body["taskId"] as string);
    expect((await api.searchObjects([])).count).toBe(0);
  });

  it("waits for the sync that runs, and lets go of a connection that was activated meanwhile", async () => {
    const { call, api, platform } = await started({ isActive: false });
    let go = () => undefined as void;
    platform.ready = new Promise((resolve) => (go = resolve));
    const sync = await api.crawl(["warehouse"]);
    const [first, second] = [await call("DELETE"), await call("DELETE")];
    expect(second).toEqual(first);
    await call("POST", `${PATH}/activate`);
    go();
    await api.waitForJobs(sync.bulkId);
    expect(await api.waitForJobs(first.body["taskId"] as string)).toMatchObject([
      { state: "failed", output: { error: expect.stringMatching(/is ACTIVE; only an INACTIVE/) as string } },
    ]);
    expect(await call("GET")).toMatchObject({ status: 200 });
  });
});

describe("a caller", () => {
  const me = { type: "user", id: 7 } as const;
  const caller = { name: "seven", permissions: [], principals: [me] } satisfies Caller;

  it("needs the rights that /data asks for", async () => {
    const { call, api } = await started({ caller });
    const requests = [
      ["GET", PATH],
      ["PATCH", PATH, {}],
      ["DELETE", PATH],
      ["POST", `${PATH}/activate`],
      ["POST", `${PATH}/deactivate`],
    ] as const;
    const statuses = async () => {
      const all: number[] = [];
      for (const [method, path, body] of requests) all.push((await call(method, path, body)).status);
      return all;
    };
    expect(await statuses()).toEqual([403, 403, 403, 403, 403]);
    await api.updateSettings(["warehouse"], { dataOwners: [me] });
    expect(await statuses()).toEqual([200, 403, 409, 409, 200]);
  });

  it("may follow the deletion that it asked for, which took its role along", async () => {
    const { call, api } = await started({ caller, isActive: false });
    await api.updateSettings(["warehouse"], { infrastructureAdmins: [me] });
    const { body } = await call("DELETE");
    const [job] = (await api.waitForJobs(body["taskId"] as string)) as JobRow[];
    expect(await call("GET", `/jobs?bulkId=${job!.bulkId}`)).toMatchObject({ status: 200 });
    expect(await call("GET", "/jobs/search?objectPath=warehouse")).toMatchObject({ status: 403 });
  });
});

it.each<[string, string, string, unknown, number, string | undefined]>([
  ["an unknown key", "GET", "/api/connections/nowhere", undefined, 404, "connectionKey"],
  ["two elements", "GET", "/api/connections/a/b", undefined, 400, "connectionKey"],
  ["no key", "GET", "/api/connections/", undefined, 400, "connectionKey"],
  ["an unknown operation", "POST", `${PATH}/explode`, undefined, 404, undefined],
  ["another method of an operation", "PATCH", `${PATH}/activate`, {}, 405, undefined],
  ["a body where none is taken", "POST", `${PATH}/activate`, {}, 400, "body"],
  ["a dryRun that is no boolean", "PATCH", `${PATH}?dryRun=1`, {}, 400, "dryRun"],
  ["an unknown field", "PATCH", PATH, { connection: {} }, 400, "connection"],
  ["a body that is a list", "PATCH", PATH, [], 400, "body"],
  ["a field in the wrong place", "PATCH", PATH, { clientConfiguration: { technology: "Memory" } }, 400, "clientConfiguration.technology"],
  ["a wrong type", "PATCH", PATH, { clientConfiguration: { account: 1 } }, 400, "clientConfiguration.account"],
  [
    "an unknown credential",
    "PATCH",
    PATH,
    { clientConfiguration: { credential: { authenticationType: "Magic" } } },
    400,
    "clientConfiguration.credential.authenticationType",
  ],
  ["an integration of another kind", "PATCH", PATH, { nativeIntegration: { autoBootstrap: true } }, 400, "nativeIntegration.autoBootstrap"],
])("refuses %s", async (_title, method, path, body, status, field) => {
  const { call } = await started();
  const answer = await call(method, path, body);
  expect(answer).toMatchObject({ status, body: { statusCode: status } });
  expect(answer.body["field"]).toBe(field);
});
