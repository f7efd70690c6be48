// A workspace for the unmodified driver: TLS and tokens in front of Spark's server, and the few REST calls of Databricks that the package
// makes. Can disturb any request on the way.

const http = require("node:http");
const https = require("node:https");
const { literal, translateRequest, translateResponse } = require("./dialect.cjs");

const WAREHOUSE = "/sql/1.0/warehouses/test";

/** See bridge.d.cts. */
exports.startBridge = async function startBridge({ spark, pfx, passphrase }) {
  const bridge = {
    port: 0,
    httpPath: WAREHOUSE,
    tokens: new Set(["dapi-good"]),
    clients: {},
    catalogs: [],
    warehouse: { state: "RUNNING" },
    sent: [],
    disturb: () => undefined,
    stop,
  };
  const agent = new http.Agent({ keepAlive: true });
  const server = https.createServer({ pfx: Buffer.from(pfx, "base64"), passphrase }, (request, response) => {
    handle(request, response).catch((error) => response.destroy(error));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  bridge.port = server.address().port;
  return bridge;

  async function handle(request, response) {
    const body = await bytesOf(request);
    const url = new URL(request.url, "https://workspace");
    if (url.pathname === "/oidc/v1/token") return issueToken(request, body, response);
    let fails;
    const replaced = (statement) => {
      const what = bridge.disturb({ method: "ExecuteStatement", path: url.pathname, statement });
      fails = what?.fails;
      return fails === undefined ? undefined : `SELECT raise_error(${literal(fails)})`;
    };
    const thrift = url.pathname === bridge.httpPath ? translateRequest(body, replaced) : undefined;
    const sent = { method: thrift?.name ?? request.method, path: url.pathname, statement: thrift?.statement ?? "" };
    bridge.sent.push(sent);
    const disturbance = fails === undefined ? bridge.disturb(sent) : undefined;
    if (disturbance?.hang) return;
    if (disturbance?.drop) return response.destroy();
    if (disturbance?.status !== undefined) return answer(response, disturbance.status, disturbance.body ?? "", disturbance.headers);
    if (!bridge.tokens.has(request.headers.authorization?.replace("Bearer ", ""))) {
      return answer(response, 403, { error_code: "403", message: "Invalid access token." });
    }
    if (thrift !== undefined) return passOn(thrift, request, response);
    if (url.pathname === "/api/2.1/unity-catalog/catalogs") return listCatalogs(url, response);
    if (url.pathname === "/api/2.0/sql/warehouses/test" && bridge.warehouse !== undefined) return answer(response, 200, bridge.warehouse);
    answer(response, 404, { error_code: "ENDPOINT_NOT_FOUND", message: `No API found for '${request.method} ${url.pathname}'` });
  }

  function passOn({ name, bytes }, request, response) {
    const headers = {
      ...request.headers,
      "content-length": bytes.length,
      authorization: `Basic ${Buffer.from("token:x").toString("base64")}`,
    };
    delete headers["transfer-encoding"];
    const sending = http.request({ host: "127.0.0.1", port: spark, method: "POST", path: "/cliservice", headers, agent }, async (reply) => {
      const translated = translateResponse(name, await bytesOf(reply));
      const headers = { ...reply.headers, "content-length": translated.length };
      delete headers["transfer-encoding"];
      response.writeHead(reply.statusCode, headers).end(translated);
    });
    sending.on("error", () => response.destroy());
    sending.end(bytes);
  }

  function issueToken(request, body, response) {
    const [id, secret] = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64")
      .toString()
      .split(":");
    const form = new URLSearchParams(body.toString());
    if (id === undefined || bridge.clients[id] !== secret) return answer(response, 401, { error: "invalid_client" });
    if (form.get("scope") !== "all-apis") return answer(response, 400, { error: "invalid_scope" });
    const token = `issued-${bridge.tokens.size}`;
    bridge.tokens.add(token);
    answer(response, 200, { access_token: token, token_type: "Bearer", expires_in: 3_600 });
  }

  /** In pages of two. */
  function listCatalogs(url, response) {
    const from = Number(url.searchParams.get("page_token") ?? 0);
    const page = { catalogs: bridge.catalogs.slice(from, from + 2) };
    answer(response, 200, from + 2 < bridge.catalogs.length ? { ...page, next_page_token: String(from + 2) } : page);
  }

  function stop() {
    agent.destroy();
    return new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }
};

function answer(response, status, body, headers) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": typeof body === "string" ? "text/html" : "application/json", ...headers }).end(text);
}

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
