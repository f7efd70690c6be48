import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import type { EngineApi } from "../engine/engine-api";
import type { Identity } from "../engine/identity/identity";
import type { Caller } from "../model/caller";
import { BadRequestError, ConnectionsError, MethodNotAllowedError, NotFoundError } from "../model/errors";
import type { LegacyApi } from "../model/legacy-api";
import { parseObjectPath, type ObjectPath } from "../model/object-path";
import { parse } from "../model/validate";
import { createAdmission } from "./admission";
import { describeApi } from "./openapi";
import { callerOf } from "./identity";
import { takeJsonBodies } from "./json-body";
import { addMetrics } from "./metrics";
import { addPage, type PageParts } from "./page/page";
import type { Route } from "./route";
import { apiConnectionRoutes } from "./routes/api-connections";
import { authenticationRoute } from "./routes/authentication";
import { connectionRoutes } from "./routes/connections";
import { jobRoutes } from "./routes/jobs";
import { browsingRoutes } from "./routes/browsing";
import { activityRoutes } from "./routes/activity";
import { legacyRoutes } from "./routes/legacy";
import { objectRoutes } from "./routes/objects";
import { scriptRoutes } from "./routes/scripts";
import { upgradeRoutes } from "./routes/upgrade";
import { addYaml } from "./yaml";

const PLACE = /\{(objectPath|connectionKey)\}/;
const LARGEST_BODY_BYTES = 1_048_576;
/** A request that has not arrived by then is not waited for. */
const ARRIVAL_MILLISECONDS = 60_000;

/** What the server answers by GET beside its routes. */
const UNDESCRIBED = ["/health", "/ready", "/openapi.json", "/capabilities", "/metrics"];
/** The caller of what takes no credentials. */
/** Which kind of program calls. */
const PROGRAM_HEADER = "x-connections-program";
const NOBODY: Caller = { name: "nobody", permissions: [], principals: [] };

export const routes: readonly Route[] = [
  authenticationRoute,
  ...connectionRoutes,
  ...scriptRoutes,
  ...apiConnectionRoutes,
  ...objectRoutes,
  ...activityRoutes,
  ...browsingRoutes,
  ...jobRoutes,
  ...upgradeRoutes,
  ...legacyRoutes,
];

/** What a server has beyond the contract, for clients that also speak with servers that have not. */
export const FEATURES = [
  "dryRun",
  "counts",
  "dataSources",
  "overrides",
  "drift",
  "diagnosis",
  "activity",
  "objects",
  "manySettings",
  "changes",
  "upgrade",
  "browsing",
  "principalNames",
];

export interface ServerParts {
  readonly engine: { as(caller: Caller): EngineApi; legacyAs(caller: Caller): LegacyApi };
  readonly identity: Pick<Identity, "authenticate" | "issueToken">;
  /** Tasks of the queue that servers share, by kind, for `/metrics`. */
  readonly queueSizes?: (() => Promise<Readonly<Record<string, number>>>) | undefined;
  /** @throws when the server cannot do its work now. */
  readonly checkReady: () => Promise<void>;
  readonly version: string;
  /** The infrastructure page; without it / is not there. */
  readonly page?: Pick<PageParts, "folder" | "secrets">;
  readonly logger?: FastifyServerOptions["logger"];
  /** Addresses and networks of proxies whose `X-Forwarded-For` counts; by default none. */
  readonly trustProxy?: readonly string[] | undefined;
  readonly https?: { readonly cert: Buffer; readonly key: Buffer };
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    route?: Route;
  }
}

