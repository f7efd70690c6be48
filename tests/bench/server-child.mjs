// The servers of the server benchmark: node server-child.mjs STORE TABLES. Ours and one that answers constants listen in a process of
// their own each, started with `constant` as third argument for the latter. Says where it listens and the API key as one line of JSON;
// a line `memory` on standard input is answered with the resident bytes. It ends with its input.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { generatedPlatform } from "./generated-platform.mjs";

const require = createRequire(import.meta.url);
const built = (name) => require(`../../dist/sdk/${name}.js`);

const [, , store, tables, kind] = process.argv;

/** As `connections serve` puts it together, on a platform that is generated. */
async function ours() {
  const { createEngine } = built("engine/engine");
  const { createIdentity } = built("engine/identity/identity");
  const { createSecretBox } = built("engine/secret-box");
  const { secretKeys } = built("engine/secret-keys");
  const { openSqliteStore } = built("store/sqlite/sqlite-store");
  const { createServer } = built("server/server");
  const opened = openSqliteStore(store);
  const keys = secretKeys(`${store}.key`, process.env);
  const onError = (error) => {
    throw error;
  };
  const identity = createIdentity({ store: opened, loadKeys: () => keys.load(true), onError });
  const engine = createEngine({
    store: opened,
    platforms: [generatedPlatform(Number(tables))],
    secrets: createSecretBox(() => [Buffer.alloc(32, 7)]),
    baseDirectory: "/",
  });
  await identity.ensureAdministrator({ CONNECTIONS_ADMIN_API_KEY: process.env.BENCH_API_KEY });
  const app = createServer({ engine, identity, version: "0.0.0", checkReady: async () => undefined });
  app.addHook("onClose", () => engine.close());
  return app;
}

/** The same framework with nothing behind it: BENCH_ANSWERS maps a kind of call to the text that it answers. */
async function constant() {
  const { default: Fastify } = await import("fastify");
  const app = Fastify();
  for (const [name, text] of Object.entries(JSON.parse(process.env.BENCH_ANSWERS))) {
    app.all(`/${name}`, (_request, reply) => reply.type("application/json").send(text));
  }
  return app;
}

const app = await (kind === "constant" ? constant() : ours());
const address = await app.listen({ host: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ address }));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "memory") console.log(JSON.stringify({ bytes: process.memoryUsage.rss() }));
}
await app.close();
