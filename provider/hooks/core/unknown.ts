/** What an unknown value is at preview, at any depth and of whatever type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True for an unknown, and for anything that holds one. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}

/** True where nothing can be said about the value at a path yet: it, or something that it lies in, is unknown. */
export function isUnknownAt(value: unknown, path: readonly PropertyKey[]): boolean {
  let part = value;
  for (const name of path) {
    if (part === UNKNOWN) return true;
    part = (part as Record<PropertyKey, unknown> | null | undefined)?.[name];
  }
  return hasUnknown(part);
}
