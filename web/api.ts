/** What the server refused, or (status 0) that it does not answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

const listeners = new Set<(isReachable: boolean) => void>();

/** Told whenever a call reached the server, or did not. */
export function onReachable(listener: (isReachable: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One call of the HTTP API by the session's cookie. @throws ApiError with the server's own words. */
export async function call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: "same-origin",
    // The server takes writes by cookie only with this header, which no other site's page can send.
    headers: { "x-connections-page": "1", ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    tell(false);
    throw new ApiError(0, "The server does not answer.");
  });
  tell(true);
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  throw new ApiError(response.status, messageIn(text) ?? `The server answered ${response.status}.`);
}

function tell(isReachable: boolean): void {
  for (const listener of listeners) listener(isReachable);
}

/** A proxy in between may answer what is no error of ours. */
function messageIn(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
