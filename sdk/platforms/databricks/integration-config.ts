import { z } from "zod";
import type { NativeIntegration } from "../../model/registration";
import { refusedFields } from "../common/refused-features";
import { authenticationFields, checkAuthentication } from "./authentication";
import { addressFields, workspaceAddress, type DatabricksConnection } from "./connection";

const { httpPath, ...address } = addressFields;

/**
 * `nativeIntegration.config` of a Databricks connection (contract: Databricks Unity Catalog): the connection's own values, with
 * `host` for `hostname`; `workspaceUrl`, as the setup script's answer has it, is taken too. `catalog` is the one that a
 * governance product keeps its own objects in.
 */
export const integrationConfigSchema = z
  .strictObject({
    host: workspaceAddress.optional(),
    workspaceUrl: workspaceAddress.optional(),
    ...address,
    httpPath: httpPath.optional(),
    catalog: z.string().min(1, "is empty").optional(),
    audit: z.strictObject({ enabled: z.boolean() }).optional(),
    /** Whose audit is read. */
    workspaceIds: z.array(z.string().regex(/^\d+$/, "expected a workspace's number, as a text")).optional(),
    /** Members of the group are exempt from policies. */
    groupPattern: z.strictObject({ deny: z.string().min(1, "is empty") }).optional(),
    ...authenticationFields,
    ...refusedFields,
  })
  .superRefine((config, context) => {
    checkAuthentication(config, context);
    if ((config.host === undefined) === (config.workspaceUrl === undefined)) {
      context.addIssue({ code: "custom", path: ["host"], message: "expected the workspace's address once, as host or as workspaceUrl" });
    }
  });

export function deriveIntegration({ technology, hostname, ...values }: DatabricksConnection): NativeIntegration {
  return { type: technology, autoBootstrap: false, unityCatalog: true, config: { host: hostname, ...values } };
}
