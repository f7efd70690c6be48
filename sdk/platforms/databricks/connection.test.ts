import { registrationProblems } from "../../model/registration-schema";
import { withoutSecrets } from "../../model/secret-fields";
import { databricks } from ".";

const address = { technology: "Databricks", hostname: "adb-1.2.azuredatabricks.net", port: 443, httpPath: "/sql/1.0/warehouses/abc123" };
const token = { ...address, authenticationType: "token", token: "dapi-secret" };
const oAuthClientConfig = {
  useCertificate: false,
  clientId: "client",
  clientSecret: "client-secret",
  scope: "all-apis",
  authorityUrl: "https://adb-1.2.azuredatabricks.net/oidc/v1/token",
};
const oAuth = { ...address, authenticationType: "oAuthM2M", oAuthClientConfig };
const authority = "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----";

function problems(connection: object, config?: object, unityCatalog = true): string[] {
  const nativeIntegration = config && { type: "Databricks", autoBootstrap: false, config, ...(unityCatalog && { unityCatalog }) };
  const found = registrationProblems([databricks], { connectionKey: "dbx", connection, ...(nativeIntegration && { nativeIntegration }) });
  return found.map(({ field, reason }) => `${field}: ${reason}`);
}

const without = (connection: object, field: string) => Object.fromEntries(Object.entries(connection).filter(([name]) => name !== field));
const derived = (connection: object) => databricks.deriveNativeIntegration(connection as never);

it.each([
  ["a token", token],
  ["a client secret", oAuth],
  ["no port", without(token, "port")],
  ["the workspace's URL", { ...token, hostname: "https://adb-1.2.azuredatabricks.net/" }],
  ["a cluster's path", { ...token, httpPath: "sql/protocolv1/o/123/0123-abc" }],
  ["a private authority", { ...token, certificateAuthority: authority }],
])("takes a connection with %s, and the integration that is derived from it", (_title, connection) => {
  expect(problems(connection)).toEqual([]);
  expect(derived(connection)).toMatchObject({ type: "Databricks", autoBootstrap: false, unityCatalog: true });
  expect(problems(connection, derived(connection).config)).toEqual([]);
});

it.each([
  [without(token, "token"), "connection.token: is missing; authenticationType token needs it"],
  [without(oAuth, "oAuthClientConfig"), "connection.oAuthClientConfig: is missing; authenticationType oAuthM2M needs it"],
  [{ ...oAuth, token: "x" }, "connection.token: does not go with authenticationType oAuthM2M; remove it"],
  [{ ...token, authenticationType: "userPassword" }, 'connection.authenticationType: expected "token" or "oAuthM2M"'],
  [without(token, "httpPath"), "connection.httpPath: expected a string, got nothing"],
  [
    { ...token, httpPath: "abc123" },
    "connection.httpPath: expected the path of a SQL warehouse or cluster, as /sql/1.0/warehouses/1234567890abcdef",
  ],
  [
    { ...token, hostname: "adb-1.2.azuredatabricks.net:443" },
    "connection.hostname: expected the workspace's host, as adb-1234567890123456.7.azuredatabricks.net, without port or path",
  ],
  [{ ...token, port: 70_000 }, "connection.port: expected a port from 0 to 65535"],
  [{ ...token, host: "x" }, "connection.host: is what nativeIntegration.config calls the workspace's address; here it is hostname"],
  [{ ...token, workspaceUrl: "x" }, "connection.workspaceUrl: is what the setup script calls the workspace's address; here it is hostname"],
  [{ ...token, catalog: "sales" }, "connection.catalog: unknown field; remove it or correct its name"],
])("refuses %j", (connection, problem) => {
  expect(problems(connection)).toEqual([problem]);
});

it("takes the integration's address under either of its names, once", () => {
  const { host, ...config } = derived(token).config;
  const more = { catalog: "governance", audit: { enabled: true }, workspaceIds: ["123"], groupPattern: { deny: "exempt" } };
  expect(problems(token, { ...config, ...more, workspaceUrl: host })).toEqual([]);
  const once = "nativeIntegration.config.host: expected the workspace's address once, as host or as workspaceUrl";
  expect(problems(token, config)).toEqual([once]);
  expect(problems(token, { ...config, host, workspaceUrl: host })).toEqual([once]);
});

it("wants unityCatalog to be said", () => {
  expect(problems(token, derived(token).config, false)).toEqual([
    "nativeIntegration.unityCatalog: expected true; Databricks is governed through Unity Catalog only",
  ]);
});

it.each([
  ["impersonation", "user impersonation"],
  ["workspaces", "project workspaces"],
])("refuses %s, which connections do not have, unless it is off", (field, feature) => {
  const { config } = derived(token);
  expect(problems(token, { ...config, [field]: { enabled: false } })).toEqual([]);
  expect(problems(token, { ...config, [field]: { enabled: true } })).toEqual([
    `nativeIntegration.config.${field}: ${feature} is not supported with a connection; remove it, or keep this account on its former integration`,
  ]);
});

it.each([token, oAuth])("leaves every secret out of a read", (connection) => {
  const shown = JSON.stringify(withoutSecrets({ connection, config: derived(connection).config }));
  for (const secret of ["dapi-secret", "client-secret"]) expect(shown).not.toContain(secret);
  expect(shown).toContain("warehouses/abc123");
});

it("makes one spelling of a host, a path and a certificate's line ends", () => {
  const written = {
    ...token,
    hostname: "https://ADB-1.2.AzureDatabricks.net/",
    httpPath: "sql/1.0/warehouses/abc123",
    certificateAuthority: authority,
  };
  expect(databricks.normalize(written, "/")).toMatchObject({
    hostname: "adb-1.2.azuredatabricks.net",
    httpPath: "/sql/1.0/warehouses/abc123",
    certificateAuthority: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
  });
});

it.each([
  ["https://ADB-1.2.azuredatabricks.net/", {}, true],
  ["adb-1.2.azuredatabricks.net.", { httpPath: "/sql/1.0/warehouses/other", port: 443 }, true],
  ["adb-1.2.azuredatabricks.net", { port: 8443 }, false],
  ["adb-1.3.azuredatabricks.net", {}, false],
])("knows whether %s %j is the same workspace", (hostname, part, same) => {
  const identities = [token, { ...token, hostname, ...part }].map((connection) => databricks.accountIdentities(connection)[0]);
  expect(identities[0] === identities[1]).toBe(same);
});
