import type { Engine } from "../engine/engine";
import { testEngine, type TestEngine } from "../../tests/support/engine";
import { HOST, OTHER_HOST, integrate, registerV1, upgrade, v1, v2 } from "../../tests/support/legacy";
import { account, table } from "../../tests/support/memory-platform";
import { KEY, serve } from "../../tests/support/server";

const TABLES = ["SALES.PUBLIC.ORDERS", "SALES.PUBLIC.RETURNS"];

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly message?: string };
}

type Send = (method: string, path: string, body?: unknown, contentType?: string) => Promise<Answer>;

async function serving(): Promise<TestEngine & { readonly send: Send; readonly ids: number[] }> {
  const engine = testEngine(account({ SALES: { PUBLIC: ["ORDERS", "RETURNS", "AUDIT"] } }), {}, "Snowflake");
  await integrate(engine.api.legacy);
  const ids = await registerV1(engine.api.legacy, TABLES);
  const { endpoint } = await serve(engine.api);
  const send: Send = async (method, path, body, contentType = "application/json") => {
    const response = await fetch(`${endpoint}${path}`, {
      method,
      headers: { authorization: KEY, ...(body !== undefined && { "content-type": contentType }) },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  };
  return { ...engine, send, ids };
}

const names = async (api: Engine) => (await api.legacy.list()).hits.map(({ name }) => name);
const old = (text: string, host = HOST) => `old ${host} ${text}`;

describe("before its host is upgraded", () => {
  it("nothing is under way for a connection string once a call has answered", async () => {
    const { send } = await serving();
    const { body } = await send("POST", "/snowflake/handler", v1(["SALES.PUBLIC.AUDIT"]));
    const [{ connectionString }] = body as unknown as [{ connectionString: string }];
    expect(await send("GET", `/jobs?connectionString=${encodeURIComponent(connectionString)}`)).toEqual({ status: 200, body: {} });
  });

  it("a data source is registered by V1, read by id and by name, and listed", async () => {
    const { send, ids } = await serving();
    const handler = v1(["SALES.PUBLIC.AUDIT"]);
    const { status, body } = await send("POST", "/snowflake/handler", { ...handler, handler: handler.handler[0] });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: body["dataSourceId"],
      dataSourceId: expect.any(Number) as number,
      warnings: [],
      connectionString: `${HOST}:443/SALES`,
    });
    expect(await send("GET", `/dataSource/${String(body["id"])}`)).toMatchObject({
      status: 200,
      body: { table: "AUDIT", isEnabled: true },
    });
    expect(await send("GET", `/dataSource/name/${encodeURIComponent(old(TABLES[0]!))}`)).toMatchObject({ body: { id: ids[0] } });
    expect(await send("GET", "/dataSource?searchText=orders&size=5")).toMatchObject({
      body: { count: 1, hits: [{ id: ids[0], isEnabled: true }] },
    });
    expect(await send("GET", "/dataSource?sortField=name&sortOrder=desc&size=1")).toMatchObject({
      body: { count: 3, hits: [{ name: old("SALES.PUBLIC.RETURNS") }] },
    });
  });

  it("is enabled, disabled and deleted, alone and in bulk", async () => {
    const { send, ids, api } = await serving();
    expect(await send("PUT", `/dataSource/${ids[0]}`, { disabled: true })).toMatchObject({ body: { isEnabled: false } });
    expect((await api.listDataSources([])).hits.map(({ id }) => id)).toEqual([ids[1]]);
    expect(await send("PUT", "/dataSource/bulk/restore", { ids })).toEqual({ status: 200, body: { ids } });
    expect((await api.listDataSources([])).hits).toHaveLength(2);
    expect(await send("DELETE", `/dataSource/${ids[0]}`)).toMatchObject({ body: { success: true, hardDelete: false, disabled: true } });
    expect(await send("DELETE", `/snowflake/handler/${ids[0]}`)).toMatchObject({ body: { success: true, hardDelete: true } });
    expect(await send("GET", `/dataSource/${ids[0]}`)).toMatchObject({ status: 404, body: { field: "dataSourceId" } });
    expect(await send("PUT", "/dataSource/bulk/delete", { ids: [ids[1]] })).toMatchObject({ status: 200 });
    expect(await names(api)).toEqual([]);
  });

  it("is one of a V2 collection, which each call replaces as a whole; YAML and JSON, dry runs too", async () => {
    const { send, api } = await serving();
    const yaml = [
      "connectionKey: raw-db",
      `connection: {handler: Snowflake, hostname: ${OTHER_HOST}, database: RAW, schema: S, username: svc, password: secret}`,
      "nameTemplate: {dataSourceFormat: <schema>.<tablename>}",
      "sources:",
      "  - {table: A, tags: {table: [PCI]}}",
      "  - {table: B}",
    ].join("\n");
    expect(await send("POST", "/api/v2/data?dryRun=true", yaml, "application/yaml")).toMatchObject({
      status: 200,
      body: { dryRun: true, creating: ["s.a", "s.b"], tagsUpdated: true },
    });
    expect(await names(api)).toHaveLength(2);
    await send("POST", "/api/v2/data", yaml, "text/yaml");
    const again = v2("raw-db", "RAW", "S", ["B", "C"], { nameTemplate: { dataSourceFormat: "<schema>.<tablename>" } }, OTHER_HOST);
    expect(await send("POST", "/api/v2/data", again)).toMatchObject({
      body: { dryRun: false, creating: ["s.c"], updating: [], deleting: ["s.a"], noChange: ["s.b"] },
    });
    expect(await send("POST", "/api/v2/data", { ...again, options: { hardDelete: true } })).toMatchObject({ body: { deleting: ["s.a"] } });
    expect(await send("DELETE", "/api/v2/data/raw-db")).toMatchObject({ body: { deleting: ["s.b", "s.c"] } });
    expect(await send("DELETE", "/api/v2/data/raw-db")).toMatchObject({ status: 404, body: { field: "connectionKey" } });
  });

  it("comes by itself where a whole schema is registered, and is disabled when its table is dropped", async () => {
    const { send, api, platform } = await serving();
    platform.account.set("RAW", new Map([["S", new Map([["A", table()]])]]));
    expect(await send("POST", "/api/v2/data", v2("raw", "RAW", "S", undefined, {}, OTHER_HOST))).toMatchObject({
      body: { creating: ["raw s.a"] },
    });
    platform.tables("RAW", "S").set("B", table());
    platform.tables("RAW", "S").delete("A");
    expect(await send("PUT", "/dataSource/detectRemoteChanges", { hostname: OTHER_HOST })).toMatchObject({
      status: 200,
      body: { created: ["raw s.b"], disabled: ["raw s.a"], schemaDetection: { jobs: [] } },
    });
    const listed = (await api.listDataSources([])).hits.map(({ name }) => name);
    expect(listed).toContain("raw s.b");
    expect(listed).not.toContain("raw s.a");
  });

  it("takes other credentials, alone and in bulk, and never shows them", async () => {
    const { send, ids, api } = await serving();
    const metadata = { username: "other", password: "other-legacy-password" };
    expect(await send("PUT", "/snowflake/bulk", { ids, handler: { metadata } })).toEqual({ status: 200, body: { ids } });
    expect(await send("PUT", "/snowflake/bulk", { connectionString: `${HOST}:443/SALES`, handler: { metadata } })).toMatchObject({
      body: { ids },
    });
    const renamed = v1([TABLES[0]!]);
    renamed.handler[0]!.metadata.dataSourceName = "renamed";
    expect(await send("PUT", `/snowflake/handler/${ids[0]}`, renamed)).toMatchObject({ status: 200, body: { id: ids[0] } });
    expect(JSON.stringify([await api.legacy.get(ids[0]!), await api.legacy.list()])).not.toContain("password");
    expect(await names(api)).toEqual(["renamed", old(TABLES[1]!)]);
  });

  it("is refused twice on one table, or under one name", async () => {
    const { send, ids } = await serving();
    expect(await send("POST", "/snowflake/handler", v1([TABLES[0]!]))).toMatchObject({
      status: 409,
      body: { message: expect.stringMatching(`duplicate tables: one is data source ${ids[0]} `) as string },
    });
    expect(await send("POST", "/snowflake/handler", v1(["A.B.C", "A.B.C"]))).toMatchObject({ status: 400 });
    const named = v1(["A.B.C"]);
    named.handler[0]!.metadata.dataSourceName = old(TABLES[0]!);
    expect(await send("POST", "/snowflake/handler", named)).toMatchObject({
      status: 409,
      body: { message: expect.stringMatching("the name") as string },
    });
    expect(await send("POST", "/api/v2/data", v2("one", "DB", "S", ["T"]))).toMatchObject({ status: 200 });
    expect(await send("POST", "/api/v2/data", v2("two", "DB", "S", ["U"]))).toMatchObject({
      status: 409,
      body: { field: "connectionKey" },
    });
  });

  it("needs an integration for its upgrade, which is listed without secrets", async () => {
    const { send } = await serving();
    const { body } = await send("GET", "/integrations");
    expect(body).toEqual([
      { id: 1, type: "Snowflake", host: { technology: "Snowflake", hostname: HOST, port: 443 }, status: "enabled", connectionKey: null },
    ]);
    expect(await send("POST", "/integrations", { type: "Snowflake", config: { host: HOST } })).toMatchObject({ status: 409 });
    expect(await send("DELETE", "/integrations/1")).toEqual({ status: 200, body: { id: 1 } });
    expect(await send("DELETE", "/integrations/1")).toMatchObject({ status: 404 });
  });
});

