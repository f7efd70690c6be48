import type { SetupRequest } from "../../model/setup-script";
import { cleanupScriptParams, setupScriptBody } from "../../model/wire/requests";
import { script } from "../../model/wire/responses";
import { route } from "../route";

/** Scripts for the platform's administrator (contract: setup script, deregistration). */
export const scriptRoutes = [
  route({
    method: "POST",
    path: "/integrations/scripts/create",
    summary: "Write the SQL that makes what a planned connection needs on its platform; it holds no secret",
    tag: "connections",
    body: setupScriptBody,
    response: script,
    produces: "text/plain",
    handle: ({ api, body }) => api.createSetupScript(body as SetupRequest),
  }),
  route({
    method: "POST",
    path: "/integrations/{id}/scripts/delete",
    summary: "Write the SQL that takes back what a connection needed, by its nativeIntegrationId; ask before deregistering it",
    tag: "connections",
    params: cleanupScriptParams,
    response: script,
    produces: "text/plain",
    handle: ({ api, params }) => api.createCleanupScript(params.id),
  }),
];
