import { isDeepStrictEqual } from "node:util";

/** Structural equality in which a member that is undefined is as good as none; the order of keys does not matter. */
export function sameValue(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
