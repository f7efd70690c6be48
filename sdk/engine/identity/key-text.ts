import { createHash, randomBytes } from "node:crypto";
import type { KeyLookup } from "../../model/identity-store";

/** What every key and token made here starts with. */
export const MADE_PREFIX = "pc_";
const SECRET_BYTES = 32;
/** An id without leading zeros, so that each key has one text. */
const MADE_KEY = /^pc_([1-9][0-9]{0,14})_([A-Za-z0-9_-]{43})$/;

/** The secret of a new key: 256 random bits. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

export function keyPrefix(id: number): string {
  return `${MADE_PREFIX}${id}_`;
}

/** What a key's text says: where it is kept, and the SHA-256 to compare. Any other text can only be the environment's key. */
export function readKeyText(text: string): { readonly lookup: KeyLookup; readonly secretHash: Buffer } {
  const [, id, secret] = MADE_KEY.exec(text) ?? [];
  if (id === undefined || secret === undefined) return { lookup: "environment", secretHash: hashSecret(text) };
  return { lookup: Number(id), secretHash: hashSecret(secret) };
}

export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
