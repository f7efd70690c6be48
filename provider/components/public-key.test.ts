import { generateKeyPairSync } from "node:crypto";
import { snowflakePublicKey } from "./public-key";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const inOneLine = pair.publicKey.export({ type: "spki", format: "der" }).toString("base64");
const read = (text: string) => snowflakePublicKey(text, 'SnowflakeSystemAccount "gov"', "publicKey");

it.each([
  ["PEM", pair.publicKey.export({ type: "spki", format: "pem" }).toString()],
  ["PEM with Windows line ends", pair.publicKey.export({ type: "spki", format: "pem" }).toString().replaceAll("\n", "\r\n")],
  ["PEM of PKCS#1", pair.publicKey.export({ type: "pkcs1", format: "pem" }).toString()],
  ["base64", inOneLine],
])("a key in %s becomes the one line that Snowflake takes", (_, text) => {
  expect(read(text)).toBe(inOneLine);
});

it("refuses a private key without showing it", () => {
  const text = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(() => read(text)).toThrow(/^SnowflakeSystemAccount "gov": publicKey: is a private key; give its public key/);
  expect(() => read(text)).not.toThrow(text.split("\n")[1]);
});

it("refuses what is no key, another kind of key, and one that is too short", () => {
  expect(() => read("hello")).toThrow(/publicKey: is no public RSA key; give it in PEM form/);
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
  expect(() => read(curve.export({ type: "spki", format: "pem" }).toString())).toThrow(/is no public RSA key/);
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  expect(() => read(short.export({ type: "spki", format: "pem" }).toString())).toThrow(
    /has 1024 bits; Snowflake takes keys of 2048 or more/,
  );
});
