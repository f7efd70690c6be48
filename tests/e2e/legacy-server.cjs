// Serves a store over HTTP, with Snowflake accounts that are made up as they are read: every host has a database SALES whose schema
// PUBLIC holds 300 tables, and where it is asked for, one HR with PEOPLE.STAFF. For accounts with hundreds of tables no real one is needed; the rest is the built package.

const { createServer } = require("../../dist/sdk/server/server.js");
const { UnauthorizedError } = require("../../dist/sdk/model/errors.js");
const { PERMISSIONS } = require("../../dist/sdk/model/caller.js");
const { madeEngine } = require("../fault/made-platform.cjs");

const [, , storeFile, key, ...databases] = process.argv;
const TABLES = 300;
const caller = { name: "admin", permissions: PERMISSIONS, principals: [] };

async function* streamObjects({ database }) {
  if (database === "HR") {
    yield [{ schema: "PEOPLE", objectType: "schema", comment: null, fingerprint: "" }];
    yield [{ schema: "PEOPLE", table: "STAFF", objectType: "table", comment: null, fingerprint: "f", columns: "[]" }];
    return;
  }
  yield [{ schema: "PUBLIC", objectType: "schema", comment: null, fingerprint: "" }];
  for (let index = 0; index < TABLES; index++) {
    const table = `T${String(index).padStart(3, "0")}`;
    yield [{ schema: "PUBLIC", table, objectType: "table", comment: null, fingerprint: "f", columns: "[]" }];
  }
}

const engine = madeEngine(storeFile, ["SALES", ...databases], streamObjects, "Snowflake");
const app = createServer({
  engine,
  version: "0.0.0",
  checkReady: async () => {},
  identity: {
    authenticate: async (authorization = "") => {
      if (authorization.replace(/^Bearer /, "") === key) return caller;
      throw new UnauthorizedError("no such key");
    },
    issueToken: () => Promise.reject(new UnauthorizedError("no tokens here")),
  },
});
process.stdin.resume().on("end", async () => {
  await app.close();
  await engine.close();
});
app.listen({ host: "127.0.0.1", port: 0 }).then(() => console.log(`listening on ${app.server.address().port}`));
