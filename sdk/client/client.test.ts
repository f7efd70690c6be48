import { readFileSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { KEY, serve } from "../../tests/support/server";
import { register, testEngine } from "../../tests/support/engine";
import { account } from "../../tests/support/memory-platform";
import { createClient } from "./client";

const SECRET_KEY = "key-that-must-not-be-seen";
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A client of a server that answers one request after the other as told, the last one again and again. */
async function against(...handlers: Handler[]) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    handlers[Math.min(requests.length, handlers.length) - 1]!(request, response);
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}`;
  return { client: clientOf(endpoint), requests, endpoint, server };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function clientOf(endpoint: string, certificateAuthority?: string) {
  const client = createClient({ endpoint, apiKey: SECRET_KEY, timeoutSeconds: 1, certificateAuthority });
  closing.push(() => void client.close());
  return client;
}

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
const drop: Handler = (request) => request.socket.destroy();
const hang: Handler = () => undefined;
const busy = answer(503, { statusCode: 503, error: "Service Unavailable", message: "busy" }, { "retry-after": "0" });
const page = answer(200, { count: 0, hits: [], unheardOf: "ignored" });

describe("a server in trouble", () => {
  it.each([
    ["answers 503 first", busy],
    ["drops the connection first", drop],
    ["does not answer at first", hang],
    ["answers 429 first", answer(429, { statusCode: 429, error: "Too Many", message: "slow down" }, { "retry-after": "1" })],
    ["sits behind a proxy that cannot reach it at first", answer(502, "<html>Bad Gateway</html>")],
  ])("that %s is asked again", async (_title, trouble) => {
    const { client, requests } = await against(trouble, page);
    expect(await client.searchObjects([])).toMatchObject({ count: 0, hits: [] });
    expect(requests).toHaveLength(2);
  });

  it("is not asked again for what may have been done already", async () => {
    const { client, requests } = await against(drop);
    const registration = { connectionKey: "w", connection: { technology: "Memory" } };
    await expect(client.registerConnection(registration)).rejects.toMatchObject({ statusCode: 503, field: "endpoint" });
    await expect(client.deleteObject(["w"])).rejects.toThrow(/DELETE http:\/\/127\.0\.0\.1:\d+\/data\/object cannot be reached/);
    expect(requests).toEqual(["POST /data/connection", "DELETE /data/object/w"]);
  });

  it("is given up after some tries, with what it said", async () => {
    const { client, requests } = await against(busy);
    await expect(client.searchObjects([])).rejects.toMatchObject({ name: "StoreError", message: "busy" });
    expect(requests).toHaveLength(4);
  });
});

it.each([
  [400, "BadRequestError"],
  [403, "ForbiddenError"],
  [404, "NotFoundError"],
  [409, "ConflictError"],
  [422, "PlatformError"],
])("a %i is thrown as the %s that the engine throws, with message and field", async (status, name) => {
  const { client } = await against(
    answer(status, { statusCode: status, error: "x", message: "w/db: what was wrong", field: "objectPath" }),
  );
  await expect(client.getObject(["w", "db"])).rejects.toMatchObject({ name, message: "w/db: what was wrong", field: "objectPath" });
});

it.each<[string, Handler, RegExp]>([
  [
    "a page of something else",
    answer(200, "<html></html>"),
    /GET http.*\/data\/object answered something else than expected \(the answer\); check that the endpoint/,
  ],
  ["an answer that lacks a field", answer(200, { objectPath: ["w"] }), /something else than expected \(technology\)/],
  [
    "an error without an explanation",
    answer(418, "I am a teapot"),
    /GET http.*\/data\/object answered 418 without an explanation; check the endpoint/,
  ],
  ["a redirect", answer(302, "", { location: "https://elsewhere.example.com" }), /answered 302/],
  ["a wrong key", answer(401, { statusCode: 401, error: "Unauthorized", message: "no valid key" }), /no valid key \(GET http/],
])("names method and path of %s, and never the key", async (_title, handler, message) => {
  const { client } = await against(handler);
  const error = await client.getObject(["w"]).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ message: expect.stringMatching(message) as string });
  expect(JSON.stringify([error, (error as Error).stack, (error as Error).cause])).not.toContain(SECRET_KEY);
});

it.each(["", "governance", "ftp://governance.example.com"])("refuses the endpoint %j", (endpoint) => {
  expect(() => createClient({ endpoint, apiKey: "k" })).toThrow(/is not an address; give one such as https:\/\/governance\.example\.com/);
});

it("refuses a name of dots, which no URL can hold", async () => {
  const { client, requests } = await against(page);
  await expect(client.getObject(["w", ".."])).rejects.toThrow(/a name of dots \("\.\."\) cannot be addressed over HTTP/);
  expect(requests).toEqual([]);
});

it.each([
  ["in seconds", () => "1"],
  // A date has whole seconds: between one and two from now.
  ["as a date", () => new Date(Date.now() + 2_000).toUTCString()],
])("waits as long as the server asks for %s", async (_title, after) => {
  const refused: Handler = (request, response) =>
    answer(429, { statusCode: 429, error: "x", message: "m" }, { "retry-after": after() })(request, response);
  const { client, requests } = await against(refused, page);
  const start = Date.now();
  await client.searchObjects([]);
  expect(Date.now() - start).toBeGreaterThan(990);
  expect(requests).toHaveLength(2);
});

it("does not wait for a server that asks for hours", async () => {
  const { client, requests } = await against(
    answer(503, { statusCode: 503, error: "x", message: "closed for today" }, { "retry-after": "7200" }),
  );
  await expect(client.searchObjects([])).rejects.toMatchObject({ statusCode: 503, message: "closed for today" });
  expect(requests).toHaveLength(1);
});

it("keeps its connection for the next request", async () => {
  const { client, server } = await against(page);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  for (let call = 0; call < 5; call++) await client.searchObjects([]);
  expect(sockets.size).toBe(1);
});

it("stops when its caller does, whatever the server does", async () => {
  const { client } = await against(answer(200, { product: "p", version: "1", features: ["dryRun"] }), hang);
  const stop = new AbortController();
  const plan = client.planSync(["w"], { signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  await expect(plan).rejects.toThrow(/abort/);
});

it.each<[string, Handler]>([
  ["an older server", answer(200, { product: "p", version: "1", features: ["browsing"] })],
  ["a server of the contract alone", answer(404, { message: "no such route" })],
])("asks %s for no number by a name, and says to give ids", async (_title, handler) => {
  const { client, requests } = await against(handler);
  const message = "this server does not tell the numbers of users and groups; give their ids in place of names";
  await expect(client.listPrincipals([{ type: "group", name: "finance" }])).rejects.toThrow(message);
  expect(requests).toEqual(["GET /capabilities"]);
});

it.each<[string, Handler]>([
  ["as JSON", answer(400, { statusCode: 400, error: "Bad Request", message: BLOCKED_TEXT() })],
  ["as a text", answer(400, BLOCKED_TEXT(), { "content-type": "text/plain" })],
])("turns the answer of an upgraded host to a blocked call, sent %s, into advice", async (_title, handler) => {
  const { client } = await against(handler);
  await expect(client.getObject(["w"])).rejects.toMatchObject({
    name: "BlockedError",
    message: expect.stringMatching(
      /^GET http.*: this call is blocked, since the host was upgraded to connections \(bulk creation is blocked\)\. Register .*POST \/data\/crawl/,
    ) as string,
  });
});

function BLOCKED_TEXT() {
  return "400 Bad Request - bulk creation is blocked. Use the /data endpoint.";
}

describe("a job", () => {
  const job = (state: string, objects: number) => [
    { id: "1", bulkId: "b", state, output: null, progress: { objects, databasesDone: 0, databasesTotal: 1 } },
  ];

  it("is followed to its end, also over answers that fail in between, with its progress", async () => {
    const { client } = await against(
      answer(200, job("created", 0)),
      busy,
      answer(200, job("active", 7)),
      drop,
      answer(200, job("failed", 9)),
    );
    const progress: number[] = [];
    expect(await client.waitForJobs("b", { onProgress: ({ objects }) => progress.push(objects) })).toMatchObject([{ state: "failed" }]);
    expect(progress).toEqual([0, 7]);
  });

  it("that does not end in time is let go on, and said to", async () => {
    const { client } = await against(answer(200, job("active", 1)));
    await expect(client.waitForJobs("b", { timeoutSeconds: 1 })).rejects.toMatchObject({
      statusCode: 504,
      message: "bulkId: the jobs of b did not end within 1 s; they go on, look again later",
    });
  });
});

describe("a private host", () => {
  const file = (name: string) => readFileSync(join(__dirname, "../../tests/fixtures/localhost-certificate", name), "utf8");

  async function https() {
    const server = createHttpsServer({ cert: file("server.pem"), key: file("server.key") }, (request, response) => {
      request.resume();
      page(request, response);
    });
    return listen(server);
  }

  it("is trusted by its certificate's authority, and not without", async () => {
    const port = await https();
    expect(await clientOf(`https://localhost:${port}`, file("authority.pem")).searchObjects([])).toMatchObject({ count: 0 });
    await expect(clientOf(`https://localhost:${port}`).searchObjects([])).rejects.toThrow(
      /cannot be reached \(unable to verify|self-signed/,
    );
  });

  const saved = { ...process.env };
  afterEach(() => void (process.env = { ...saved }));

  it("is reached through the environment's proxy, by http and https", async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      const { pathname, port } = new URL(request.url!);
      asked.push(`${request.method} ${pathname}`);
      const onward = { port, path: pathname, method: request.method!, headers: request.headers };
      request.pipe(httpRequest(onward, (from) => from.pipe(response.writeHead(from.statusCode!, from.headers))));
    });
    proxy.on("connect", ({ url = "" }, socket: Socket) => {
      const [host, port] = url.split(":");
      asked.push(`CONNECT ${host}`);
      const target = connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      for (const end of [socket, target]) end.on("error", () => undefined);
    });
    const address = `http://127.0.0.1:${await listen(proxy)}`;
    for (const name of ["NO_PROXY", "no_proxy"]) delete process.env[name];
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"]) process.env[name] = address;
    const { endpoint } = await against(page);

    await clientOf(endpoint.replace("127.0.0.1", "governance.test")).searchObjects([]);
    await clientOf(`https://governance.test:${await https()}`, file("authority.pem")).searchObjects([]);
    expect(asked).toEqual(["POST /data/object/search", "CONNECT governance.test"]);
  });
});

