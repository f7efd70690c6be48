import type { z } from "zod";
import type { BrowsingApi, DeclaredDrift, ObjectEvent, SyncRecord } from "../model/browsing";
import type { Part } from "../model/connections-api";
import type { DataObject } from "../model/data-object";
import { parseObjectPath, type ObjectPath } from "../model/object-path";
import * as answers from "../model/wire/responses";
import type { createFeatures } from "./features";
import type { Request, Transport } from "./transport";

/** The calls for looking through the hierarchy, over HTTP. */
export function browsingCalls(transport: Transport, features: ReturnType<typeof createFeatures>): BrowsingApi {
  async function send<T>(request: Request<T>): Promise<T> {
    await features.demand("browsing");
    return transport.send({ ...request, isRepeatable: true });
  }

  const read = <T>(path: string, objectPath: ObjectPath, answer: z.ZodType<T>): Promise<T> =>
    send({ method: "GET", path, objectPath: objectPath.length === 0 ? [] : parseObjectPath(objectPath), answer });

  return {
    findObjects: (objectPath, { signal, ...body } = {}) =>
      send({
        method: "POST",
        path: "/data/find",
        objectPath: objectPath.length === 0 ? [] : parseObjectPath(objectPath),
        body,
        answer: answers.foundObjects as unknown as z.ZodType<Part<DataObject>>,
        signal,
      }),
    locateObject: async (objectPath) => (await read("/data/position", objectPath, answers.position)).positions,
    listTagsOf: async (objectPaths) =>
      (await send({ method: "POST", path: "/data/tags", body: { objectPaths }, answer: answers.tagList })).hits,
    async listPrincipals(principals) {
      if (principals.some((one) => "name" in one)) await features.demand("principalNames");
      return (await send({ method: "POST", path: "/data/principals", body: { principals }, answer: answers.namedPrincipals })).hits;
    },
    previewStatus: (objectPath, isActive) =>
      send({
        method: "POST",
        path: "/data/preview",
        objectPath: parseObjectPath(objectPath),
        body: { settings: { isActive } },
        answer: answers.statusPreview,
      }),
    listRights: async (objectPath) => (await read("/data/rights", objectPath, answers.rights)).hits,
    listDeclaredDrift: async (objectPath) =>
      (await read("/data/declared", objectPath, answers.declaredDrift as unknown as z.ZodType<{ hits: DeclaredDrift[] }>)).hits,
    listEvents: async (objectPath) =>
      (await read("/data/events", objectPath, answers.objectEvents as unknown as z.ZodType<{ hits: ObjectEvent[] }>)).hits,
    listSyncs: async (connectionKey) =>
      (await read("/data/syncs", [connectionKey], answers.syncRecords as unknown as z.ZodType<{ hits: SyncRecord[] }>)).hits,
  };
}
