import {
  crawlBody,
  crawlQuery,
  manySettingsBody,
  manySettingsQuery,
  objectQuery,
  objectsQuery,
  overridesQuery,
  partQuery,
  searchBody,
  settingsBody,
} from "../../model/wire/requests";
import {
  crawlStarted,
  dataObject,
  dataSources,
  deleted,
  objectCounts,
  objectList,
  overrideList,
  searchPage,
  settingsOutcome,
  syncPlan,
} from "../../model/wire/responses";
import { route } from "../route";

/** The registered hierarchy (contract: `/data` endpoints); counts, data sources, overrides and plans are ours. */
export const objectRoutes = [
  route({
    method: "GET",
    path: "/data/object/{objectPath}",
    summary: "Read one object with its effective settings and its overrides",
    tag: "objects",
    query: objectQuery,
    response: dataObject,
    handle: ({ api, objectPath, query }) => api.getObject(objectPath, { columns: query.columns ?? false }),
  }),
  route({
    method: "DELETE",
    path: "/data/object/{objectPath}",
    summary: "Delete an object and everything beneath it; of one element, deregister the connection",
    tag: "objects",
    response: deleted,
    handle: ({ api, objectPath }) => api.deleteObject(objectPath),
  }),
  ...["/data/object/search", "/data/object/search/{objectPath}"].map((path) =>
    route({
      method: "POST",
      path,
      summary: path.endsWith("search") ? "List the connections" : "List the direct children of an object",
      tag: "objects",
      body: searchBody.optional(),
      response: searchPage,
      handle({ api, objectPath, body = {} }) {
        const { sortField: _onlyName, ...query } = body;
        return api.searchObjects(objectPath, query);
      },
    }),
  ),
  route({
    method: "PUT",
    path: "/data/settings/{objectPath}",
    summary: "Set settings on an object itself; null lets it inherit again",
    tag: "objects",
    body: settingsBody,
    response: dataObject,
    handle: ({ api, objectPath, body }) => api.updateSettings(objectPath, body.settings),
  }),
  route({
    method: "PUT",
    path: "/data/settings",
    summary: "Set settings on many objects; those that cannot be changed are named, the others are",
    tag: "objects",
    body: manySettingsBody,
    query: manySettingsQuery,
    response: settingsOutcome,
    handle: ({ api, body, query }) => api.updateManySettings(body.updates, { dryRun: query.dryRun ?? false }),
  }),
  route({
    method: "POST",
    path: "/data/crawl/{objectPath}",
    summary: "Start an object sync at an object; with dryRun=true, answer what it would change",
    tag: "objects",
    body: crawlBody.optional(),
    query: crawlQuery,
    response: crawlStarted.or(syncPlan),
    handle({ api, objectPath, body = {}, query, signal }) {
      const { forceRecursive: forceRecursiveCrawl = true, allowMassRemoval = false, limit } = body;
      if (query.dryRun !== true) return api.crawl(objectPath, { forceRecursiveCrawl, allowMassRemoval });
      return api.planSync(objectPath, { forceRecursiveCrawl, signal, ...(limit !== undefined && { limit }) });
    },
  }),
  route({
    method: "GET",
    path: "/drift/{objectPath}",
    summary: "What changed on the platform since the last object sync",
    tag: "objects",
    response: syncPlan,
    handle: ({ api, objectPath, signal }) => api.planSync(objectPath, { signal }),
  }),
  route({
    method: "GET",
    path: "/data/counts/{objectPath}",
    summary: "Count the objects beneath an object",
    tag: "objects",
    response: objectCounts,
    handle: ({ api, objectPath }) => api.countObjects(objectPath),
  }),
  ...["/data/sources", "/data/sources/{objectPath}"].map((path) =>
    route({
      method: "GET",
      path,
      summary: path.endsWith("sources") ? "List all data sources" : "List the data sources at and beneath an object",
      tag: "objects",
      query: partQuery,
      response: dataSources,
      handle: ({ api, objectPath, query }) => api.listDataSources(objectPath, query),
    }),
  ),
  route({
    method: "GET",
    path: "/data/overrides/{objectPath}",
    summary: "List every override at and beneath an object",
    tag: "objects",
    query: overridesQuery,
    response: overrideList,
    handle: async ({ api, objectPath, query }) => ({ hits: await api.listOverrides(objectPath, query) }),
  }),
  route({
    method: "GET",
    path: "/data/objects/{objectPath}",
    summary: "List an object and everything beneath it",
    tag: "objects",
    query: objectsQuery,
    response: objectList,
    handle: ({ api, objectPath, query }) => api.listObjects(objectPath, query),
  }),
];
