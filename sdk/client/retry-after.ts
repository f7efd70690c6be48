/**
 * The pause that a `Retry-After` header asks for, in milliseconds: seconds, or a date (RFC 9110).
 * @returns undefined where there is none, or nothing that can be read.
 */
export function retryAfterMilliseconds(header: unknown, now: number): number | undefined {
  if (typeof header !== "string") return undefined;
  const asked = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(asked) ? undefined : Math.max(0, asked);
}
