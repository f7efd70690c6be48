// Preloaded into a built process: adds the platform "Slow", whose tables `first` and `last` appear with a pause of SLOW_MILLISECONDS
// between them. It does not heed that it is told to stop, as a driver may not.

const { setTimeout: delay } = require("node:timers/promises");
const { z } = require("zod");
const { platforms } = require("../../dist/sdk/platforms/index.js");

const object = (table) => ({
  schema: "main",
  ...(table && { table, columns: "[]" }),
  objectType: table ? "table" : "schema",
  comment: null,
  fingerprint: table ?? "",
});

platforms.push({
  technology: "Slow",
  connectionSchema: z.strictObject({ technology: z.literal("Slow"), password: z.string().optional() }),
  integrationConfigSchema: z.strictObject({}),
  normalize: (connection) => connection,
  accountIdentities: () => ["Slow account"],
  deriveNativeIntegration: () => ({ type: "Slow", autoBootstrap: false, config: {} }),
  open: async () => ({
    check: async () => {},
    listDatabases: async () => [{ name: "sales", comment: null }],
    async *streamObjects() {
      yield [object(), object("first")];
      await delay(Number(process.env.SLOW_MILLISECONDS));
      yield [object("last")];
    },
    readColumns: async (_database, wanted) => wanted.map(({ schema, table }) => ({ schema, table, columns: "[]" })),
    close: async () => {},
  }),
});
