import type { BrowsingApi } from "../../model/browsing";
import type { Tag } from "../../model/activity";
import { BadRequestError } from "../../model/errors";
import { lineage, parseObjectPath, type ObjectPath } from "../../model/object-path";
import { fromPathKey, toPathKey } from "../../model/path-key";
import type { Store } from "../../model/store";
import { requireObject } from "../objects";
import { PERMISSION_TABLE } from "../permissions/table";
import { findObjects } from "./find-objects";
import { findPrincipals } from "./find-principals";
import { listDeclaredDrift } from "./list-declared-drift";
import { listEvents } from "./list-events";
import { previewStatus } from "./preview-status";

const MOST_PATHS = 1_000;
const MOST_PRINCIPALS = 1_000;

/** How to look through the hierarchy, for the local administrator. */
export function createBrowsing(store: Store): BrowsingApi {
  return {
    findObjects: async (objectPath, query = {}) =>
      findObjects(store, objectPath.length === 0 ? await connectionPaths(store) : [parseObjectPath(objectPath)], query),
    async locateObject(objectPath) {
      const path = parseObjectPath(objectPath);
      await requireObject(store, path);
      return Promise.all(lineage(path).map((at) => store.countBefore(toPathKey(at))));
    },
    async listTagsOf(objectPaths) {
      if (objectPaths.length > MOST_PATHS) {
        throw new BadRequestError(`objectPaths: names ${objectPaths.length} objects; at most ${MOST_PATHS}`, { field: "objectPaths" });
      }
      const keys = objectPaths.map((path) => toPathKey(parseObjectPath(path, "objectPaths")));
      return (await store.getTags(keys)).map(({ key, ...tag }): Tag => ({ objectPath: [...fromPathKey(key)], ...tag }));
    },
    async listPrincipals(principals) {
      if (principals.length > MOST_PRINCIPALS) {
        throw new BadRequestError(`principals: names ${principals.length} users and groups; at most ${MOST_PRINCIPALS}`, {
          field: "principals",
        });
      }
      return findPrincipals(store, principals);
    },
    previewStatus: async (objectPath, isActive) => previewStatus(store, parseObjectPath(objectPath), isActive),
    listRights: async () => Object.keys(PERMISSION_TABLE).map((operation) => ({ operation, isAllowed: true, reason: null })),
    listEvents: async (objectPath) => listEvents(store, parseObjectPath(objectPath)),
    listDeclaredDrift: async (objectPath) => listDeclaredDrift(store, parseObjectPath(objectPath)),
    async listSyncs(connectionKey) {
      await requireObject(store, parseObjectPath([connectionKey], "connectionKey"));
      return store.listSyncRecords(connectionKey);
    },
  };
}

async function connectionPaths(store: Store): Promise<ObjectPath[]> {
  const everything = { offset: 0, size: Number.MAX_SAFE_INTEGER, sortOrder: "asc", searchText: undefined } as const;
  return (await store.listChildren(undefined, everything)).rows.map(({ key }) => fromPathKey(key));
}
