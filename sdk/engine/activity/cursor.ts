import { BadRequestError } from "../../model/errors";

/** A place in a list as a text that says nothing to others. */
export function toCursor(parts: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** @throws BadRequestError naming `after` where the text is none of this list's. */
export function fromCursor(text: string, length: number): (string | null)[] {
  const parts = decode(text);
  const isOwn = Array.isArray(parts) && parts.length === length && parts.every((part) => part === null || typeof part === "string");
  if (isOwn) return parts as (string | null)[];
  throw new BadRequestError("after: is not the `next` of a part of this list; give it as it was answered", { field: "after" });
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
