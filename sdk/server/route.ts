import type { ZodType } from "zod";
import type { EngineApi } from "../engine/engine-api";
import type { Identity } from "../engine/identity/identity";
import type { LegacyApi } from "../model/legacy-api";
import type { ObjectPath } from "../model/object-path";

/** What a handler is given: everything is checked already. */
export interface Call<Body, Query, Params> {
  /** The engine as the caller may use it. */
  readonly api: EngineApi;
  /** The former API as the caller may use it. */
  readonly legacy: LegacyApi;
  /** Of `{objectPath}` or `{connectionKey}` in the path; empty where it was left out. */
  readonly objectPath: ObjectPath;
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
  readonly identity: Pick<Identity, "issueToken">;
  /** The header as it was sent. */
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
}

/** One route, for the server and for the OpenAPI document alike. */
export interface Route<Body = unknown, Query = unknown, Params = unknown> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{objectPath}` (one to four percent-encoded elements) at its end, with `{connectionKey}`, or with other `{names}` anywhere. */
  readonly path: string;
  readonly summary: string;
  readonly tag: "authentication" | "connections" | "objects" | "jobs" | "upgrade" | "legacy";
  readonly body?: ZodType<Body> | undefined;
  readonly query?: ZodType<Query> | undefined;
  /** Of the path's other names. */
  readonly params?: ZodType<Params> | undefined;
  /** The body may be YAML as well as JSON. */
  readonly takesYaml?: true;
  readonly response: ZodType;
  /** The answer is a text of this type; JSON without. */
  readonly produces?: "text/plain";
  /** Of success; default 200. */
  readonly status?: 202;
  readonly handle: (call: Call<Body, Query, Params>) => Promise<unknown>;
}

/** Lets the types of body and query follow from their schemas. */
export function route<Body = undefined, Query = Record<string, never>, Params = undefined>(definition: Route<Body, Query, Params>): Route {
  return definition as unknown as Route;
}