describe("bad input", () => {
  it.each<[string, string, unknown, number, string | undefined]>([
    ["POST", "/snowflake/handler", {}, 400, "handler"],
    ["POST", "/snowflake/handler", { handler: [], dataSource: {} }, 400, "handler"],
    ["POST", "/snowflake/handler", { ...v1(["A.B.C"]), dataSource: { blobHandlerType: "Databricks" } }, 400, "dataSource.blobHandlerType"],
    ["POST", "/api/v2/data", { connectionKey: "x" }, 400, "connection"],
    ["POST", "/api/v2/data", { ...v2("k", "D", "S", ["T"]), surces: [] }, 400, "surces"],
    ["POST", "/api/v2/data?dryRun=maybe", v2("k", "D", "S", ["T"]), 400, "dryRun"],
    ["POST", "/api/v2/data", "just text", 400, "body"],
    ["PUT", "/dataSource/one", { disabled: true }, 400, "dataSourceId"],
    ["PUT", "/dataSource/99999", { disabled: true }, 404, "dataSourceId"],
    ["PUT", "/dataSource/1", { active: true }, 400, "disabled"],
    ["PUT", "/dataSource/bulk/explode", { ids: [1] }, 400, "type"],
    ["PUT", "/dataSource/bulk/restore", { ids: [] }, 400, "ids"],
    ["PUT", "/dataSource/bulk/restore", { ids: [99999] }, 404, "dataSourceId"],
    ["PUT", "/dataSource/detectRemoteChanges", { hostname: "nowhere" }, 404, "hostname"],
    ["PUT", "/snowflake/bulk", { handler: { metadata: {} } }, 404, "connectionString"],
    ["GET", "/dataSource?size=0", undefined, 400, "size"],
    ["GET", "/dataSource/name/nobody", undefined, 404, "dataSourceName"],
    ["POST", "/integrations", { type: "Snowflake", config: {} }, 400, "config.host"],
  ])("%s %s %j is refused as %i, naming the field", async (method, path, body, status, field) => {
    const { send } = await serving();
    const answer = await send(method, path, body);
    expect([answer.status, answer.body["field"]]).toEqual([status, field]);
    expect(JSON.stringify(answer.body)).not.toContain("legacy-password");
  });

  it("in YAML names the line and quotes nothing; other calls take no YAML", async () => {
    const { send, ids } = await serving();
    const answer = await send("POST", "/api/v2/data", "connectionKey: x\nconnection: {password: hunter2-secret\n", "application/yaml");
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^body: is not valid YAML \(line \d\)/) as string },
    });
    expect(answer.body.message).not.toContain("hunter2");
    expect(await send("PUT", `/dataSource/${ids[0]}`, "disabled: true", "application/yaml")).toMatchObject({
      body: { field: "content-type" },
    });
  });
});

