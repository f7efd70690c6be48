import type { StatefulConnection } from "../../sdk/model/connection-lifecycle";
import type { ConnectionInformation, NativeIntegration } from "../../sdk/model/registration";
import { mergePatch } from "../../sdk/model/merge-patch";
import { connectionProblems } from "../../sdk/model/registration-schema";
import { withRedactedSecrets } from "../../sdk/model/secret-fields";
import { apiConnectionPatch, toApiConnection, toConnectionPatch, type ApiConnectionPatch } from "../../sdk/model/wire/api-connections";
import { followConnection } from "../../sdk/engine/follow-connection";
import { platforms } from "../../sdk/platforms";
import { deriveIntegration } from "../../sdk/platforms/snowflake/integration-config";
import { snowflakeConnectionSchema } from "../../sdk/platforms/snowflake/connection";

const snowflake = { technology: "Snowflake", hostname: "acme.snowflakecomputing.com", port: 443, warehouse: "WH", role: "GOV" };
const databricks = { technology: "Databricks", hostname: "adb-1.2.azuredatabricks.net", port: 443, httpPath: "/sql/1.0/warehouses/1" };
const client = { clientId: "id", scope: "all-apis", authorityUrl: "https://login.example.com/token" };
const pem = (name: string) => ({ userFilename: name, content: "-----BEGIN PRIVATE KEY-----" });
const secretClient = { ...client, useCertificate: false, clientSecret: "client-secret" };
const certificateClient = { ...client, useCertificate: true, publicCertificateThumbprint: "ab", privateKey: pem("c.pem"), resource: "r" };

const CONNECTIONS: Readonly<Record<string, ConnectionInformation>> = {
  UserPassword: { ...snowflake, authenticationType: "userPassword", username: "SYS", password: "hunter2" },
  KeyPair: {
    ...snowflake,
    authenticationType: "keyPair",
    username: "SYS",
    privateKey: { keyName: "PRIV_KEY_FILE", ...pem("rsa.p8") },
    privateKeyPassword: "phrase",
  },
  OAuthWithClientSecret: { ...snowflake, authenticationType: "oAuthClientCredentials", oAuthClientConfig: secretClient },
  OAuthWithCertificate: { ...snowflake, authenticationType: "oAuthClientCredentials", oAuthClientConfig: certificateClient },
  Token: { ...databricks, authenticationType: "token", token: "dapi-token" },
};
const M2M: ConnectionInformation = { ...databricks, authenticationType: "oAuthM2M", oAuthClientConfig: secretClient };

const cases = [...Object.entries(CONNECTIONS), ["OAuthWithClientSecret", M2M] as const];

const view = (connection: ConnectionInformation) => toApiConnection({ ...details(connection), connection });
/** As a read of the API shows it. */
function shown(connection: ConnectionInformation) {
  const { technology, clientConfiguration } = view(withRedactedSecrets(connection));
  return { technology, clientConfiguration };
}

const patched = (connection: ConnectionInformation, patch: ApiConnectionPatch) =>
  mergePatch(connection, toConnectionPatch(apiConnectionPatch.parse(patch), connection).connection!);

it.each(cases)("shows %s by the names of the API, without a secret", (name, connection) => {
  const { clientConfiguration } = shown(connection);
  expect(clientConfiguration).toMatchObject({ hostname: connection["hostname"], credential: { authenticationType: name } });
  expect(Object.keys(clientConfiguration)).not.toContain("authenticationType");
  expect(JSON.stringify(clientConfiguration)).not.toMatch(/hunter2|phrase|client-secret|dapi-token|BEGIN PRIVATE KEY/);
});

it("shows a certificate's credential as the contract does", () => {
  expect(shown(CONNECTIONS["OAuthWithCertificate"]!).clientConfiguration.credential).toEqual({
    authenticationType: "OAuthWithCertificate",
    ...client,
    publicCertificateThumbprint: "ab",
    resource: "r",
    privateKey: { filename: "c.pem", content: "[REDACTED]" },
  });
});

it.each(cases)("leaves %s as it is when what was read is sent back", (_name, connection) => {
  expect(patched(connection, shown(connection) as ApiConnectionPatch)).toEqual(connection);
});

it.each(cases)("leaves nothing of %s behind when another type of credential is sent", (name, connection) => {
  const others = cases.filter(([other, { technology }]) => other !== name && technology === connection.technology);
  for (const [, other] of others) {
    const { credential } = view(other).clientConfiguration;
    const result = patched(connection, { clientConfiguration: { credential } });
    expect(result).toEqual(other);
    expect(connectionProblems(platforms, { connection: result })).toEqual([]);
  }
});

it("changes one field of a credential", () => {
  const patch = { clientConfiguration: { credential: { clientSecret: "another" } } };
  expect(patched(M2M, patch)).toEqual({ ...M2M, oAuthClientConfig: { ...secretClient, clientSecret: "another" } });
});

it.each([
  [{ password: "x" }, "clientConfiguration.credential.password: does not go with KeyPair; remove it"],
  [{ clientId: "x" }, "clientConfiguration.credential.clientId: does not go with KeyPair; remove it"],
])("refuses %j in a key pair's credential", (credential, message) => {
  expect(() => patched(CONNECTIONS["KeyPair"]!, { clientConfiguration: { credential } })).toThrow(message);
});

it("refuses a credential where the technology has none, and one beside its place", () => {
  const duckdb = { technology: "DuckDB", databases: { sales: "/sales.duckdb" } };
  expect(() => patched(duckdb, { clientConfiguration: { credential: { token: "t" } } })).toThrow(/a connection of DuckDB has none/);
  expect(() => patched(CONNECTIONS["Token"]!, { clientConfiguration: { token: "t" } })).toThrow(
    "clientConfiguration.token: stands in clientConfiguration.credential; put it there",
  );
});

it("carries a changed connection over to its integration, and keeps what was set there alone", () => {
  const derive = (connection: ConnectionInformation) => deriveIntegration(snowflakeConnectionSchema.parse(connection));
  const before = CONNECTIONS["UserPassword"]!;
  const after = { ...before, password: "another", warehouse: "BIG" };
  const derived = derive(before);
  const stored: NativeIntegration = { ...derived, config: { ...derived.config, warehouse: "OWN", audit: { enabled: true } } };
  expect(followConnection(stored, derived, derive(after)).config).toEqual({ ...stored.config, password: "another" });
  const keyPair = CONNECTIONS["KeyPair"]!;
  expect(followConnection(derived, derived, derive(keyPair))).toEqual(derive(keyPair));
});

function details({ technology }: ConnectionInformation): Omit<StatefulConnection, "connection"> {
  const someone = { id: 1, name: "someone", email: null };
  const at = "2026-01-01T00:00:00.000Z";
  return {
    connectionKey: "acme",
    nativeIntegration: { type: technology, autoBootstrap: false, config: {} },
    state: "ACTIVE",
    ...{
      createdAt: at,
      createdBy: 1,
      creator: someone,
      updatedAt: at,
      updatedBy: 1,
      updater: someone,
      nativeIntegrationId: 1,
      lastSync: null,
    },
  };
}
