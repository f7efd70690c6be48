// The Pulumi programs that are compared. Each finds object paths in paths.json: the connection's first, then tables.

/** As many resources that do nothing, with the same inputs: what is left is Pulumi itself. */
export const noopProgram = `
const pulumi = require("@pulumi/pulumi");

const provider = {
  check: async (olds, news) => ({ inputs: news }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.objectPath.join("/"), outs: inputs }),
};

class Noop extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(provider, name, args);
  }
}

for (const objectPath of require("./paths.json")) new Noop(objectPath.join("-"), { objectPath, isActive: true });
`;

const connection = `
const { Connection, ObjectStatus, ObjectStatuses, objectPathText } = require("pulumi-connections");

const [top, ...tables] = require("./paths.json");
new Connection(top[0], {
  connectionKey: top[0],
  connection: { technology: "DuckDB", databases: { catalog: process.env.BENCH_CATALOG } },
  settings: { isActive: false, activateNewChildren: false },
});
`;

/** A connection, and a resource for each status. */
export const statusProgram = `${connection}
for (const objectPath of tables) new ObjectStatus(objectPath.join("-"), { objectPath, isActive: true });
`;

/** A connection, and one resource with the statuses. */
export const statusesProgram = `${connection}
new ObjectStatuses("all", { statuses: Object.fromEntries(tables.map((objectPath) => [objectPathText(...objectPath), true])) });
`;
