import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** What the driver sends: the path without its query, and the statement of a query. */
export interface Sent {
  readonly path: string;
  readonly statement: string;
}

/** What becomes of a request: another answer, no answer, an answer that breaks off after so many bytes; or undefined. */
export type Disturbance =
  | { readonly status: number; readonly body?: object; readonly headers?: Record<string, string> }
  | { readonly hang: true }
  | { readonly dropAfterBytes: number };

export interface DisturbingProxy {
  readonly port: number;
  /** Everything that was sent, in order. */
  readonly sent: Sent[];
  /** Decides on each request; nothing is disturbed at first. */
  disturb: (sent: Sent) => Disturbance | undefined;
  stop(): Promise<void>;
}

/** @param tls a key and its certificate: what comes here is encrypted, and is not from here on. */
export async function startProxy(target: number, tls?: { key: string; cert: string }): Promise<DisturbingProxy> {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: DisturbingProxy = {
    port: (server.address() as AddressInfo).port,
    sent: [],
    disturb: () => undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const sent = { path: request.url!.split("?")[0]!, statement: statementOf(request, body) };
    proxy.sent.push(sent);
    const disturbance = proxy.disturb(sent);
    if (disturbance === undefined) return pass(request, body, response);
    if ("hang" in disturbance) return;
    if ("dropAfterBytes" in disturbance) return pass(request, body, response, disturbance.dropAfterBytes);
    response.writeHead(disturbance.status, { "content-type": "application/json", ...disturbance.headers });
    response.end(JSON.stringify(disturbance.body ?? {}));
  }

  function pass(request: IncomingMessage, body: Buffer, response: ServerResponse, bytes = Infinity): void {
    // The host is passed on as it is, so that the server names this proxy where the rest of a result is.
    const options = { host: "127.0.0.1", port: target, method: request.method, path: request.url, headers: request.headers };
    const sending = forward(options, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      if (bytes === Infinity) return void answer.pipe(response);
      answer.once("data", (chunk: Buffer) => response.write(chunk.subarray(0, bytes), () => response.destroy()));
    });
    sending.on("error", () => response.destroy());
    sending.end(body);
  }
}

function statementOf(request: IncomingMessage, body: Buffer): string {
  if (!request.url!.startsWith("/queries/v1/query-request")) return "";
  const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return (JSON.parse(text.toString()) as { sqlText: string }).sqlText;
}

/** An answer as Snowflake gives it to a statement that fails. */
export function failedStatement(code: string, message: string): Disturbance {
  return { status: 200, body: { success: false, code, message, data: { errorCode: code, sqlState: "42000" } } };
}
