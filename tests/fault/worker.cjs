// Syncs and sets settings for ever on a store, until it is killed. The platform changes with every round: in round N each
// database holds the tables `N_00`, `N_01`, ... and no others, so that a half-written round can be told. Each setting is
// acknowledged on standard output only when it has been written.

const { writeSync } = require("node:fs");
const { createEngine } = require("../../dist/sdk/engine/engine.js");
const { createSecretBox } = require("../../dist/sdk/engine/secret-box.js");
const { openSqliteStore } = require("../../dist/sdk/store/sqlite/sqlite-store.js");
const { z } = require("zod");

const [, , storeFile, firstRound] = process.argv;
const TABLES = 40;
const DATABASES = ["a", "b"];
let round = Number(firstRound);

function* tables() {
  yield [{ schema: "main", objectType: "schema", comment: null, fingerprint: "" }];
  for (let index = 0; index < TABLES; index++) {
    const table = `${String(round).padStart(6, "0")}_${String(index).padStart(2, "0")}`;
    yield [{ schema: "main", table, objectType: "table", comment: null, fingerprint: `${round}`, columns: "[]" }];
  }
}

const platform = {
  technology: "Rounds",
  connectionSchema: z.looseObject({ technology: z.literal("Rounds") }),
  integrationConfigSchema: z.looseObject({}),
  normalize: (connection) => connection,
  accountIdentities: () => ["Rounds account"],
  deriveNativeIntegration: () => ({ type: "Rounds", autoBootstrap: false, config: {} }),
  open: async () => ({
    check: async () => {},
    listDatabases: async () => DATABASES.map((name) => ({ name, comment: null })),
    async *streamObjects() {
      for (const batch of tables()) {
        // Gives the kill a chance in the middle of a crawl.
        if (Math.random() < 0.05) await new Promise(setImmediate);
        yield batch;
      }
    },
    readColumns: async (_database, wanted) => wanted.map(({ schema, table }) => ({ schema, table, columns: "[]" })),
    close: async () => {},
  }),
};

async function main() {
  const api = createEngine({
    store: openSqliteStore(storeFile),
    platforms: [platform],
    secrets: createSecretBox(() => [Buffer.alloc(32, 7)]),
    baseDirectory: "/",
  });
  const say = (line) => writeSync(1, `${line}\n`);
  const { count } = await api.searchObjects([]);
  if (count === 0) {
    const { bulkId } = await api.registerConnection({ connectionKey: "w", connection: { technology: "Rounds" } });
    await api.waitForJobs(bulkId);
    say("registered");
  }
  for (;;) {
    round++;
    const { bulkId } = await api.crawl(["w"], { allowMassRemoval: true });
    const value = round % 2 === 0;
    await api.updateSettings(["w"], { isActive: value, dataOwners: [{ type: "user", id: round }] });
    say(`set ${round} ${value}`);
    const [job] = await api.waitForJobs(bulkId);
    if (job.state !== "completed") throw new Error(JSON.stringify(job.output));
    say(`synced ${round}`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
