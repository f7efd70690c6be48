import { z } from "zod";

/** Features of the integration that a connection does not have. */
const REFUSED = {
  impersonation: "user impersonation",
  userImpersonation: "user impersonation",
  workspaces: "project workspaces",
  projectWorkspaces: "project workspaces",
};

/** Fields of `nativeIntegration.config` that must be off, or left out. */
export const refusedFields = Object.fromEntries(
  Object.entries(REFUSED).map(([field, feature]) => [
    field,
    z
      .unknown()
      .refine(isOff, `${feature} is not supported with a connection; remove it, or keep this account on its former integration`)
      .optional(),
  ]),
);

/** Written out as off, as a former integration's configuration may have it, a feature is not asked for. */
function isOff(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && "enabled" in value && value.enabled === false);
}
