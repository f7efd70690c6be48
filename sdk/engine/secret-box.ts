import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { StoreError } from "../model/errors";

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "v1:";

/** Encrypts what must not lie in the store in plain text. */
export interface SecretBox {
  seal(plain: string): string;
  /** @throws StoreError when the text was sealed with another key. */
  open(sealed: string): string;
}

/** AES-256-GCM. The key is asked for when first needed, so that reading an empty store makes no key file. */
export function createSecretBox(loadKey: (forSealing: boolean) => Buffer): SecretBox {
  let key: Buffer | undefined;
  return {
    seal(plain) {
      key ??= loadKey(true);
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const sealed = Buffer.concat([iv, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return VERSION + sealed.toString("base64");
    },
    open(text) {
      key ??= loadKey(false);
      const sealed = Buffer.from(text.slice(VERSION.length), "base64");
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, IV_BYTES));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      try {
        const plain = decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES));
        return Buffer.concat([plain, decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new StoreError(
          "the store's secrets were encrypted with another key; set CONNECTIONS_SECRET_KEY, or restore the key file beside the store",
          { cause },
        );
      }
    },
  };
}

/**
 * The key out of CONNECTIONS_SECRET_KEY (32 bytes in base64), else out of a file with mode 0600 beside the store, made
 * when first needed.
 */
export function keyFromEnvironmentOrFile(file: string, environment: NodeJS.ProcessEnv): (forSealing: boolean) => Buffer {
  return (forSealing) => {
    const given = environment["CONNECTIONS_SECRET_KEY"];
    if (given !== undefined && given !== "") return decodeKey(given, "CONNECTIONS_SECRET_KEY");
    if (!existsSync(file)) {
      if (!forSealing) {
        throw new StoreError(`secret key file ${file} is gone; restore it, or set CONNECTIONS_SECRET_KEY to the key that it held`);
      }
      createKeyFile(file);
    }
    return decodeKey(readFileSync(file, "utf8").trim(), `secret key file ${file}`);
  };
}

function createKeyFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(KEY_BYTES).toString("base64") + "\n", { mode: 0o600 });
  try {
    // A link, not a rename: of two processes at once the first one's key must stay.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
}

function decodeKey(text: string, origin: string): Buffer {
  const key = Buffer.from(text, "base64");
  if (key.length !== KEY_BYTES) {
    throw new StoreError(`${origin}: expected ${KEY_BYTES} bytes in base64; make one with \`openssl rand -base64 32\``);
  }
  return key;
}
