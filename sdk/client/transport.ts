import { setTimeout as delay } from "node:timers/promises";
import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import * as tls from "node:tls";
import { z } from "zod";
import { BadRequestError } from "../model/errors";
import { formatObjectPath, type ObjectPath } from "../model/object-path";
import { failureOfAnswer, unexpectedAnswer, unreachable } from "./failures";
import { retryAfterMilliseconds } from "./retry-after";

const DEFAULT_TIMEOUT_SECONDS = 60;
/** A first registration checks credentials on the platform, which may have to start a warehouse. */
const TRIES = 4;
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 10_000;
/** A server that asks for more is not waited for: whoever called is told instead. */
const LONGEST_ASKED_MILLISECONDS = 90_000;
const RETRIED_STATUSES = new Set([429, 502, 503, 504]);

export interface TransportOptions {
  /** The server's address, `https://governance.example.com`, with a path where it is behind one. */
  readonly endpoint: string;
  readonly apiKey: string;
  /** Of one request; default 60. */
  readonly timeoutSeconds?: number | undefined;
  /** Certificate (PEM) to trust beside Node's own; for private hosts. Without it, Node's NODE_EXTRA_CA_CERTS does the same. */
  readonly certificateAuthority?: string | undefined;
  /** A Pulumi program calls: what it sets is kept as declared. */
  readonly isProgram?: boolean | undefined;
}

export interface Request<T> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** As `/data/object`; `objectPath` is put behind it. */
  readonly path: string;
  readonly objectPath?: ObjectPath | undefined;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly body?: unknown;
  /** Whether a second try after a lost answer does no harm. Default: GET and PUT. */
  readonly isRepeatable?: boolean;
  readonly answer: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
  /** Default: the transport's. 0 waits for ever. */
  readonly timeoutSeconds?: number;
}

export interface Transport {
  /** @throws the `ConnectionsError` that the server's answer stands for. */
  send<T>(request: Request<T>): Promise<T>;
  close(): void;
}

/**
 * Sends requests, again where that helps and does no harm; waits longer each time, and as long as the server asks for. Connections are
 * kept for the next request. HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment count.
 */
export function createTransport({
  endpoint,
  apiKey,
  timeoutSeconds = DEFAULT_TIMEOUT_SECONDS,
  certificateAuthority,
  isProgram = false,
}: TransportOptions): Transport {
  const base = baseOf(endpoint);
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true, ca: trusted(certificateAuthority) }),
  };
  const http: AxiosInstance = axios.create({
    ...agents,
    headers: { authorization: apiKey, accept: "application/json, text/plain", ...(isProgram && { "x-connections-program": "pulumi" }) },
    // Every status is looked at here, and the body is read by its schema.
    validateStatus: () => true,
    maxRedirects: 0,
  });

  return {
    async send(request) {
      const { method, path, objectPath = [], query = {}, body } = request;
      const where = `${method} ${base}${path}`;
      const url = `${base}${path}${objectPath.length === 0 ? "" : `/${addressed(objectPath)}`}`;
      const isRepeatable = request.isRepeatable ?? (method === "GET" || method === "PUT");
      for (let tries = 1; ; tries++) {
        let response: AxiosResponse<unknown>;
        try {
          response = await http.request({
            method,
            url,
            params: query,
            data: body,
            timeout: (request.timeoutSeconds ?? timeoutSeconds) * 1_000,
            ...(request.signal && { signal: request.signal }),
          });
        } catch (error) {
          request.signal?.throwIfAborted();
          if (!isRepeatable || tries >= TRIES) throw unreachable(where, error);
          await pause(tries, undefined, request.signal);
          continue;
        }
        // 429 and 503 say that nothing was done.
        const isRefused = response.status === 429 || response.status === 503;
        const asked = retryAfterMilliseconds(response.headers["retry-after"], Date.now());
        const mayHelp = RETRIED_STATUSES.has(response.status) && (asked ?? 0) <= LONGEST_ASKED_MILLISECONDS;
        if (mayHelp && (isRepeatable || isRefused) && tries < TRIES) {
          await pause(tries, asked, request.signal);
          continue;
        }
        if (response.status < 200 || response.status > 299) throw failureOfAnswer(where, response.status, response.data);
        const parsed = request.answer.safeParse(response.data);
        if (!parsed.success) throw unexpectedAnswer(where, parsed.error);
        return parsed.data;
      }
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function baseOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new BadRequestError(`endpoint: "${endpoint}" is not an address; give one such as https://governance.example.com`, {
      field: "endpoint",
    });
  }
  return url.href.replace(/\/+$/, "");
}

/** Clients and proxies take a name of dots for a step in the path, however it is encoded. */
function addressed(objectPath: ObjectPath): string {
  const dots = objectPath.find((name) => name === "." || name === "..");
  if (dots === undefined) return formatObjectPath(objectPath);
  throw new BadRequestError(`objectPath: a name of dots ("${dots}") cannot be addressed over HTTP; use the store directly`, {
    field: "objectPath",
  });
}

/** As long as the server asks for, and never at once. */
async function pause(tries: number, asked: number | undefined, signal: AbortSignal | undefined): Promise<void> {
  const own = FIRST_PAUSE_MILLISECONDS * 2 ** tries * (0.5 + Math.random() / 2);
  await delay(asked || Math.min(own, LONGEST_PAUSE_MILLISECONDS), undefined, { signal });
}

/** What Node trusts by itself, NODE_EXTRA_CA_CERTS included where it tells, and another: an agent's own list takes the place of those. */
function trusted(certificateAuthority: string | undefined): string[] | undefined {
  if (certificateAuthority === undefined) return undefined;
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  return [...(getCACertificates?.("default") ?? tls.rootCertificates), certificateAuthority];
}
