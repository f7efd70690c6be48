import type { BrowsingApi, Right } from "../../model/browsing";
import { ForbiddenError } from "../../model/errors";
import { lineage, parseObjectPath, type ObjectPath } from "../../model/object-path";
import { toPathKey } from "../../model/path-key";
import type { Store } from "../../model/store";
import { findObjects } from "../browsing/find-objects";
import { requireObject } from "../objects";
import type { Roles } from "./roles";
import type { Operation } from "./table";

export interface BrowsingRights {
  readonly demand: (operation: Operation, objectPath?: ObjectPath) => Promise<void>;
  /** Whether the caller may read an object; of `[]`, everything. */
  readonly mayRead: (objectPath: ObjectPath) => Promise<boolean>;
  readonly roles: Roles;
  readonly refusalAt: (operation: Operation, objectPath: ObjectPath) => string;
  readonly rightsAt: (objectPath: ObjectPath) => Promise<readonly Right[]>;
}

/** How a caller may look through the hierarchy. */
export function authorizeBrowsing(
  inner: BrowsingApi,
  store: Store,
  { demand, mayRead, roles, rightsAt, refusalAt }: BrowsingRights,
): BrowsingApi {
  return {
    async findObjects(objectPath, query = {}) {
      if (objectPath.length > 0) await demand("readObjects", objectPath);
      const isEverything = objectPath.length > 0 || (await mayRead([]));
      return isEverything ? inner.findObjects(objectPath, query) : findObjects(store, await roles.roots(), query);
    },
    async locateObject(objectPath) {
      if (await mayRead([])) return inner.locateObject(objectPath);
      const path = parseObjectPath(objectPath);
      if ((await roles.childrenTowards(path)).length === 0) await demand("readObjects", path);
      await requireObject(store, path);
      return Promise.all(lineage(path).map(placeOf));
    },
    async listPrincipals(principals) {
      // Whoever may read something sees who owns it.
      if (!(await mayRead([])) && (await roles.roots()).length === 0) throw new ForbiddenError(refusalAt("readObjects", []));
      return inner.listPrincipals(principals);
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
    async listDeclaredDrift(objectPath) {
      await demand("readObjects", objectPath);
      return inner.listDeclaredDrift(objectPath);
    },
    async listSyncs(connectionKey) {
      await demand("readObjects", [connectionKey]);
      return inner.listSyncs(connectionKey);
    },
  };

  /** Its place among those of its siblings that the caller is shown. */
  async function placeOf(path: ObjectPath): Promise<number> {
    const parent = path.slice(0, -1);
    const key = toPathKey(path);
    return (await mayRead(parent)) ? store.countBefore(key) : (await roles.childrenTowards(parent)).indexOf(key);
  }
}
