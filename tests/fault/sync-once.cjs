// Registers a connection with so many tables, or syncs the one that is there, and prints what came of it as JSON.

const { madeEngine, SCHEMA } = require("./made-platform.cjs");

const [, , storeFile, tables] = process.argv;
/** Columns of some size, so that few tables fill a file. */
const COLUMNS = "[]".padEnd(500);

async function* streamObjects() {
  yield [SCHEMA];
  for (let index = 0; index < Number(tables); index++) {
    const table = `t${String(index).padStart(6, "0")}`;
    yield [{ schema: "main", table, objectType: "table", comment: null, fingerprint: "1", columns: COLUMNS }];
  }
}

async function main() {
  const api = madeEngine(storeFile, ["sales"], streamObjects);
  try {
    const { count } = await api.searchObjects([]);
    const registration = { connectionKey: "w", connection: { technology: "Made" } };
    const { bulkId } = count === 0 ? await api.registerConnection(registration) : await api.crawl(["w"]);
    const [{ state, output }] = await api.waitForJobs(bulkId);
    return { state, error: output.error, tables: (await api.countObjects(["w"])).tables };
  } finally {
    await api.close();
  }
}

main().then(
  (result) => console.log(JSON.stringify(result)),
  (error) => console.log(JSON.stringify({ error: error.message })),
);
