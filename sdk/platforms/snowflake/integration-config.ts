import { z } from "zod";
import type { NativeIntegration } from "../../model/registration";
import { feedSwitches } from "../feed-switches";
import { authenticationFields, checkAuthentication } from "./authentication";
import { port } from "../common/address";
import { refusedFields } from "../common/refused-features";
import { addressFields, identifier, type SnowflakeConnection } from "./connection";

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
