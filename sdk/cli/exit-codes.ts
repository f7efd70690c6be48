import { ConnectionsError } from "../model/errors";

/** Exit codes of `connections`, as the README documents them. */
export const ExitCode = {
  done: 0,
  /** Something that should not happen. */
  unexpected: 1,
  /** Wrong usage, or a field that is wrong. */
  badInput: 2,
  /** No such connection or object. */
  notFound: 3,
  /** The request contradicts what is registered. */
  conflict: 4,
  /** The platform refused, could not be read, or lost most of its objects. */
  platform: 5,
  /** The store cannot be used, or the server not be reached. */
  store: 6,
  /** No valid API key, or it does not give the right. */
  forbidden: 7,
  /** Something drifted, and `--exit-code` asks for a failure then. */
  drift: 8,
} as const;

const BY_STATUS: Readonly<Record<number, number>> = {
  400: ExitCode.badInput,
  401: ExitCode.forbidden,
  403: ExitCode.forbidden,
  404: ExitCode.notFound,
  409: ExitCode.conflict,
  422: ExitCode.platform,
  503: ExitCode.store,
};

export function exitCodeOf(error: unknown): number {
  return error instanceof ConnectionsError ? (BY_STATUS[error.statusCode] ?? ExitCode.unexpected) : ExitCode.unexpected;
}
