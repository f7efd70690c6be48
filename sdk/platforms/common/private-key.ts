import { createPrivateKey, type KeyObject } from "node:crypto";
import { PlatformError } from "../../model/errors";

/** Shorter keys are refused by the platforms. */
const SMALLEST_BITS = 2_048;
const CONVERT = "openssl pkcs8 -topk8 -in rsa_key.pem -out rsa_key.p8";

/** A key's text with its passphrase, and the fields that they are given in. */
export interface GivenKey {
  readonly content: string;
  readonly passphrase: string | undefined;
  readonly contentField: string;
  readonly passphraseField: string;
}

/**
 * The RSA key of a PKCS#8 text, opened.
 * @throws PlatformError for each way in which it is none, before anything is sent.
 */
export function openPrivateKey({ content, passphrase, contentField, passphraseField }: GivenKey): KeyObject {
  const wrong = (field: string, what: string, cause?: unknown) => new PlatformError(`${field}: ${what}`, { field, cause });
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(content)?.[1];
  if (label === undefined)
    throw wrong(contentField, "is no key in PEM form; give the file's text, -----BEGIN PRIVATE KEY----- to -----END");
  if (/PUBLIC KEY|CERTIFICATE/.test(label)) throw wrong(contentField, `holds a ${label.toLowerCase()}; give the private key to it`);
  if (label !== "PRIVATE KEY" && label !== "ENCRYPTED PRIVATE KEY") {
    throw wrong(contentField, `is a ${label}, which is not PKCS#8; convert it with: ${CONVERT}`);
  }
  const isEncrypted = label.startsWith("ENCRYPTED");
  if (isEncrypted && !passphrase) throw wrong(passphraseField, `is missing; the key in ${contentField} is encrypted`);
  const key = opened(content, passphrase);
  if (key instanceof Error) {
    throw isEncrypted
      ? wrong(passphraseField, `does not open the key in ${contentField}; give the passphrase that it was encrypted with`, key)
      : wrong(contentField, "cannot be read as a PKCS#8 key; it may be cut off or altered. Give the file's whole text", key);
  }
  if (key.asymmetricKeyType !== "rsa") {
    throw wrong(contentField, `is a key of type ${key.asymmetricKeyType ?? "unknown"}; only RSA keys are taken`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < SMALLEST_BITS) throw wrong(contentField, `has ${bits} bits; at least ${SMALLEST_BITS} are needed`);
  return key;
}

function opened(content: string, passphrase: string | undefined): KeyObject | Error {
  try {
    return createPrivateKey({ key: content, format: "pem", ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    // OpenSSL's words say nothing to a user, but a stack trace may need them.
    return error instanceof Error ? error : new Error(String(error));
  }
}
