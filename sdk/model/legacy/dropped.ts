import type { DroppedField, LegacySource } from "./registration";

/** Why fields of a payload have no home on a connection, by the name of the field. Those not named are listed as unknown. */
export type Reasons = Readonly<Record<string, string>>;

/** A value that is listed: by field from the payload's root. */
export type Drop = (field: readonly PropertyKey[], oldValue: unknown, reason: string) => void;

/** Names whose values may be secret, or are shown too easily to be sure. */
const SECRET_NAME = /pass|pwd|secret|token|key|credential|content/i;

/** Collects what a payload has that connections have nothing for. */
export function dropList(source: LegacySource): { readonly drop: Drop; readonly dropped: readonly DroppedField[] } {
  const dropped: DroppedField[] = [];
  const drop: Drop = (field, oldValue, reason) =>
    dropped.push({
      origin: { file: source.file, line: source.lineOf(field) },
      field: field.map(String).join("."),
      oldValue: shown(field.at(-1), oldValue),
      reason,
    });
  return { drop, dropped };
}

/** Lists every field of `value` that is there, unless it is `used` or says nothing (null, false, empty). */
export function dropFields(
  value: Readonly<Record<string, unknown>>,
  field: readonly PropertyKey[],
  used: ReadonlySet<string>,
  reasons: Reasons,
  drop: Drop,
): void {
  for (const [name, member] of Object.entries(value)) {
    if (used.has(name) || saysNothing(member)) continue;
    drop([...field, name], member, reasons[name] ?? "is not known to have a place on a connection");
  }
}

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.values(value).every(saysNothing);
}

/** A value without what may be secret; long ones by their length only. */
function shown(name: PropertyKey | undefined, value: unknown): unknown {
  if (typeof name === "string" && SECRET_NAME.test(name)) return "[REDACTED]";
  if (Array.isArray(value)) return value.length > 20 ? `${value.length} entries` : value.map((member) => shown(undefined, member));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shown(key, member)]));
}
