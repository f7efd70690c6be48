import { z } from "zod";
import type { NativeIntegration } from "../../model/registration";
import { feedSwitches } from "../feed-switches";
import { authenticationFields, checkAuthentication } from "./authentication";
import { addressFields, identifier, port, type SnowflakeConnection } from "./connection";

/** Features of the integration that a connection does not have. */
const REFUSED = {
  impersonation: "user impersonation",
  userImpersonation: "user impersonation",
  workspaces: "project workspaces",
  projectWorkspaces: "project workspaces",
};

const refusedFields = Object.fromEntries(
  Object.entries(REFUSED).map(([field, feature]) => [
    field,
    z
      .unknown()
      .refine(isOff, `${feature} is not supported with a connection; remove it, or keep this account on its former integration`)
      .optional(),
  ]),
);

/**
 * `nativeIntegration.config` of a Snowflake connection (contract: Snowflake connection): the connection's own values, with
 * `host` for `hostname`. `database` is the one that a governance product keeps its own objects in; `lineage` and
 * `tags` are ours.
 */
export const integrationConfigSchema = z
  .strictObject({
    host: z.string().min(1, "is empty"),
    port,
    warehouse: identifier,
    role: identifier.optional(),
    database: identifier.optional(),
    ...feedSwitches,
    ...authenticationFields,
    ...addressFields,
    ...refusedFields,
  })
  .superRefine(checkAuthentication);

export function deriveIntegration({ technology, hostname, ...values }: SnowflakeConnection): NativeIntegration {
  return { type: technology, autoBootstrap: false, config: { host: hostname, ...values } };
}

/** Written out as off, as a former integration's configuration may have it, a feature is not asked for. */
function isOff(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && "enabled" in value && value.enabled === false);
}
