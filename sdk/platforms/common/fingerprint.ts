import { createHash } from "node:crypto";

/** A short text that differs whenever one of the parts does. */
export function fingerprint(...parts: readonly (string | null)[]): string {
  return createHash("md5").update(JSON.stringify(parts)).digest("base64url");
}
