import { generateKeyPairSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { declaredBy } from "../support/pulumi-mocks";

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open" },
});

it("sets the account up and registers it with its key, which Snowflake's resources never get", async () => {
  const declared = await declaredBy(async () => {
    const config = {
      hostname: "acme.snowflakecomputing.com",
      databases: JSON.stringify(["SALES", "HR"]),
      publicKey,
      privateKey,
      privateKeyPassword: "open",
      audit: "true",
    };
    pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(config).map(([key, value]) => [`project:${key}`, value])), [
      "project:privateKey",
      "project:privateKeyPassword",
    ]);
    await import("../../examples/snowflake-key-pair/index.js");
  });

  const count = (type: string) => declared.filter((resource) => resource.type.endsWith(`:${type}`)).length;
  expect(["AccountRole", "ServiceUser", "Warehouse", "GrantAccountRole", "Connection", "ObjectStatus"].map(count)).toEqual([
    1, 1, 1, 1, 1, 2,
  ]);
  expect(count("GrantPrivilegesToAccountRole")).toBe(1 + 2 * 17 + 1);

  const connection = declared.find(({ type }) => type.endsWith(":Connection"))!;
  for (const field of ["connection", "nativeIntegration"]) {
    const input = connection.inputs[field];
    expect(pulumi.runtime.isRpcSecret(input)).toBe(true);
    expect(JSON.stringify(input)).toContain(JSON.stringify(privateKey));
  }
  const secret = JSON.stringify(privateKey).slice(1, -1);
  expect(declared.filter((resource) => JSON.stringify(resource).includes(secret)).map(({ name }) => name)).toEqual(["snowflake"]);
});
