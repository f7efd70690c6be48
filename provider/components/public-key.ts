import { createPublicKey, type KeyObject } from "node:crypto";
import { runError } from "../run-error";

const LEAST_BITS = 2048;

/**
 * A public RSA key as Snowflake's users take one: base64 in one line, without header (Snowflake: key-pair authentication).
 * @param text PEM (`PUBLIC KEY` or `RSA PUBLIC KEY`), or that base64 already.
 * @throws pulumi.RunError naming the field; never with the key, which may be the private one by mistake.
 */
export function snowflakePublicKey(text: string, resource: string, field: string): string {
  if (text.includes("PRIVATE KEY")) {
    throw runError(
      `${resource}: ${field}: is a private key; give its public key (openssl rsa -in rsa_key.p8 -pubout), and the private one to withKey`,
    );
  }
  const key = readKey(text);
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  if (key === undefined || key.asymmetricKeyType !== "rsa" || bits === undefined) {
    throw runError(`${resource}: ${field}: is no public RSA key; give it in PEM form, from -----BEGIN PUBLIC KEY----- to its end`);
  }
  if (bits < LEAST_BITS) {
    throw runError(`${resource}: ${field}: has ${bits} bits; Snowflake takes keys of ${LEAST_BITS} or more`);
  }
  return key.export({ type: "spki", format: "der" }).toString("base64");
}

function readKey(text: string): KeyObject | undefined {
  try {
    if (text.includes("-----BEGIN")) return createPublicKey(text);
    return createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
  } catch {
    // The caller says what was expected; OpenSSL's words (DECODER routines::unsupported) help nobody.
    return undefined;
  }
}
