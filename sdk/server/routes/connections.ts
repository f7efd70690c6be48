import { z } from "zod";
import type { ConnectionUpdate, Registration } from "../../model/registration";
import { connectionDetails, deleted, diagnosis, registered, tested } from "../../model/wire/responses";
import { route } from "../route";

// The engine checks these bodies itself: their shape depends on the technology.
const registration = z.looseObject({ connectionKey: z.string() }) as unknown as z.ZodType<Registration>;
const update = z.looseObject({ connection: z.looseObject({ technology: z.string() }) }) as unknown as z.ZodType<ConnectionUpdate>;

/** Registered connections (contract: `/data` endpoints, registration). */
export const connectionRoutes = [
  route({
    method: "POST",
    path: "/data/connection",
    summary: "Check credentials, register a connection and start its first object sync",
    tag: "connections",
    body: registration,
    response: registered,
    handle: ({ api, body }) => api.registerConnection(body),
  }),
  route({
    method: "POST",
    path: "/data/connection/test",
    summary: "Check credentials and save nothing",
    tag: "connections",
    body: update,
    response: tested,
    async handle({ api, body }) {
      await api.testConnection(body);
      return { status: "passed" };
    },
  }),
  route({
    method: "GET",
    path: "/data/connection/{connectionKey}",
    summary: "Read a connection, without its secrets",
    tag: "connections",
    response: connectionDetails,
    handle: ({ api, objectPath }) => api.getConnection(objectPath[0]!),
  }),
  route({
    method: "PUT",
    path: "/data/connection/{connectionKey}",
    summary: "Check new credentials and replace the connection information",
    tag: "connections",
    body: update,
    response: connectionDetails,
    handle: ({ api, objectPath, body }) => api.updateConnection(objectPath[0]!, body),
  }),
  route({
    method: "DELETE",
    path: "/data/connection/{connectionKey}",
    summary: "Deregister a connection with everything beneath it",
    tag: "connections",
    response: deleted,
    handle: ({ api, objectPath }) => api.deleteObject(objectPath),
  }),
  route({
    method: "GET",
    path: "/data/diagnosis/{connectionKey}",
    summary: "Which grants a connection lacks on its platform, with the SQL that grants them",
    tag: "connections",
    response: diagnosis,
    handle: ({ api, objectPath, signal }) => api.diagnose(objectPath[0]!, { signal }),
  }),
];
