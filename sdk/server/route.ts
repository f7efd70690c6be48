import type { ZodType } from "zod";
import type { EngineApi } from "../engine/engine-api";
import type { Identity } from "../engine/identity/identity";
import type { ObjectPath } from "../model/object-path";

/** What a handler is given: everything is checked already. */
export interface Call<Body, Query> {
  /** The engine as the caller may use it. */
  readonly api: EngineApi;
  /** Of `{objectPath}` or `{connectionKey}` in the path; empty where it was left out. */
  readonly objectPath: ObjectPath;
  readonly body: Body;
  readonly query: Query;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
  readonly identity: Pick<Identity, "issueToken">;
  /** The header as it was sent. */
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
}

/** One route, for the server and for the OpenAPI document alike. */
export interface Route<Body = unknown, Query = unknown> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{objectPath}` (one to four percent-encoded elements) at its end, with `{connectionKey}`, or with neither. */
  readonly path: string;
  readonly summary: string;
  readonly tag: "authentication" | "connections" | "objects" | "jobs";
  readonly body?: ZodType<Body> | undefined;
  readonly query?: ZodType<Query> | undefined;
  readonly response: ZodType;
  /** Of success; default 200. */
  readonly status?: 202;
  readonly handle: (call: Call<Body, Query>) => Promise<unknown>;
}

/** Lets the types of body and query follow from their schemas. */
export function route<Body = undefined, Query = Record<string, never>>(definition: Route<Body, Query>): Route {
  return definition as unknown as Route;
}
