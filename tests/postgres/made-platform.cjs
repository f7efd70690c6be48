// Preloaded into `connections serve`: adds the technology "Made", whose databases are made up as they are read, each in its time.
// `content` names a JSON file: { databases, tables, milliseconds }, read anew for every list. What is read is noted in `log`.

const { appendFileSync, readFileSync } = require("node:fs");
const { setTimeout: delay } = require("node:timers/promises");
const { z } = require("zod");
const { platforms } = require("../../dist/sdk/platforms/index.js");

const BATCHES = 4;

platforms.push({
  technology: "Made",
  connectionSchema: z.strictObject({ technology: z.literal("Made"), account: z.string(), content: z.string(), log: z.string() }),
  integrationConfigSchema: z.looseObject({}),
  normalize: (connection) => connection,
  accountIdentities: ({ account }) => [`Made account ${account}`],
  deriveNativeIntegration: () => ({ type: "Made", autoBootstrap: false, config: {} }),
  async open({ content, log }) {
    const read = () => JSON.parse(readFileSync(content, "utf8"));
    return {
      check: async () => {},
      async listDatabases() {
        return Array.from({ length: read().databases }, (_, index) => ({ name: `db${String(index).padStart(2, "0")}`, comment: null }));
      },
      async *streamObjects({ database }, { signal }) {
        const { tables, milliseconds } = read();
        appendFileSync(log, `begin ${database} ${process.pid}\n`);
        yield [{ schema: "main", objectType: "schema", comment: null, fingerprint: "" }];
        for (let batch = 0; batch < BATCHES; batch++) {
          await delay(milliseconds / BATCHES, undefined, { signal });
          const first = Math.floor((tables * batch) / BATCHES);
          const last = Math.floor((tables * (batch + 1)) / BATCHES);
          yield Array.from({ length: last - first }, (_, index) => ({
            schema: "main",
            table: `t${String(first + index).padStart(5, "0")}`,
            objectType: "table",
            comment: null,
            fingerprint: "1",
            columns: "[]",
          }));
        }
        appendFileSync(log, `end ${database} ${process.pid}\n`);
      },
      readColumns: async (_database, wanted) => wanted.map(({ schema, table }) => ({ schema, table, columns: "[]" })),
      close: async () => {},
    };
  },
});
