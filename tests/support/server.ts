import type { AddressInfo } from "node:net";
import { createClient } from "../../sdk/client/client";
import type { Engine } from "../../sdk/engine/engine";
import { UnauthorizedError } from "../../sdk/model/errors";
import { PERMISSIONS, type Caller } from "../../sdk/model/caller";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import { createServer } from "../../sdk/server/server";

/** The key of the one caller. */
export const KEY = "a-callers-key";
const administrator: Caller = { name: "admin", permissions: PERMISSIONS, principals: [] };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

export interface Served {
  readonly endpoint: string;
  readonly client: ConnectionsApi;
  /** The same as a Pulumi program has it. */
  readonly program: ConnectionsApi;
}

/** A listening server over an engine, with one caller. */
export async function serve(engine: Engine, caller: Caller = administrator): Promise<Served> {
  const app = createServer({
    engine,
    version: "0.0.0",
    checkReady: async () => void (await engine.searchObjects([])),
    identity: {
      authenticate: async (authorization = "") => {
        if (authorization.replace(/^Bearer /, "") === KEY) return caller;
        throw new UnauthorizedError("no such key");
      },
      issueToken: () => Promise.reject(new UnauthorizedError("no tokens here")),
    },
  });
  // What is answered is what the OpenAPI document promises.
  app.addHook("preSerialization", async (request, reply, payload) => {
    const { route } = request.routeOptions.config;
    if (route !== undefined && reply.statusCode < 300) route.response.parse(JSON.parse(JSON.stringify(payload)));
    return payload;
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const client = createClient({ endpoint, apiKey: KEY });
  const program = createClient({ endpoint, apiKey: KEY, isProgram: true });
  closing.push(async () => {
    await Promise.all([client.close(), program.close()]);
    await app.close();
  });
  return { endpoint, client, program };
}
