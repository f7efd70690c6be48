import type { ObjectPath } from "../object-path";
import { toPathKey } from "../path-key";

/** Each path once, in the order of their first mention. */
export function distinctPaths(paths: readonly ObjectPath[]): ObjectPath[] {
  return [...new Map(paths.map((path) => [toPathKey(path), path])).values()];
}

/** The narrowest path that is all of these or lies above them; at least the first element, which they have to share. */
export function commonPath(paths: readonly ObjectPath[]): ObjectPath {
  const [first = []] = paths;
  const differing = first.findIndex((name, index) => paths.some((path) => path[index] !== name));
  return differing < 0 ? first : first.slice(0, differing);
}
