import { Agent, request as httpRequest } from "node:http";
import fc from "fast-check";
import { KEY, serve } from "../../tests/support/server";
import { register, testEngine } from "../../tests/support/engine";
import { account } from "../../tests/support/memory-platform";
import { connect } from "node:net";
import { formatObjectPath } from "../model/object-path";

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const NAMES = ["odd/na.me", "100 %", 'T é 😀 "x"', "a?b#c", "%2F", "..."];

async function started() {
  const { api } = testEngine(account({ sales: { main: ["orders", ...NAMES] } }));
  await register(api);
  const { endpoint, client } = await serve(api);
  return { api, client, endpoint, call: caller(endpoint) };
}

/** Sends a path as it is: clients of a higher level would normalise it. */
function caller(endpoint: string) {
  return (method: string, path: string, body?: string | Buffer | object, headers: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = typeof body === "object" && !Buffer.isBuffer(body) ? JSON.stringify(body) : body;
      const request = httpRequest({ ...addressOf(endpoint), method, path, agent: false }, (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (part: string) => (answer += part));
        response.on("end", () => resolve({ status: response.statusCode!, body: JSON.parse(answer) as Record<string, unknown> }));
      });
      request.on("error", reject);
      request.setHeader("authorization", KEY);
      if (text !== undefined) {
        request.setHeader("content-type", "application/json");
        request.setHeader("content-length", Buffer.byteLength(text));
      }
      for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
      request.end(text);
    });
}

function addressOf(endpoint: string) {
  const { hostname, port } = new URL(endpoint);
  return { hostname, port };
}

const CONTRACT_ERROR = {
  statusCode: expect.any(Number) as number,
  error: expect.any(String) as string,
  message: expect.any(String) as string,
};

it.each(NAMES)("addresses the name %j by percent-encoding it alone", async (name) => {
  const { call, client } = await started();
  const path = ["warehouse", "sales", "main", name];
  expect(await call("GET", `/data/object/${formatObjectPath(path)}`)).toMatchObject({ status: 200, body: { objectPath: path } });
  expect(await client.updateSettings(path, { isActive: true })).toMatchObject({ objectPath: path, state: "active" });
});

const ORDERS = "warehouse/sales/main/orders";
const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
const nested = `{"connectionKey":"w","connection":{"technology":"Memory","account":"a","x":${deep}}}`;

const deepPatch = `{"clientConfiguration":${'{"a":'.repeat(100_000)}1${"}".repeat(100_001)}`;
const halfIntegration = {
  connection: { technology: "Memory", account: "warehouse" },
  nativeIntegration: { type: "Memory", autoBootstrap: false },
};

