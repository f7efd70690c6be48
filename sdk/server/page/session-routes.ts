import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Identity } from "../../engine/identity/identity";
import { ForbiddenError } from "../../model/errors";
import { parse } from "../../model/validate";
import type { Sessions } from "./session";

/** A header that other sites' pages cannot send without being asked whether they may, which they may not. */
const PAGE_HEADER = "x-connections-page";
const READS = new Set(["GET", "HEAD"]);

const signIn = z.strictObject({ apiKey: z.string().min(1, "is empty") });

declare module "fastify" {
  interface FastifyRequest {
    /** Whether its credentials came by cookie. */
    isOfPage: boolean;
  }
}

/**
 * Takes a session cookie in the place of an `Authorization` header, and serves `/session`: POST starts one with an API key, GET says
 * whose it is, DELETE ends it. What a cookie authorises to write must come from the page itself.
 */
export function addSessions(app: FastifyInstance, sessions: Sessions, identity: Pick<Identity, "authenticate">): void {
  app.decorateRequest("isOfPage", false);
  app.addHook("onRequest", async (request) => {
    if (request.headers.authorization !== undefined) return;
    const key = sessions.read(request.headers.cookie);
    if (key === undefined) return;
    if (!READS.has(request.method)) requireOwnPage(request);
    request.headers.authorization = key;
    request.isOfPage = true;
  });
  app.addHook("onSend", async (request, reply) => {
    if (request.isOfPage) void reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  });

  app.post("/session", async (request, reply) => {
    requireOwnPage(request);
    const { apiKey } = parse(signIn, request.body);
    const { name, permissions, principals } = await identity.authenticate(apiKey, request.ip);
    startsOrEnds(reply, sessions.start(apiKey, isSecure(request)));
    return { name, permissions, principals };
  });
  app.get("/session", async (request, reply) => {
    void reply.header("cache-control", "no-store");
    const { name, permissions, principals } = await identity.authenticate(request.headers.authorization, request.ip);
    return { name, permissions, principals };
  });
  app.delete("/session", async (request, reply) => {
    requireOwnPage(request);
    startsOrEnds(reply, sessions.end(isSecure(request)));
    return { status: "ended" };
  });
}

/** @throws ForbiddenError for what another site made the browser send. */
function requireOwnPage(request: FastifyRequest): void {
  const site = request.headers["sec-fetch-site"];
  if (request.headers[PAGE_HEADER] === "1" && (site === undefined || site === "same-origin")) return;
  throw new ForbiddenError(`${PAGE_HEADER}: a session takes this request only from its own page; other programs send an API key`, {
    field: PAGE_HEADER,
  });
}

function startsOrEnds(reply: FastifyReply, cookie: string): void {
  void reply.header("set-cookie", cookie).header("cache-control", "no-store");
}

function isSecure(request: FastifyRequest): boolean {
  return request.protocol === "https";
}