describe("a server with the contract's routes alone", () => {
  const CONTRACT = [/^\/data\/connection(\/[^/]+)?$/, /^\/data\/(object|crawl|settings)\//, /^\/data\/object\/search$/, /^\/jobs/];

  async function tenant() {
    const { api } = testEngine(account({ sales: { main: ["orders", "returns"] }, stock: { main: ["items"] } }));
    await register(api);
    const { endpoint } = await serve(api);
    const seen: string[] = [];
    const forward: Handler = (request, response) => {
      const [path = ""] = request.url!.split("?");
      seen.push(`${request.method} ${request.url}`);
      if (!CONTRACT.some((one) => one.test(path))) return answer(404, "Cannot GET")(request, response);
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const headers = { authorization: KEY, ...(chunks.length > 0 && { "content-type": "application/json" }) };
        void fetch(`${endpoint}${request.url}`, {
          method: request.method!,
          headers,
          ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
        }).then(async (result) => answer(result.status, await result.text())(request, response));
      });
    };
    const { client } = await against(forward);
    return { api, client, seen };
  }

  it("is never asked for a dry run, which it would take for a sync", async () => {
    const { client, seen, api } = await tenant();
    await expect(client.planSync(["warehouse"])).rejects.toMatchObject({
      statusCode: 501,
      message: expect.stringContaining("this server cannot tell what a sync would change") as string,
    });
    await expect(client.planSync(["warehouse"])).rejects.toMatchObject({ statusCode: 501 });
    expect(seen).toEqual(["GET /capabilities"]);
    expect((await api.searchJobs()).jobs).toHaveLength(1);
  });

  it("is counted and searched for overrides by walking, without going where there are none", async () => {
    const { client, seen } = await tenant();
    await client.updateSettings(["warehouse", "sales", "main", "orders"], { isActive: true });
    expect(await client.countObjects(["warehouse"])).toEqual({ databases: 2, schemas: 2, tables: 3, dataSources: 1, missing: 0 });
    seen.length = 0;
    expect(await client.listOverrides(["warehouse"])).toEqual([
      { objectPath: ["warehouse", "sales", "main", "orders"], overrides: { isActive: true } },
    ]);
    expect(seen.filter((request) => request.includes("stock"))).toEqual([]);
  });

  it("registers, syncs and sets as any other", async () => {
    const { client } = await tenant();
    const progress: number[] = [];
    const { bulkId } = await client.crawl(["warehouse"]);
    expect(await client.waitForJobs(bulkId, { onProgress: ({ objects }) => progress.push(objects) })).toMatchObject([
      { state: "completed" },
    ]);
    expect(await client.updateSettings(["warehouse"], { isActive: true })).toMatchObject({ state: "active" });
  });
});

