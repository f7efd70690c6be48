import { request as httpRequest, type IncomingHttpHeaders } from "node:http";

export interface HttpAnswer {
  readonly statusCode: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: () => unknown;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
}

/** A request as it is written here: nothing is added to it, followed or decompressed. */
export function sender(endpoint: string): (request: HttpRequest) => Promise<HttpAnswer> {
  return ({ url, method = "GET", headers = {}, payload }) =>
    new Promise((resolve, reject) => {
      const type = payload === undefined ? {} : { "content-type": "application/json" };
      const request = httpRequest(`${endpoint}${url}`, { method, headers: { ...type, ...headers } }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => {
          resolve({ statusCode: response.statusCode, headers: response.headers, body, json: () => JSON.parse(body) as unknown });
        });
      });
      request.on("error", reject);
      request.end(payload === undefined ? undefined : JSON.stringify(payload));
    });
}
