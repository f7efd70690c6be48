import type { Platform } from "../../model/platform";
import { switchedOn } from "../feed-switches";
import { cleanupScript } from "./cleanup-script";
import { accountIdentity, normalizeConnection, snowflakeConnectionSchema, type SnowflakeConnection } from "./connection";
import { deriveIntegration, integrationConfigSchema } from "./integration-config";
import { DEFAULT_LIMITS, type Limits } from "./limits";
import { setupScript } from "./setup-script";

/** Snowflake through its own driver. `limits` is how long it waits. */
export function snowflakePlatform(limits: Limits = DEFAULT_LIMITS): Platform {
  return {
    technology: "Snowflake",
    connectionSchema: snowflakeConnectionSchema,
    integrationConfigSchema,
    // Also of one that a read showed, which lacks its secrets and would not pass the schema.
    normalize: (connection) => normalizeConnection(connection as SnowflakeConnection),
    accountIdentities: (connection) => [accountIdentity(snowflakeConnectionSchema.parse(connection))],
    deriveNativeIntegration: (connection) => deriveIntegration(snowflakeConnectionSchema.parse(connection)),
    activityFeeds: switchedOn,
    scripts: { setup: setupScript, cleanup: cleanupScript },
    open: async (connection) => (await import("./session.js")).openSnowflake(snowflakeConnectionSchema.parse(connection), limits),
  };
}

export const snowflake = snowflakePlatform();