it.each<[string, string, string, string | Buffer | object | undefined, number, string | undefined, RegExp]>([
  ["malformed JSON", "PUT", `/data/settings/${ORDERS}`, '{"settings":', 400, "body", /is not valid JSON/],
  ["a body of 10 MB", "PUT", `/data/settings/${ORDERS}`, `{"x":"${"x".repeat(10_000_000)}"}`, 413, "body", /larger than 1048576 bytes/],
  ["deep nesting", "POST", "/data/connection", nested, 400, "body", /nested deeper than 64 levels/],
  ["deep nesting of what is merged", "PATCH", "/api/connections/warehouse", deepPatch, 400, "body", /nested deeper than 64 levels/],
  ["deep nesting of what is malformed", "PUT", `/data/settings/${ORDERS}`, "{".repeat(100_000), 400, "body", /nested deeper/],
  [
    "invalid UTF-8 in a body",
    "POST",
    "/data/object/search",
    Buffer.from('{"searchText":"\xff"}', "latin1"),
    400,
    "body",
    /not valid UTF-8/,
  ],
  ["a body of another type", "POST", "/data/object/search", Buffer.from("size=1"), 400, "body", /is not valid JSON/],
  ["a parameter given twice", "GET", "/data/sources?size=1&size=2", undefined, 400, "size", /expected a whole number/],
  ["__proto__ as a parameter", "GET", `/data/object/${ORDERS}?__proto__=1`, undefined, 400, "__proto__", /unknown/],
  [
    "a sort that there is not",
    "POST",
    "/data/object/search",
    { sortField: "colour" },
    400,
    "sortField",
    /expected "name" or "createdAt" or "updatedAt" or "state"/,
  ],
  ["a wait that is too short", "POST", "/jobs/statuses", { jobIds: ["1"], wait: -2 }, 400, "wait", /expected seconds, or -1/],
  ["a preflight request", "OPTIONS", "/data/object/search", undefined, 405, undefined, /it takes .*POST/],
  ["a key in the wrong place", "POST", "/bim/apikey/authenticate", { apiKey: "x" }, 400, "apiKey", /unknown field/],
  [
    "an integration without its configuration",
    "PUT",
    "/data/connection/warehouse",
    halfIntegration,
    400,
    "nativeIntegration.config",
    /nothing/,
  ],
  ["a body that is a list", "PUT", `/data/settings/${ORDERS}`, [], 400, "body", /expected an object, got an array/],
  ["no body", "PUT", `/data/settings/${ORDERS}`, undefined, 400, "body", /expected an object, got nothing/],
  ["a wrong type", "PUT", `/data/settings/${ORDERS}`, { settings: { isActive: "yes" } }, 400, "settings.isActive", /expected a boolean/],
  ["an unknown key", "PUT", `/data/settings/${ORDERS}`, { settings: { active: true } }, 400, "settings.active", /unknown field/],
  ["__proto__", "PUT", `/data/settings/${ORDERS}`, '{"settings":{"__proto__":{"isActive":true}}}', 400, "body", /./],
  ["constructor", "PUT", `/data/settings/${ORDERS}`, '{"settings":{"constructor":{"prototype":1}}}', 400, "body", /./],
  ["a path of five elements", "GET", "/data/object/a/b/c/d/e", undefined, 400, "objectPath", /has 5 elements/],
  ["a path without a name", "GET", "/data/object/", undefined, 400, "objectPath", /is empty/],
  ["an empty element", "GET", "/data/object/warehouse//main", undefined, 400, "objectPath", /element 2 \(database\) is empty/],
  ["%00", "GET", "/data/object/warehouse/%00", undefined, 404, "objectPath", /there is no database/],
  ["%2F in a name", "GET", "/data/object/warehouse/sa%2Fles", undefined, 404, "objectPath", /there is no database "sa\/les"/],
  ["dots", "GET", "/data/object/warehouse/../sales", undefined, 404, "objectPath", /there is no database "\.\."/],
  ["invalid UTF-8", "GET", "/data/object/warehouse/%ff", undefined, 400, "objectPath", /percent-encoding/],
  ["a broken percent sign", "GET", "/data/object/warehouse/100%", undefined, 400, "objectPath", /percent-encoding/],
  ["a connection key of two elements", "GET", "/data/connection/a/b", undefined, 400, "connectionKey", /has 2 elements/],
  ["an unknown query parameter", "GET", `/data/object/${ORDERS}?colums=true`, undefined, 400, "colums", /unknown field/],
  ["a query where none is taken", "GET", "/data/connection/warehouse?x=1", undefined, 400, "x", /unknown query parameter/],
  ["a query that is no boolean", "POST", "/data/crawl/warehouse?dryRun=yes", {}, 400, "dryRun", /expected "true" or "false"/],
  ["a size that is no number", "GET", "/data/sources?size=ten", undefined, 400, "size", /whole number/],
  ["a missing bulkId", "GET", "/jobs", undefined, 400, "bulkId", /name the bulk operation/],
  ["a bulkId and a connectionString", "GET", "/jobs?bulkId=a&connectionString=b", undefined, 400, "bulkId", /or a connectionString/],
  ["an unknown bulkId", "GET", "/jobs?bulkId=none", undefined, 404, "bulkId", /there is no job of bulk operation none/],
  ["an unknown route", "GET", "/data/nothing", undefined, 404, undefined, /there is no GET \/data\/nothing/],
  ["a method that is not there", "PUT", "/data/object/warehouse", {}, 405, undefined, /there is no PUT .*; it takes DELETE, GET, HEAD/],
  ["null for a body that may be left out", "POST", "/data/object/search", "null", 400, "body", /expected an object, got null/],
  ["null where no body is taken", "DELETE", `/data/object/${ORDERS}`, "null", 400, "body", /takes none/],
])("refuses %s", async (_title, method, path, body, status, field, message) => {
  const { call } = await started();
  const answer = await call(method, path, body);
  expect(answer).toMatchObject({
    status,
    body: { ...CONTRACT_ERROR, statusCode: status, message: expect.stringMatching(message) as string },
  });
  expect(answer.body["field"]).toBe(field);
});

