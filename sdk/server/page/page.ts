import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Identity } from "../../engine/identity/identity";
import type { SecretBox } from "../../engine/secret-box";
import { addSessions } from "./session-routes";
import { createSessions } from "./session";

/** Addresses of views; the page itself tells them apart. */
const VIEWS = ["/", "/browse", "/browse/*", "/search", "/syncs", "/upgrades"];
/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

export interface PageParts {
  /** The built page. */
  readonly folder: string;
  readonly identity: Pick<Identity, "authenticate">;
  readonly secrets: SecretBox;
}

/** Where the build puts the page: beside the compiled sources. */
export const PAGE_FOLDER = join(__dirname, "..", "..", "..", "web");

/** Whether there is a built page in a folder. */
export function hasPage(folder: string): boolean {
  return existsSync(join(folder, "index.html"));
}

/** Serves the infrastructure page at `/`, and the sessions of its users. */
export function addPage(app: FastifyInstance, { folder, identity, secrets }: PageParts): void {
  addSessions(app, createSessions(secrets), identity);
  void app.register(fastifyStatic, {
    root: join(folder, "assets"),
    prefix: "/assets/",
    index: false,
    preCompressed: true,
    // Their names change with their contents.
    maxAge: "365d",
    immutable: true,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    },
  });
  for (const view of VIEWS) app.get(view, (_request, reply) => sendIndex(reply, folder));
}

function sendIndex(reply: FastifyReply, folder: string): FastifyReply {
  // Asked for again each time, answered in full only after an update.
  void reply.headers(HEADERS);
  return reply.sendFile("index.html", folder, { cacheControl: true, maxAge: 0, immutable: false });
}
