import { ActivationSetting, Connection, ObjectStatus } from "pulumi-connections";

// One connection registers every database, schema and table of the platform account at once.
const warehouse = new Connection("warehouse", {
  connectionKey: "warehouse",
  connection: {
    technology: "DuckDB",
    databases: { economy: "./warehouse/economy.duckdb", travel: "./warehouse/travel.duckdb" },
  },
  settings: { isActive: false, activateNewChildren: false },
});

// A whole schema, with what is in it now.
new ObjectStatus("labour", { objectPath: ["warehouse", "economy", "labour"], isActive: true });

// One table out of it, set on itself: it stays inactive whatever the schema is set to.
new ObjectStatus("employment", { objectPath: "warehouse/economy/labour/employment", isActive: false });

// One table of a database that is otherwise inactive.
new ObjectStatus("flights", { objectPath: ["warehouse", "travel", "main", "flights"], isActive: true });

// Tables that appear in this schema later start active.
new ActivationSetting("weather", { objectPath: ["warehouse", "travel", "weather"], activateNewChildren: true });

export const counts = warehouse.counts;
export const lastSync = warehouse.lastSync;