describe("a server of the contract alone", () => {
  it("is sent one change at a time, and what it refuses is named", async () => {
    const missing = answer(404, { statusCode: 404, error: "Not Found", message: "w/db/s/gone: there is no such table" });
    const object = { objectPath: ["w"], technology: "Memory", state: "active", settings: {}, overrides: {} };
    const { client, requests } = await against((request, response) => {
      if (request.url === "/capabilities" || request.url!.endsWith("/gone")) return missing(request, response);
      return answer(200, object)(request, response);
    });
    const tables = Array.from({ length: 20 }, (_, index) => (index === 7 ? "gone" : `t${index}`));
    const outcome = await client.updateManySettings(
      tables.map((name) => ({ objectPath: ["w", "db", "s", name], settings: { isActive: true } })),
    );
    expect(outcome).toEqual({
      updated: 19,
      failures: [{ objectPath: ["w", "db", "s", "gone"], statusCode: 404, message: "w/db/s/gone: there is no such table" }],
    });
    expect(requests.filter((request) => request.startsWith("PUT /data/settings/w/db/s/"))).toHaveLength(20);
  });

  it("is walked through for a list of everything", async () => {
    const { api } = testEngine(account({ sales: { main: ["orders"] }, stock: { main: ["items"] } }));
    await register(api);
    const { endpoint, client } = await serve(api);
    const whole = await client.listObjects(["warehouse"], { size: 100, objectType: "table" });
    const { client: walking } = await against((request, response) => {
      if (request.url === "/capabilities") return answer(404, { statusCode: 404, error: "Not Found", message: "no" })(request, response);
      void pass(endpoint, request, response);
    });
    const walked = await walking.listObjects(["warehouse"], { size: 100, objectType: "table" });
    expect(walked.hits.map(({ objectPath, state }) => ({ objectPath, state }))).toEqual(
      whole.hits.map(({ objectPath, state }) => ({ objectPath, state })),
    );
    expect(whole.hits).toHaveLength(2);
  });
});

async function pass(endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isRead = request.method === "GET";
  const passed = await fetch(`${endpoint}${request.url}`, {
    method: request.method!,
    headers: { authorization: KEY, ...(!isRead && { "content-type": "application/json" }) },
    ...(!isRead && { body: "{}" }),
  });
  response.writeHead(passed.status, { "content-type": "application/json" });
  response.end(await passed.text());
}
