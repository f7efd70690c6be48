import { generateKeyPairSync } from "node:crypto";
import { openPrivateKey } from "./private-key";

const PASSPHRASE = "pass-phrase";
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
const plain = rsa.export({ format: "pem", type: "pkcs8" }).toString();
const encrypted = rsa.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: PASSPHRASE }).toString();

function open(content: string, passphrase?: string) {
  return openPrivateKey({ content, passphrase, contentField: "key", passphraseField: "phrase" });
}

it("opens a plain key and an encrypted one", () => {
  expect(open(plain).equals(rsa)).toBe(true);
  expect(open(encrypted, PASSPHRASE).equals(rsa)).toBe(true);
});

it.each([
  ["no key", "hunter2", undefined, "key: is no key in PEM form; give the file's text, -----BEGIN PRIVATE KEY----- to -----END"],
  [
    "a PKCS#1 key",
    rsa.export({ format: "pem", type: "pkcs1" }).toString(),
    undefined,
    "key: is a RSA PRIVATE KEY, which is not PKCS#8; convert it with: openssl pkcs8 -topk8 -in rsa_key.pem -out rsa_key.p8",
  ],
  [
    "a public key",
    generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey.export({ format: "pem", type: "spki" }).toString(),
    undefined,
    "key: holds a public key; give the private key to it",
  ],
  ["no passphrase", encrypted, undefined, "phrase: is missing; the key in key is encrypted"],
  ["another passphrase", encrypted, "other", "phrase: does not open the key in key; give the passphrase that it was encrypted with"],
  [
    "half a key",
    plain.replace(/[\w+/=]{64}\n/, ""),
    undefined,
    "key: cannot be read as a PKCS#8 key; it may be cut off or altered. Give the file's whole text",
  ],
  [
    "another kind of key",
    generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    undefined,
    "key: is a key of type ed25519; only RSA keys are taken",
  ],
  [
    "a short key",
    generateKeyPairSync("rsa", { modulusLength: 1_024 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    undefined,
    "key: has 1024 bits; at least 2048 are needed",
  ],
])("says what is wrong with %s", (_title, content, passphrase, message) => {
  expect(() => open(content, passphrase)).toThrow(message);
});
