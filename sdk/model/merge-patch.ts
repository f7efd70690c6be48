import { REDACTED, SECRET_FIELDS } from "./secret-fields";

type Json = Readonly<Record<string, unknown>>;

/** The target with a merge patch applied (RFC 7396), except that a secret field sent as `[REDACTED]` keeps its value. */
export function mergePatch(target: Json, patch: Json): Json {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    if (value === REDACTED && SECRET_FIELDS.has(name) && merged.has(name)) continue;
    if (value === null) merged.delete(name);
    else if (isObject(value)) merged.set(name, mergePatch(asObject(merged.get(name)), value));
    else merged.set(name, value);
  }
  return Object.fromEntries(merged);
}

function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
