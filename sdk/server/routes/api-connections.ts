import {
  apiConnection,
  apiConnectionDeletion,
  apiConnectionPatch,
  dryRunQuery,
  forceQuery,
  inApiNames,
  toApiConnection,
  toConnectionPatch,
} from "../../model/wire/api-connections";
import { route } from "../route";

const PATH = "/api/connections/{connectionKey}";

/** The newer API of connections (contract: the newer `/api/connections` API), on the same engine as `/data`. */
export const apiConnectionRoutes = [
  route({
    method: "GET",
    path: PATH,
    summary: "Read a connection with its state; its secrets are [REDACTED]",
    tag: "connections",
    response: apiConnection,
    handle: async ({ api, objectPath }) => toApiConnection(await api.readConnection(objectPath[0]!)),
  }),
  route({
    method: "PATCH",
    path: PATH,
    summary: "Check a changed ACTIVE or UNHEALTHY connection on its platform and keep the change; with dryRun=true, only check it",
    tag: "connections",
    body: apiConnectionPatch,
    query: dryRunQuery,
    response: apiConnection,
    async handle({ api, objectPath, body, query: { dryRun = false } }) {
      const [connectionKey] = objectPath as [string];
      const { connection } = await api.readConnection(connectionKey);
      try {
        return toApiConnection(await api.patchConnection(connectionKey, toConnectionPatch(body, connection), { dryRun }));
      } catch (error) {
        throw inApiNames(error);
      }
    },
  }),
  route({
    method: "DELETE",
    path: PATH,
    summary: "Start to deregister an INACTIVE connection, with force=true an UNHEALTHY one too; follow it by GET /jobs?bulkId={taskId}",
    tag: "connections",
    status: 202,
    query: forceQuery,
    response: apiConnectionDeletion,
    async handle({ api, objectPath, query: { force = false } }) {
      const [connectionKey] = objectPath as [string];
      const { bulkId } = await api.deregisterConnection(connectionKey, { force });
      return { connectionKey, taskId: bulkId };
    },
  }),
  route({
    method: "POST",
    path: `${PATH}/activate`,
    summary: "Make an INACTIVE connection, and what inherits from it, active",
    tag: "connections",
    response: apiConnection,
    handle: async ({ api, objectPath }) => toApiConnection(await api.activateConnection(objectPath[0]!)),
  }),
  route({
    method: "POST",
    path: `${PATH}/deactivate`,
    summary: "Make an ACTIVE or UNHEALTHY connection, and what inherits from it, inactive",
    tag: "connections",
    response: apiConnection,
    handle: async ({ api, objectPath }) => toApiConnection(await api.deactivateConnection(objectPath[0]!)),
  }),
];
