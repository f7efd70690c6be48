import { spawn } from "node:child_process";
import { join } from "node:path";
import { createClient } from "../../sdk/client/client";
import type { DataSource } from "../../sdk/model/data-object";
import { allDataSources } from "../support/legacy";
import { temporaryFolder } from "./harness";
import type { Project } from "./project";

const KEY = "an-administrators-key-of-some-length";

export interface LegacyServer {
  readonly endpoint: string;
  readonly storeFile: string;
  /** A body that is a text is sent as it is. */
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Every data source, as policies see them. */
  sources(): Promise<DataSource[]>;
  stop(): Promise<void>;
}

/** A server of made-up Snowflake accounts, in which the project registers. @param databases beside SALES */
export async function startLegacyServer(project: Project, ...databases: readonly "HR"[]): Promise<LegacyServer> {
  const storeFile = join(temporaryFolder(), "connections.db");
  const server = spawn(process.execPath, [join(__dirname, "legacy-server.cjs"), storeFile, KEY, ...databases]);
  const endpoint = await new Promise<string>((resolve, reject) => {
    server.stdout.on("data", (chunk: Buffer) => {
      const port = /listening on (\d+)/.exec(chunk.toString())?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
    server.stderr.on("data", (chunk: Buffer) => reject(new Error(chunk.toString())));
  });
  Object.assign(project.environment, { CONNECTIONS_ENDPOINT: endpoint, CONNECTIONS_API_KEY: KEY });
  return {
    endpoint,
    storeFile,
    async send(method, path, body, contentType = "application/json") {
      const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      const headers = { authorization: KEY, ...(text !== undefined && { "content-type": contentType }) };
      const response = await fetch(`${endpoint}${path}`, { method, headers, ...(text !== undefined && { body: text }) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async sources() {
      const client = createClient({ endpoint, apiKey: KEY });
      const found = await allDataSources(client);
      await client.close();
      return found;
    },
    async stop() {
      const ended = new Promise((resolve) => server.on("close", resolve));
      server.stdin.end();
      await ended;
    },
  };
}
