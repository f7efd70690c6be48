import type { Platform } from "../../model/platform";
import { switchedOn } from "../feed-switches";
import { accountIdentity, databricksConnectionSchema, normalizeConnection, type DatabricksConnection } from "./connection";
import { deriveIntegration, integrationConfigSchema } from "./integration-config";
import { DEFAULT_LIMITS, type Limits } from "./limits";
import { databricksScripts } from "./scripts";

/** Databricks Unity Catalog through Databricks' own driver. `limits` is how long it waits. */
export function databricksPlatform(limits: Limits = DEFAULT_LIMITS): Platform {
  return {
    technology: "Databricks",
    connectionSchema: databricksConnectionSchema,
    integrationConfigSchema,
    unityCatalog: true,
    // Also of one that a read showed, which lacks its secrets and would not pass the schema.
    normalize: (connection) => normalizeConnection(connection as DatabricksConnection),
    accountIdentities: (connection) => [accountIdentity(databricksConnectionSchema.parse(connection))],
    deriveNativeIntegration: (connection) => deriveIntegration(databricksConnectionSchema.parse(connection)),
    activityFeeds: switchedOn,
    scripts: databricksScripts,
    open: async (connection, context = {}) => {
      const { openDatabricks } = await import("./session.js");
      return openDatabricks(normalizeConnection(databricksConnectionSchema.parse(connection)), limits, context);
    },
  };
}

export const databricks = databricksPlatform();
