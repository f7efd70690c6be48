import { z } from "zod";
import type { NativeIntegration } from "../../model/registration";
import { refusedFields } from "../common/refused-features";
import { feedSwitches } from "../feed-switches";
import { authenticationFields, checkAuthentication } from "./authentication";
import { addressFields, workspaceAddress, type DatabricksConnection } from "./connection";

const { httpPath, ...address } = addressFields;

/** The workspaces whose audit is read. */
const workspaceIds = z
  .array(z.string().regex(/^\d+$/, "expected a workspace's number, as a text"))
  .min(1, "is empty; name a workspace, or remove it to read the audit of all of them")
  .optional();

/**
 * `nativeIntegration.config` of a Databricks connection (contract: Databricks Unity Catalog): the connection's own values, with
 * `host` for `hostname`; `workspaceUrl`, as the setup script's answer has it, is taken too. `catalog` is the one that a
 * governance product keeps its own objects in; `lineage` and `tags` are ours.
 */
export const integrationConfigSchema = z
  .strictObject({
    host: workspaceAddress.optional(),
    workspaceUrl: workspaceAddress.optional(),
    ...address,
    httpPath: httpPath.optional(),
    catalog: z.string().min(1, "is empty").optional(),
    ...feedSwitches,
    workspaceIds,
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

/** Undefined where the audit is not limited to some workspaces. */
export function auditedWorkspaces({ config }: NativeIntegration): readonly string[] | undefined {
  return z.object({ workspaceIds }).parse(config).workspaceIds;
}
