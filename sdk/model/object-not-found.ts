import { NotFoundError } from "./errors";
import { formatObjectPath, levelOf, type ObjectPath } from "./object-path";

/** @param index of the first element of the path that is not registered. */
export function objectNotFound(path: ObjectPath, index: number): NotFoundError {
  const text = formatObjectPath(path);
  const name = path[index]!;
  if (index === 0) {
    return new NotFoundError(`${text}: there is no connection "${name}"; register it first, or correct the key`, { field: "objectPath" });
  }
  const above = formatObjectPath(path.slice(0, index));
  return new NotFoundError(
    `${text}: there is no ${levelOf(path.slice(0, index + 1))} "${name}" in ${above} (names are case-sensitive); correct the name, ` +
      `or sync ${above} if it is new on the platform`,
    { field: "objectPath" },
  );
}
