import { findBody, previewBody, principalsBody, tagsOfBody } from "../../model/wire/requests";
import {
  declaredDrift,
  foundObjects,
  namedPrincipals,
  objectEvents,
  position,
  rights,
  statusPreview,
  syncRecords,
  tagList,
} from "../../model/wire/responses";
import { route } from "../route";

/** Looking through the hierarchy, as the infrastructure page does; all of it is ours. */
export const browsingRoutes = [
  ...["/data/find", "/data/find/{objectPath}"].map((path) =>
    route({
      method: "POST",
      path,
      summary: path.endsWith("find") ? "Search all objects" : "Search the objects at and beneath an object",
      tag: "objects",
      body: findBody.optional(),
      response: foundObjects,
      handle: ({ api, objectPath, body = {}, signal }) => api.findObjects(objectPath, { ...body, signal }),
    }),
  ),
  route({
    method: "GET",
    path: "/data/position/{objectPath}",
    summary: "The place of an object, and of each above it, among its siblings",
    tag: "objects",
    response: position,
    handle: async ({ api, objectPath }) => ({ objectPath, positions: await api.locateObject(objectPath) }),
  }),
  route({
    method: "POST",
    path: "/data/tags",
    summary: "The platform's tags of some objects themselves",
    tag: "objects",
    body: tagsOfBody,
    response: tagList,
    handle: async ({ api, body }) => ({ hits: await api.listTagsOf(body.objectPaths) }),
  }),
  route({
    method: "POST",
    path: "/data/principals",
    summary: "Number and name of some users and groups",
    tag: "objects",
    body: principalsBody,
    response: namedPrincipals,
    handle: async ({ api, body }) => ({ hits: await api.listPrincipals(body.principals) }),
  }),
  route({
    method: "POST",
    path: "/data/preview/{objectPath}",
    summary: "How many objects a change of isActive would change; writes nothing",
    tag: "objects",
    body: previewBody,
    response: statusPreview,
    handle: ({ api, objectPath, body }) => api.previewStatus(objectPath, body.settings.isActive),
  }),
  ...["/data/rights", "/data/rights/{objectPath}"].map((path) =>
    route({
      method: "GET",
      path,
      summary: path.endsWith("rights") ? "What the caller may do everywhere" : "What the caller may do at an object",
      tag: "objects",
      response: rights,
      handle: async ({ api, objectPath }) => ({ hits: await api.listRights(objectPath) }),
    }),
  ),
  route({
    method: "GET",
    path: "/data/declared/{objectPath}",
    summary: "Settings at and beneath an object that differ from what Pulumi programs declared",
    tag: "objects",
    response: declaredDrift,
    handle: async ({ api, objectPath }) => ({ hits: await api.listDeclaredDrift(objectPath) }),
  }),
  route({
    method: "GET",
    path: "/data/events/{objectPath}",
    summary: "Who set what on an object and above it, and what syncs found of it, newest first",
    tag: "objects",
    response: objectEvents,
    handle: async ({ api, objectPath }) => ({ hits: await api.listEvents(objectPath) }),
  }),
  route({
    method: "GET",
    path: "/data/syncs/{connectionKey}",
    summary: "Counts and durations of a connection's syncs, oldest first",
    tag: "connections",
    response: syncRecords,
    handle: async ({ api, objectPath }) => ({ hits: await api.listSyncs(objectPath[0]!) }),
  }),
];
