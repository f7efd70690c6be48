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
export class ConnectionsError extends Error {
  readonly field: string | undefined;

  constructor(
    readonly statusCode: number,
    readonly error: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.field = details.field;
  }
}

/** 400: the request itself is wrong. */
export class BadRequestError extends ConnectionsError {
  constructor(message: string, details?: ErrorDetails) {
    super(400, "Bad Request", message, details);
  }
}

/** 404: no such connection or object. */
export class NotFoundError extends ConnectionsError {
  constructor(message: string, details?: ErrorDetails) {
    super(404, "Not Found", message, details);
  }
}

/** 409: the request contradicts what is registered. */
export class ConflictError extends ConnectionsError {
  constructor(message: string, details?: ErrorDetails) {
    super(409, "Conflict", message, details);
  }
}

/** 422: the platform refused or could not be read. */
export class PlatformError extends ConnectionsError {
  constructor(message: string, details?: ErrorDetails) {
    super(422, "Unprocessable Entity", message, details);
  }
}

/** 503: the store cannot be opened, read or written. */
export class StoreError extends ConnectionsError {
  constructor(message: string, details?: ErrorDetails) {
    super(503, "Service Unavailable", message, details);
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
