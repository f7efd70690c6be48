import type { ObjectPath } from "../../model/object-path";
import { fromPathKey, isWithin, toPathKey, type PathKey } from "../../model/path-key";
import type { Principal } from "../../model/settings";
import type { Store } from "../../model/store";

export interface Roles {
  /** The topmost objects with a role, in byte order. */
  readonly roots: () => Promise<ObjectPath[]>;
  /** The children of an object (of `[]`, the connections) at or beneath which there is a role, in byte order. */
  readonly childrenTowards: (path: ObjectPath) => Promise<PathKey[]>;
}

/** Where in the hierarchy some principals have a role, and the way down to it. */
export function rolesOf(store: Pick<Store, "listRoles">, principals: readonly Principal[]): Roles {
  const roots = async (): Promise<ObjectPath[]> => {
    const found: PathKey[] = [];
    for (const key of principals.length === 0 ? [] : await store.listRoles(principals)) {
      const last = found[found.length - 1];
      if (last === undefined || !isWithin(key, last)) found.push(key);
    }
    return found.map(fromPathKey);
  };
  const childrenTowards = async (path: ObjectPath): Promise<PathKey[]> => {
    const above = path.length === 0 ? undefined : toPathKey(path);
    const beneath = (await roots()).filter(
      (root) => root.length > path.length && (above === undefined || isWithin(toPathKey(root), above)),
    );
    return [...new Set(beneath.map((root) => toPathKey(root.slice(0, path.length + 1))))];
  };
  return { roots, childrenTowards };
}
