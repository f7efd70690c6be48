import { isAxiosError } from "axios";
import type { z } from "zod";
import {
  BadRequestError,
  BlockedError,
  ConflictError,
  ConnectionsError,
  ForbiddenError,
  NotFoundError,
  PlatformError,
  RemoteError,
  StoreError,
  UnauthorizedError,
  messageOf,
  type ErrorDetails,
} from "../model/errors";
import { errorBody } from "../model/wire/responses";

const BY_STATUS: Readonly<Record<number, new (message: string, details: ErrorDetails) => ConnectionsError>> = {
  400: BadRequestError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  422: PlatformError,
  503: StoreError,
};

/** What an answer that is no success says, as the error that the engine itself would throw. */
export function failureOfAnswer(where: string, status: number, body: unknown): ConnectionsError {
  const blocked = status === 400 ? blockedCall(where, body) : undefined;
  if (blocked !== undefined) return blocked;
  const parsed = errorBody.safeParse(body);
  const field = parsed.success ? parsed.data.field : undefined;
  const cause = new Error(`${where} answered ${status}`);
  if (!parsed.success) {
    // A proxy's page, or another service: its text says nothing about connections.
    return new RemoteError(status, `${where} answered ${status} without an explanation; check the endpoint`, { cause });
  }
  const { message } = parsed.data;
  const Known = BY_STATUS[status];
  if (Known !== undefined) return new Known(message, { field, cause });
  if (status === 401) return new UnauthorizedError(`${message} (${where})`, { field: "apiKey", cause });
  return new RemoteError(status, `${where}: ${message}`, { field, cause });
}

/**
 * How an upgraded host refuses calls of before (contract: status codes and error bodies), as the message of a body or as the whole of it.
 * What follows names the call to use instead, where a server does.
 */
const BLOCKED = /^\s*(?:400 Bad Request - )?(.*?)\.?\s*Use the \/data endpoint\.?\s*(.*)$/s;

function blockedCall(where: string, body: unknown): BlockedError | undefined {
  const text = typeof body === "string" ? body : errorBody.safeParse(body).data?.message;
  const [, what, instead] = (text !== undefined && BLOCKED.exec(text)) || [];
  if (text === undefined || what === undefined) return undefined;
  if (instead !== "") return new BlockedError(text, { cause: new Error(`${where} answered 400`) });
  return new BlockedError(
    `${where}: this call is blocked, since the host was upgraded to connections (${what}). Register a connection (POST /data/connection), ` +
      "let an object sync find its tables (POST /data/crawl/{objectPath}), and set which are active (PUT /data/settings/{objectPath})",
    { cause: new Error(`${where} answered 400`) },
  );
}

/** No answer came. The driver's own message names the address and the reason, never a header. */
export function unreachable(where: string, error: unknown): ConnectionsError {
  const code = isAxiosError(error) ? error.code : undefined;
  const reason = code === "ECONNABORTED" || code === "ETIMEDOUT" ? "did not answer in time" : `cannot be reached (${messageOf(error)})`;
  return new RemoteError(503, `${where} ${reason}; check the endpoint and that the server runs`, {
    field: "endpoint",
    // The error of axios holds the request, and with it the key.
    cause: new Error(messageOf(error)),
  });
}

export function unexpectedAnswer(where: string, { issues }: z.ZodError): ConnectionsError {
  const [first] = issues;
  const at = first === undefined || first.path.length === 0 ? "the answer" : first.path.join(".");
  return new RemoteError(
    502,
    `${where} answered something else than expected (${at}); check that the endpoint is a server of connections`,
    {
      field: "endpoint",
    },
  );
}
