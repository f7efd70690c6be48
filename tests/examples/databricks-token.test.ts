import * as pulumi from "@pulumi/pulumi";
import { connectionInputs, declaredBy, inputsOf, ofType } from "../support/pulumi-mocks";

const hostname = "adb-1234567890123456.7.azuredatabricks.net";
const configure = (config: Readonly<Record<string, string>>, secrets: readonly string[] = []) =>
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`project:${key}`, value])),
    secrets.map((key) => `project:${key}`),
  );
const catalogs = JSON.stringify(["sales", "hr"]);

it("registers the workspace with a token, which nothing else gets", async () => {
  const token = "dapi-only-for-tests";
  const httpPath = "/sql/1.0/warehouses/1234567890abcdef";
  const declared = await declaredBy(async () => {
    configure({ hostname, httpPath, token, catalogs }, ["token"]);
    await import("../../examples/databricks-token/index.js");
  });
  expect(connectionInputs(declared)).toEqual({
    connectionKey: "databricks",
    connection: { technology: "Databricks", hostname, port: 443, httpPath, authenticationType: "token", token },
    settings: { isActive: false, activateNewChildren: false },
  });
  expect(pulumi.runtime.isRpcSecret(inputsOf(declared, "Connection")["connection"])).toBe(true);
  expect(ofType(declared, "ObjectStatus").map(({ inputs }) => inputs["objectPath"])).toEqual([
    ["databricks", "sales"],
    ["databricks", "hr"],
  ]);
  expect(declared.filter((resource) => JSON.stringify(resource).includes(token)).map(({ name }) => name)).toEqual(["databricks"]);
});

it("makes a service principal instead, and registers the workspace as it", async () => {
  const declared = await declaredBy(
    async () => {
      configure({ hostname, catalogs, audit: "true" });
      await import("../../examples/databricks-token/service-principal.js");
    },
    {
      computed: ({ type }) => ({
        ...(type.endsWith(":ServicePrincipal") && { applicationId: "0d2c9f5e" }),
        ...(type.endsWith(":ServicePrincipalSecret") && { secret: "dose-only-for-tests" }),
      }),
    },
  );
  const types = ["ServicePrincipal", "ServicePrincipalSecret", "SqlEndpoint", "Permissions", "Grant", "Connection", "ObjectStatus"];
  expect(types.map((type) => ofType(declared, type).length)).toEqual([1, 1, 1, 1, 2 + 3, 1, 2]);
  const credentials = { authenticationType: "oAuthM2M", oAuthClientConfig: { clientId: "0d2c9f5e", clientSecret: "dose-only-for-tests" } };
  expect(connectionInputs(declared)).toMatchObject({
    connection: { hostname, ...credentials },
    nativeIntegration: { config: { host: hostname, ...credentials, audit: { enabled: true } } },
  });
  for (const field of ["connection", "nativeIntegration"]) {
    expect(pulumi.runtime.isRpcSecret(inputsOf(declared, "Connection")[field])).toBe(true);
  }
});
