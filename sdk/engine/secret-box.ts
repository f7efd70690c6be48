import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { StoreError } from "../model/errors";

export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "v1";

/** Encrypts what must not lie in the store in plain text. */
export interface SecretBox {
  seal(plain: string): string;
  /** @throws StoreError when the text was sealed with a key that is not at hand. */
  open(sealed: string): string;
}

/**
 * AES-256-GCM under the first of the keys; what was sealed under another of them opens too. A sealed text names its key
 * by a hash (`v1:<key>:<base64>`).
 * @param loadKeys asked when a key is first needed, so that reading an empty store makes no key file, and again when a
 * text names a key that was not there then (another process may have rotated it).
 */
export function createSecretBox(loadKeys: (forSealing: boolean) => Buffer[]): SecretBox {
  let keys: Buffer[] | undefined;
  return {
    seal(plain) {
      keys ??= loadKeys(true);
      const key = keys[0]!;
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const sealed = Buffer.concat([iv, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, nameOf(key), sealed.toString("base64")].join(":");
    },
    open(text) {
      const [, name, base64 = ""] = text.split(":");
      const find = () => keys?.find((key) => nameOf(key) === name);
      if (find() === undefined) keys = loadKeys(false);
      const key = find();
      if (key === undefined) throw otherKey();
      const sealed = Buffer.from(base64, "base64");
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, IV_BYTES));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      try {
        const plain = decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES));
        return Buffer.concat([plain, decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new StoreError("the store's secrets were changed outside; restore the store from a backup", { cause });
      }
    },
  };
}

function otherKey(): StoreError {
  return new StoreError(
    "the store's secrets were encrypted with another key; set CONNECTIONS_SECRET_KEY, or restore the key file beside the store",
  );
}

/** Short, and tells nothing of the key. */
function nameOf(key: Buffer): string {
  return createHash("sha256").update("name of key").update(key).digest("hex").slice(0, 12);
}
