import { z } from "zod";

export const DEFAULT_PORT = 443;

export const port = z.int().min(0, "expected a port from 0 to 65535").max(65_535, "expected a port from 0 to 65535").optional();

/** A shell or a hand-written JSON file leaves `\n` as two characters; a PEM text has no backslash of its own. */
export function withLineEnds(pem: string): string {
  return pem.replaceAll("\\r", "").replaceAll("\\n", "\n").replaceAll("\r", "");
}

/** Also of a key that a read showed, which lacks its text. */
export function keyWithLineEnds<Key extends { readonly content?: string }>(key: Key): Key {
  return key.content === undefined ? key : { ...key, content: withLineEnds(key.content) };
}