it("never fails unexpectedly, whatever path and body", async () => {
  const { call } = await started();
  const paths = [
    "/data/object/",
    "/data/settings/",
    "/data/connection/",
    "/data/object/search/",
    "/jobs/search?",
    "/data/crawl/",
    "/api/connections/",
  ];
  const element = fc.oneof(fc.constantFrom("warehouse", "sales", "..", "%2e", "%", ""), fc.webPath());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE"),
      fc.constantFrom(...paths),
      fc.array(element, { maxLength: 5 }),
      fc.option(fc.jsonValue({ maxDepth: 3 }), { nil: undefined }),
      async (method, path, elements, body) => {
        // The connection itself stays.
        if (method === "DELETE" && elements.join("/").startsWith("warehouse")) return;
        const { status } = await call(method, `${path}${elements.join("/")}`, body === undefined ? undefined : JSON.stringify(body));
        expect(status).toBeLessThan(500);
      },
    ),
    { numRuns: 300 },
  );
});

it("lets no other site's pages read its answers", async () => {
  const { endpoint } = await started();
  const { headers } = await fetch(`${endpoint}/health`, { headers: { origin: "https://elsewhere.example.com" } });
  expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
});

it.each([
  ["headers of 20 kB", `GET /health HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431],
  ["a URL of 20 kB", `GET /data/object/${"y".repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
  ["what is no HTTP", "hello\r\n\r\n", 400],
  ["two lengths", `PUT /data/settings/w HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}`, 400],
])("refuses %s in the form of every error", async (_title, text, status) => {
  const { endpoint } = await started();
  const { hostname, port } = addressOf(endpoint);
  const answer = await new Promise<string>((resolve, reject) => {
    let read = "";
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket
      .on("data", (chunk) => (read += chunk.toString()))
      .on("close", () => resolve(read))
      .on("error", reject);
  });
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(body)).toMatchObject({ ...CONTRACT_ERROR, statusCode: status });
});

it("says what failed unexpectedly only in its log", async () => {
  const { api } = testEngine(account({}));
  const broken = { ...api, as: () => ({ ...api, searchObjects: () => Promise.reject(new Error("secret detail")) }) };
  const { endpoint } = await serve(broken);
  const answer = await caller(endpoint)("POST", "/data/object/search");
  expect(answer).toMatchObject({ status: 500, body: { error: "Internal Server Error" } });
  expect(JSON.stringify(answer)).not.toContain("secret detail");
});

it("tells its health, and what it has beyond the contract, to everybody", async () => {
  const { call } = await started();
  const anonymous = { authorization: "" };
  expect(await call("GET", "/health", undefined, anonymous)).toEqual({ status: 200, body: { status: "ok" } });
  expect(await call("GET", "/ready", undefined, anonymous)).toEqual({ status: 200, body: { status: "ok" } });
  expect((await call("GET", "/capabilities", undefined, anonymous)).body).toMatchObject({
    features: expect.arrayContaining(["dryRun"]) as string[],
  });
  expect((await call("GET", "/data/object/warehouse", undefined, anonymous)).status).toBe(401);
});

it("takes a call without a body whatever type it names, as many clients name one, and no body of another type", async () => {
  const { call } = await started();
  const form = { "content-type": "application/x-www-form-urlencoded" };
  expect(await call("POST", "/data/object/search", "", form)).toMatchObject({ status: 200, body: { count: 1 } });
  expect(await call("POST", "/data/object/search", "size=1", form)).toMatchObject({ status: 415, body: { field: "content-type" } });
});

it("lets a new caller in within moments while many others keep it busy", async () => {
  const { api } = testEngine(account({}));
  let served = 0;
  // As a store in a file works: a call runs to its end without a pause.
  const searchObjects = async () => {
    served++;
    for (const end = performance.now() + 2; performance.now() < end;);
    return { count: 0, hits: [] };
  };
  const { endpoint } = await serve({ ...api, as: () => ({ ...api, searchObjects }) });
  const { hostname, port } = addressOf(endpoint);
  const agent = new Agent({ keepAlive: true });
  let isOver = false;
  const ask = (options: object) =>
    new Promise<void>((resolve, reject) => {
      const path = "/data/object/search";
      const request = httpRequest({ hostname, port, path, method: "POST", headers: { authorization: KEY }, ...options }, (answer) =>
        answer.resume().on("end", resolve),
      );
      request.on("error", reject).end();
    });
  const busy = Array.from({ length: 64 }, async () => {
    while (!isOver) await ask({ agent });
  });
  while (served < 200) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = served;
  await ask({ agent: false });
  const meanwhile = served - before;
  isOver = true;
  await Promise.all(busy);
  agent.destroy();
  // Those who asked before it, and a few rounds on the way in. As many as there are callers would be let in first, round after round.
  expect(meanwhile).toBeLessThan(300);
});
