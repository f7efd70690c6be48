import { auditQuery, lineageQuery, partQuery } from "../../model/wire/requests";
import { lineageEdges, queryRecords, tags } from "../../model/wire/responses";
import { route } from "../route";

/** What platforms tell of the registered objects; all of it is ours. */
export const activityRoutes = [
  route({
    method: "GET",
    path: "/data/tags/{objectPath}",
    summary: "List the platform's tags at and beneath an object",
    tag: "objects",
    query: partQuery,
    response: tags,
    handle: ({ api, objectPath, query }) => api.listTags(objectPath, query),
  }),
  route({
    method: "GET",
    path: "/data/lineage/{objectPath}",
    summary: "List what flows into and out of an object and everything beneath it",
    tag: "objects",
    query: lineageQuery,
    response: lineageEdges,
    handle: ({ api, objectPath, query }) => api.listLineage(objectPath, query),
  }),
  route({
    method: "GET",
    path: "/data/audit/{objectPath}",
    summary: "List who ran which statements on an object and everything beneath it, newest first",
    tag: "objects",
    query: auditQuery,
    response: queryRecords,
    handle: ({ api, objectPath, query }) => api.listQueries(objectPath, query),
  }),
];
