/** What is known of an answer that refuses. */
export interface RefusalFacts {
  /** HTTP status; undefined where the refusal came inside an answer. */
  readonly status?: number | undefined;
  /** The path that was asked; undefined for the driver's. */
  readonly place?: string | undefined;
  /** A web page, or nothing, came instead of what a workspace answers. */
  readonly isPage?: boolean | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly sqlState?: string | undefined;
  /** The driver ended the operation: CANCELED, CLOSED or TIMEOUT. */
  readonly ended?: string | undefined;
}

/** The server answered, but refused; the message is what it said. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly facts: RefusalFacts,
  ) {
    super(message);
  }
}

/** The parts of the driver's errors that are read; some are no instances of Error. */
interface DriverError {
  readonly name?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly errorCode?: string;
  readonly response?: {
    readonly errorMessage?: string | null;
    readonly displayMessage?: string | null;
    readonly sqlState?: string | null;
    readonly headers?: { get(name: string): string | null };
    text?(): Promise<string>;
  };
}

const HTTP_REASONS = ["x-databricks-error-or-redirect-message", "x-thriftserver-error-message", "x-databricks-reason-phrase"];

/** The driver's error as a Refusal, if it is one; as it is otherwise. */
export async function refusalOf(error: unknown): Promise<unknown> {
  const { name, message = "", statusCode, errorCode, response } = (error ?? {}) as DriverError;
  if (statusCode !== undefined && response?.headers !== undefined) return httpRefusal(statusCode, response);
  if (name === "Status Error") return new Refusal(clean(message), {});
  // The driver repeats some requests itself, and then tells no more than the status.
  const repeated = /^Hive driver: (\d+) when connecting/.exec(message)?.[1];
  if (repeated !== undefined) return new Refusal(message, { status: Number(repeated) });
  if (errorCode === undefined || response === undefined) return error;
  const { errorMessage, displayMessage, sqlState } = response;
  const ended = errorCode === "ERROR" || errorCode === "UNKNOWN" ? undefined : errorCode;
  return new Refusal(clean(errorMessage || displayMessage || message), { sqlState: sqlState ?? undefined, ended });
}

async function httpRefusal(status: number, response: NonNullable<DriverError["response"]>): Promise<Refusal> {
  const headers = response.headers!;
  const reasons = HTTP_REASONS.map((name) => headers.get(name)).filter((reason) => reason !== null && reason !== "");
  const isPage = !(headers.get("content-type") ?? "").includes("json") && reasons.length === 0;
  // What says no more than its status may break off.
  const body = isPage ? "" : await response.text?.().catch(() => "");
  return new Refusal(reasons[0] ?? (messageIn(body ?? "") || `HTTP ${status}`), {
    status,
    isPage,
    retryAfterSeconds: Number(headers.get("retry-after")) || undefined,
  });
}

function messageIn(body: string): string {
  try {
    const { error_code: code, message } = JSON.parse(body) as Record<string, unknown>;
    return [code, message].filter((text) => typeof text === "string").join(": ");
  } catch {
    return body.slice(0, 200);
  }
}

/** Without the Java classes that it passed through, and what follows the first line. */
function clean(message: string): string {
  const lines = message.replace(/^([\w.$]+Exception: )+/, "").replace(/^Error running query: /, "");
  const [first = ""] = lines.replace(/^(\[[A-Z_.]+\] )[\w.$]+(Exception|Error): (\s*\1)?/, "$1").split("\n");
  return first.trim();
}
