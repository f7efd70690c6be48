/** What a `ConnectionsError` carries beside its message. */
export interface ErrorDetails {
  /** The field of the request that is wrong, dotted: `connection.databases.sales`. */
  readonly field?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Base of every error that a user may see. The message names the field or object path, says what was wrong and what to
 * do; it never holds a secret. `statusCode` and `error` are those of the HTTP body
 * `{statusCode, error, message, field?}` (contract: status codes and error bodies).
 */
export abstract class ConnectionsError extends Error {
  abstract readonly statusCode: number;
  abstract readonly error: string;
  readonly field: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.field = details.field;
  }
}

/** The request itself is wrong. */
export class BadRequestError extends ConnectionsError {
  readonly statusCode = 400;
  readonly error = "Bad Request";
}

/** The caller is not known. */
export class UnauthorizedError extends ConnectionsError {
  readonly statusCode = 401;
  readonly error = "Unauthorized";
}

/** The caller lacks the right. */
export class ForbiddenError extends ConnectionsError {
  readonly statusCode = 403;
  readonly error = "Forbidden";
}

/** No such connection or object. */
export class NotFoundError extends ConnectionsError {
  readonly statusCode = 404;
  readonly error = "Not Found";
}

/** The path is there, the method is not; the `Allow` header names those that are. */
export class MethodNotAllowedError extends ConnectionsError {
  readonly statusCode = 405;
  readonly error = "Method Not Allowed";
}

/** The request contradicts what is registered. */
export class ConflictError extends ConnectionsError {
  readonly statusCode = 409;
  readonly error = "Conflict";
}

/** The platform refused or could not be read. */
export class PlatformError extends ConnectionsError {
  readonly statusCode = 422;
  readonly error = "Unprocessable Entity";
}

/** Refused for a while, after too many attempts. */
export class TooManyRequestsError extends ConnectionsError {
  readonly statusCode = 429;
  readonly error = "Too Many Requests";

  constructor(
    message: string,
    /** Whole seconds, for the `Retry-After` header. */
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** The store cannot be opened, read or written. */
export class StoreError extends ConnectionsError {
  readonly statusCode = 503;
  readonly error = "Service Unavailable";
}

/** A registration that is gone, or was replaced by another of the same key, gets nothing of what was read for it. */
export class DeregisteredError extends StoreError {
  constructor(connectionKey: string) {
    super(`${connectionKey}: the connection was deregistered while it was synced; nothing was written`);
  }
}

/** Whether the store may take what it refused now at another time. */
export function isPassing(error: unknown): boolean {
  return error instanceof StoreError && !(error instanceof DeregisteredError);
}

/** A server did not answer, or answered what none of the others stands for. */
export class RemoteError extends ConnectionsError {
  readonly error = "Remote Error";

  constructor(
    readonly statusCode: number,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details);
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
