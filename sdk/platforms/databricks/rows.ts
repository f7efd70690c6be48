/** A text as a row has it; null for one that is empty or not there. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A time since 1970 in microseconds, or other parts of a millisecond, as ISO-8601 UTC. */
export function timeOf(time: unknown, partsOfMillisecond = 1_000): string | null {
  return time === null || time === undefined ? null : new Date(Number(time) / partsOfMillisecond).toISOString();
}
