// An engine of the built package on a platform whose objects are made up as they are read.

const { z } = require("zod");
const { createEngine } = require("../../dist/sdk/engine/engine.js");
const { PlatformError } = require("../../dist/sdk/model/errors.js");
const { createSecretBox } = require("../../dist/sdk/engine/secret-box.js");
const { openSqliteStore } = require("../../dist/sdk/store/sqlite/sqlite-store.js");

/** `streamObjects` yields what each database holds; columns come with it. There is every role but NOBODY. */
exports.madeEngine = function madeEngine(storeFile, databases, streamObjects, technology = "Made") {
  const platform = {
    technology,
    connectionSchema: z.looseObject({ technology: z.literal(technology) }),
    integrationConfigSchema: z.looseObject({}),
    normalize: (connection) => connection,
    accountIdentities: ({ hostname = "" }) => [`${technology} account ${hostname}`],
    deriveNativeIntegration: () => ({ type: technology, autoBootstrap: false, config: {} }),
    open: async ({ role }) => ({
      check: async () => {
        if (role === "NOBODY") throw new PlatformError("connection.role: NOBODY does not exist; name another role");
      },
      listDatabases: async () => databases.map((name) => ({ name, comment: null })),
      streamObjects,
      readColumns: async (_database, wanted) => wanted.map(({ schema, table }) => ({ schema, table, columns: "[]" })),
      close: async () => {},
    }),
  };
  return createEngine({
    store: openSqliteStore(storeFile),
    platforms: [platform],
    secrets: createSecretBox(() => [Buffer.alloc(32, 7)]),
    baseDirectory: "/",
  });
};

exports.SCHEMA = { schema: "main", objectType: "schema", comment: null, fingerprint: "" };
