// Syncs and sets settings for ever on a store, until it is killed. The platform changes with every round: in round N each
// database holds the tables `N_00`, `N_01`, ... and no others, so that a half-written round can be told. Each setting is
// acknowledged on standard output only when it has been written.

const { writeSync } = require("node:fs");
const { madeEngine, SCHEMA } = require("./made-platform.cjs");

const [, , storeFile, firstRound] = process.argv;
const TABLES = 40;
const DATABASES = ["a", "b"];
let round = Number(firstRound);

function* tables() {
  yield [SCHEMA];
  for (let index = 0; index < TABLES; index++) {
    const table = `${String(round).padStart(6, "0")}_${String(index).padStart(2, "0")}`;
    yield [{ schema: "main", table, objectType: "table", comment: null, fingerprint: `${round}`, columns: "[]" }];
  }
}

async function* streamObjects() {
  for (const batch of tables()) {
    // Gives the kill a chance in the middle of a crawl.
    if (Math.random() < 0.05) await new Promise(setImmediate);
    yield batch;
  }
}

async function main() {
  const api = madeEngine(storeFile, DATABASES, streamObjects);
  const say = (line) => writeSync(1, `${line}\n`);
  const { count } = await api.searchObjects([]);
  if (count === 0) {
    const { bulkId } = await api.registerConnection({ connectionKey: "w", connection: { technology: "Made" } });
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
