import type { BrowsingApi, Right } from "../../model/browsing";
import type { ObjectPath } from "../../model/object-path";
import type { Store } from "../../model/store";
import { findObjects } from "../browsing/find-objects";
import type { Operation } from "./table";

export interface BrowsingRights {
  readonly demand: (operation: Operation, objectPath?: ObjectPath) => Promise<void>;
  /** The connections that the caller may read; undefined for all. */
  readonly ownConnections: () => Promise<readonly ObjectPath[] | undefined>;
  readonly rightsAt: (objectPath: ObjectPath) => Promise<readonly Right[]>;
}

/** How a caller may look through the hierarchy. */
export function authorizeBrowsing(inner: BrowsingApi, store: Store, { demand, ownConnections, rightsAt }: BrowsingRights): BrowsingApi {
  return {
    async findObjects(objectPath, query = {}) {
      if (objectPath.length > 0) await demand("readObjects", objectPath);
      const own = objectPath.length === 0 ? await ownConnections() : undefined;
      return own === undefined ? inner.findObjects(objectPath, query) : findObjects(store, own, query);
    },
    async locateObject(objectPath) {
      await demand("readObjects", objectPath);
      return inner.locateObject(objectPath);
    },
    async listTagsOf(objectPaths) {
      for (const objectPath of objectPaths) await demand("readObjects", objectPath);
      return inner.listTagsOf(objectPaths);
    },
    async previewStatus(objectPath, isActive) {
      await demand("readObjects", objectPath);
      return inner.previewStatus(objectPath, isActive);
    },
    // Whoever calls may ask what it may do.
    listRights: rightsAt,
    async listEvents(objectPath) {
      await demand("readObjects", objectPath);
      return inner.listEvents(objectPath);
    },
    async listSyncs(connectionKey) {
      await demand("readObjects", [connectionKey]);
      return inner.listSyncs(connectionKey);
    },
  };
}