describe("after the upgrade of its host", () => {
  const DATA_CALL = /^400 Bad Request - .+\. Use the \/data endpoint\. Instead: /;

  it.each<[string, string, (ids: number[]) => [string, unknown?], RegExp]>([
    [
      "register one",
      "POST",
      () => ["/snowflake/handler", v1(["SALES.PUBLIC.AUDIT"])],
      /POST \/data\/crawl\/acme\/SALES\/PUBLIC; .*PUT \/data\/settings\/acme\/SALES\/PUBLIC\/AUDIT with/,
    ],
    [
      "register a collection",
      "POST",
      () => ["/api/v2/data", v2("k", "SALES", "PUBLIC", ["AUDIT"])],
      /PUT \/data\/settings\/acme\/SALES\/PUBLIC\/AUDIT with/,
    ],
    ["register a collection, dry", "POST", () => ["/api/v2/data?dryRun=true", v2("k", "X", "Y", ["Z"])], /POST \/data\/crawl\/acme\/X\/Y;/],
    ["edit its connection", "PUT", ([id]) => [`/snowflake/handler/${id}`, v1([TABLES[0]!])], /PUT \/data\/connection\/acme$/],
    ["edit connections", "PUT", (ids) => ["/snowflake/bulk", { ids, handler: { metadata: {} } }], /PUT \/data\/connection\/acme$/],
    ["detect", "PUT", () => ["/dataSource/detectRemoteChanges", { hostname: HOST }], /POST \/data\/crawl\/acme$/],
    ["delete", "DELETE", ([id]) => [`/dataSource/${id}`], /DELETE \/data\/object\/acme\/SALES\/PUBLIC\/ORDERS$/],
    ["delete its handler", "DELETE", ([id]) => [`/snowflake/handler/${id}`], /DELETE \/data\/object\/acme\/SALES\/PUBLIC\/ORDERS$/],
    ["delete in bulk", "PUT", (ids) => ["/dataSource/bulk/delete", { ids }], /DELETE \/data\/object\/acme\/SALES\/PUBLIC\/ORDERS$/],
    [
      "enable",
      "PUT",
      ([id]) => [`/dataSource/${id}`, { disabled: false }],
      /PUT \/data\/settings\/acme\/.* with {"settings": {"isActive": true}}$/,
    ],
    ["enable in bulk", "PUT", (ids) => ["/dataSource/bulk/restore", { ids }], /"isActive": true/],
    [
      "disable",
      "PUT",
      ([id]) => [`/dataSource/${id}`, { disabled: true }],
      /PUT \/data\/settings\/acme\/.* with {"settings": {"isActive": false}}$/,
    ],
    ["disable in bulk", "PUT", (ids) => ["/dataSource/bulk/disable", { ids }], /"isActive": false/],
    [
      "configure the integration",
      "POST",
      () => ["/integrations", { type: "Snowflake", config: { host: HOST } }],
      /PUT \/data\/connection\/acme$/,
    ],
    ["delete the integration", "DELETE", () => ["/integrations/1"], /PUT \/data\/connection\/acme$/],
  ])("the call to %s is refused and names what to call", async (_name, method, call, instead) => {
    const { send, ids, api } = await serving();
    await upgrade(api);
    const before = await api.listDataSources([]);
    const [path, body] = call(ids);
    const answer = await send(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { statusCode: 400, error: "Bad Request" } });
    expect(answer.body.message).toMatch(DATA_CALL);
    expect(answer.body.message).toMatch(instead);
    expect(await api.listDataSources([])).toEqual(before);
  });

  it("a collection cannot be deleted any more", async () => {
    const { send, api } = await serving();
    await api.legacy.saveCollection(v2("raw", "SALES", "PUBLIC", ["AUDIT"]));
    await upgrade(api);
    expect((await send("DELETE", "/api/v2/data/raw")).body.message).toMatch(DATA_CALL);
  });

  it("its former name says what it is called now; id and list go on", async () => {
    const { send, ids, api } = await serving();
    await upgrade(api);
    const now = "acme.SALES.PUBLIC.ORDERS";
    const former = await send("GET", `/dataSource/name/${encodeURIComponent(old(TABLES[0]!))}`);
    expect(former).toMatchObject({ status: 404, body: { message: expect.stringContaining(`is called "${now}"`) as string } });
    expect(await send("GET", `/dataSource/name/${now}`)).toMatchObject({ status: 200, body: { id: ids[0], name: now } });
    expect(await send("GET", `/dataSource/${ids[0]}`)).toMatchObject({
      body: { name: now, objectPath: ["acme", "SALES", "PUBLIC", "ORDERS"] },
    });
    expect(await send("GET", "/dataSource")).toMatchObject({ body: { count: 2, hits: [{ id: ids[0], name: now }, { id: ids[1] }] } });
  });

  it("the calls of other hosts are as they were", async () => {
    const { send, api } = await serving();
    await upgrade(api);
    expect(await send("POST", "/snowflake/handler", v1(TABLES, { host: OTHER_HOST }))).toMatchObject({ status: 200 });
  });

  it("the list of integrations has those of connections too, each by an id of its own, which the cleanup script is asked by", async () => {
    const { send, api } = await serving();
    await upgrade(api);
    const { bulkId } = await api.registerConnection({
      connectionKey: "fresh",
      connection: { technology: "Snowflake", hostname: OTHER_HOST },
    });
    await api.waitForJobs(bulkId);
    const { nativeIntegrationId } = await api.getConnection("fresh");
    const { body } = await send("GET", "/integrations");
    const [former, fresh] = body as unknown as { id: number; connectionKey: string }[];
    expect([former, fresh]).toMatchObject([{ connectionKey: "acme" }, { id: nativeIntegrationId, connectionKey: "fresh" }]);
    expect(former!.id).not.toBe(fresh!.id);
    expect((await send("DELETE", `/integrations/${fresh!.id}`)).body.message).toMatch(/PUT \/data\/connection\/fresh$/);
    expect(await api.createCleanupScript(former!.id)).toBe(
      await api.createCleanupScript((await api.getConnection("acme")).nativeIntegrationId),
    );
    await expect(api.createCleanupScript(nativeIntegrationId)).resolves.toContain("HIDE SALES");
  });

  it("data sources of a connection that was never upgraded are refused by the old calls too", async () => {
    const { send, api } = await serving();
    const connection = { technology: "Snowflake", hostname: OTHER_HOST, password: "connection-password" };
    const { bulkId } = await api.registerConnection({ connectionKey: "fresh", connection, settings: { isActive: true } });
    await api.waitForJobs(bulkId);
    const [source] = (await api.listDataSources(["fresh"])).hits;
    expect((await send("DELETE", `/dataSource/${source!.id}`)).body.message).toMatch(/DELETE \/data\/object\/fresh\/SALES\/PUBLIC\/AUDIT$/);
    expect((await send("POST", "/snowflake/handler", v1(TABLES, { host: OTHER_HOST }))).body.message).toMatch(DATA_CALL);
  });
});