/** The HTTP API over an engine. The caller listens, and closes it. */
export function createServer(parts: ServerParts): FastifyInstance {
  const { engine, identity, checkReady, version } = parts;
  const app = Fastify({
    logger: parts.logger ?? false,
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: ARRIVAL_MILLISECONDS,
    trustProxy: parts.trustProxy === undefined ? false : [...parts.trustProxy],
    // Four names of 255 characters, each of them percent-encoded.
    routerOptions: { maxParamLength: 16_384 },
    // What is wrong with the URL itself does not come to the error handler.
    frameworkErrors: (error, _request, reply) => sendError(error, reply as FastifyReply),
    ...(parts.https && { https: { ...parts.https } }),
  }) as unknown as FastifyInstance;

  takeJsonBodies(app);
  // The packet that could not be read may hold a key, and errors go to the log.
  app.server.prependListener("clientError", (error: { rawPacket?: unknown }) => delete error.rawPacket);
  app.decorateRequest("caller", undefined);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (statusOf(error) >= 500) request.log.error({ err: error }, "a request failed");
    sendError(error, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request;
    const [path = ""] = url.split("?");
    const allowed = allowedMethods(path);
    if (allowed.length === 0) return sendError(new NotFoundError(`there is no ${method} ${path}; /openapi.json lists every route`), reply);
    void reply.header("allow", allowed.join(", "));
    sendError(new MethodNotAllowedError(`there is no ${method} ${path}; it takes ${allowed.join(", ")}`), reply);
  });

  addYaml(app);
  const mayBegin = createAdmission();
  app.addHook("onRequest", (_request, _reply, done) => {
    const later = mayBegin();
    if (later === undefined) done();
    else void later.then(() => done());
  });
  const metrics = addMetrics(app, parts.queueSizes);
  // Before the routes: hooks hold for what is added after them.
  if (parts.page !== undefined) addPage(app, { ...parts.page, identity });
  app.get("/health", async () => ({ status: "ok" }));
  app.get("/ready", async () => {
    await checkReady();
    return { status: "ok" };
  });
  app.get("/openapi.json", async () => describeApi(routes, version));
  app.get("/capabilities", async () => ({ product: "pulumi-connections", version, features: FEATURES }));

  void app.register(async (guarded) => {
    guarded.addHook("onRequest", async (request) => {
      request.caller = await callerOf(identity, { authorization: request.headers.authorization, remoteAddress: request.ip });
    });
    for (const one of routes) if (one !== authenticationRoute) add(guarded, one);
    guarded.get("/metrics", metrics);
  });
  add(app, authenticationRoute);
  return app;

  function add(to: FastifyInstance, one: Route): void {
    const place = placeOf(one.path);
    to.route({
      method: one.method,
      url: one.path.replace(PLACE, place.suffix === "" ? "*" : ":place").replace(/\{(\w+)\}/g, ":$1"),
      config: { route: one },
      handler: (request, reply) => answer(one, place, request, reply),
    });
    if (place.suffix === "") return;
    // Or else the routes without the suffix would take it for a part of the name.
    const others = (["GET", "POST", "PUT", "PATCH", "DELETE"] as const).filter((method) => method !== one.method);
    to.route({ method: others, url: one.path.replace(PLACE, ":place"), handler: (_request, reply) => reply.callNotFound() });
  }

  async function answer(
    { body, query, params, handle, status, produces }: Route,
    place: Place,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<unknown> {
    const gone = new AbortController();
    // It closes after each answer too, and an abort with its error costs about a twentieth of a read.
    reply.raw.once("close", () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    const isProgram = request.headers[PROGRAM_HEADER] === "pulumi";
    const caller = { ...(request.caller ?? NOBODY), isProgram };
    const answered = await handle({
      api: engine.as(caller),
      legacy: engine.legacyAs(caller),
      identity,
      authorization: request.headers.authorization,
      remoteAddress: request.ip,
      objectPath: place.field === undefined ? [] : pathOf(request, place),
      body: body === undefined ? refuseBody(request.body) : parse(body, request.body),
      query: query === undefined ? refuseQuery(request.query) : parse(query, request.query),
      params: params === undefined ? undefined : parse(params, request.params),
      signal: gone.signal,
    });
    if (status !== undefined) void reply.code(status);
    if (produces !== undefined) void reply.type(`${produces}; charset=utf-8`);
    return answered;
  }
}

/** What a path takes, when what it was asked for is not among it; empty where there is no such path. */
function allowedMethods(path: string): readonly string[] {
  const of = routes.filter(({ path: pattern }) => {
    const { prefix, suffix, field } = placeOf(pattern);
    if (field === undefined) return new RegExp(`^${pattern.replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
    const name = path.slice(prefix.length, path.length - suffix.length);
    return path === prefix + name + suffix && (field === "objectPath" || !name.includes("/"));
  });
  const methods = new Set<string>(UNDESCRIBED.includes(path) ? ["GET"] : of.map(({ method }) => method));
  // The framework answers HEAD wherever it answers GET.
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].sort();
}

/** Where in a route's path the object path or the connection key stands. */
interface Place {
  readonly field: "objectPath" | "connectionKey" | undefined;
  readonly prefix: string;
  readonly suffix: string;
}

function placeOf(pattern: string): Place {
  const [prefix = pattern, field, suffix = ""] = pattern.split(PLACE);
  return { field: field as Place["field"], prefix, suffix };
}

/** From the URL as it was sent: the router decodes before it splits, and a name may hold a slash. */
function pathOf(request: FastifyRequest, { field, prefix, suffix }: Place): ObjectPath {
  const [path = ""] = request.url.split("?");
  const text = path.slice(prefix.length, path.length - suffix.length);
  const objectPath = parseObjectPath(text, field);
  if (field === "connectionKey" && objectPath.length > 1) {
    throw new BadRequestError(`connectionKey: "${text}" has ${objectPath.length} elements; name one connection`, { field });
  }
  return objectPath;
}

function refuseBody(body: unknown): undefined {
  if (body === undefined) return undefined;
  throw new BadRequestError("body: this call takes none; remove it", { field: "body" });
}

function refuseQuery(query: unknown): Record<string, never> {
  const [field] = Object.keys(query as object);
  if (field === undefined) return {};
  throw new BadRequestError(`${field}: unknown query parameter; remove it or correct its name`, { field });
}

function statusOf(error: FastifyError | ConnectionsError): number {
  return error.statusCode ?? 500;
}

/** The body of contract: status codes and error bodies. Of what nobody foresaw, only that it happened. */
function sendError(error: FastifyError | ConnectionsError, reply: FastifyReply): void {
  if (error instanceof ConnectionsError) {
    const { statusCode, error: name, message, field } = error;
    const seconds = (error as { retryAfterSeconds?: number }).retryAfterSeconds;
    if (seconds !== undefined) void reply.header("retry-after", String(seconds));
    void reply.code(statusCode).send({ statusCode, error: name, message, ...(field !== undefined && { field }) });
    return;
  }
  const statusCode = statusOf(error);
  if (statusCode >= 500) {
    void reply.code(500).send({
      statusCode: 500,
      error: "Internal Server Error",
      message: `something unexpected happened; the server's log has it under request ${reply.request.id}`,
    });
    return;
  }
  void reply.code(statusCode).send({ statusCode, error: STATUS_NAMES[statusCode] ?? "Bad Request", ...describeFramework(error) });
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
};

/** What the framework refuses, in our words: its own may quote the request, which may hold a secret. */
function describeFramework({ code }: FastifyError): { message: string; field?: string } {
  switch (code) {
    case "FST_ERR_BAD_URL":
      return { message: 'the path is not valid percent-encoding; encode each name on its own, a literal "%" as %25', field: "objectPath" };
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return { message: `body: larger than ${LARGEST_BODY_BYTES} bytes; send less`, field: "body" };
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return { message: "content-type: expected application/json", field: "content-type" };
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return { message: "body: is empty; send a JSON object, or no content-type", field: "body" };
    default:
      return { message: "body: is not valid JSON; correct it", field: "body" };
  }
}
