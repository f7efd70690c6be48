import { registrationProblems } from "../../model/registration-schema";
import { withoutSecrets } from "../../model/secret-fields";
import { snowflake } from ".";

const address = { technology: "Snowflake", hostname: "acme.snowflakecomputing.com", port: 443, warehouse: "GOV_WH", role: "GOV_ROLE" };
const password = { ...address, authenticationType: "userPassword", username: "GOV_SYSTEM", password: "pass-word" };
const privateKey = { keyName: "PRIV_KEY_FILE", userFilename: "rsa_key.p8", content: "-----BEGIN PRIVATE KEY-----\nAAAA" };
const keyPair = { ...address, authenticationType: "keyPair", username: "GOV_SYSTEM", privateKey, privateKeyPassword: "phrase" };
const oAuthClientConfig = {
  useCertificate: false,
  clientId: "client",
  clientSecret: "client-secret",
  authorityUrl: "https://login.example.com/token",
  scope: "session:role:GOV_ROLE",
};
const oAuth = { ...address, authenticationType: "oAuthClientCredentials", oAuthClientConfig };
const { clientSecret: _, ...withoutSecret } = oAuthClientConfig;
const certificate = {
  ...oAuth,
  oAuthClientConfig: {
    ...withoutSecret,
    useCertificate: true,
    publicCertificateThumbprint: "ab".repeat(20),
    privateKey: { content: "client-key", userFilename: "client.p8" },
    privateKeyPassword: "client-phrase",
  },
};

function problems(connection: object, config?: object): string[] {
  const nativeIntegration = config && { type: "Snowflake", autoBootstrap: false, config };
  const found = registrationProblems([snowflake], { connectionKey: "sf", connection, ...(nativeIntegration && { nativeIntegration }) });
  return found.map(({ field, reason }) => `${field}: ${reason}`);
}

function without(connection: object, ...fields: string[]): object {
  return Object.fromEntries(Object.entries(connection).filter(([name]) => !fields.includes(name)));
}

it.each([
  ["a password", password],
  ["an encrypted key", keyPair],
  ["a plain key", without(keyPair, "privateKeyPassword")],
  ["a client secret", oAuth],
  ["a client certificate", certificate],
  ["no port", without(password, "port")],
  ["a private host", { ...password, hostname: "127.0.0.1", account: "acme", protocol: "http", port: 8080 }],
])("takes a connection with %s, and the integration that is derived from it", (_title, connection) => {
  expect(problems(connection)).toEqual([]);
  const derived = snowflake.deriveNativeIntegration(connection as never);
  expect(derived).toMatchObject({ type: "Snowflake", autoBootstrap: false, config: { host: expect.any(String) as string } });
  expect(problems(connection, derived.config)).toEqual([]);
});

it.each([
  [without(password, "password"), "connection.password: is missing; authenticationType userPassword needs it"],
  [without(password, "username"), "connection.username: is missing; authenticationType userPassword needs it"],
  [without(keyPair, "privateKey"), "connection.privateKey: is missing; authenticationType keyPair needs it"],
  [without(oAuth, "oAuthClientConfig"), "connection.oAuthClientConfig: is missing; authenticationType oAuthClientCredentials needs it"],
  [{ ...password, privateKey }, "connection.privateKey: does not go with authenticationType userPassword; remove it"],
  [{ ...keyPair, password: "x" }, "connection.password: does not go with authenticationType keyPair; remove it"],
  [{ ...oAuth, username: "x" }, "connection.username: does not go with authenticationType oAuthClientCredentials; remove it"],
  [without(password, "role"), "connection.role: expected a string, got nothing"],
  [{ ...password, port: 70_000 }, "connection.port: expected a port from 0 to 65535"],
  [
    { ...password, hostname: "https://acme.snowflakecomputing.com/" },
    "connection.hostname: expected a host alone, as acme.snowflakecomputing.com, without https://, port or path",
  ],
  [
    { ...password, authenticationType: "token" },
    'connection.authenticationType: expected "userPassword" or "keyPair" or "oAuthClientCredentials"',
  ],
  [{ ...keyPair, privateKey: { ...privateKey, keyName: "KEY" } }, 'connection.privateKey.keyName: expected "PRIV_KEY_FILE"'],
  [{ ...password, database: "SALES" }, "connection.database: unknown field; remove it or correct its name"],
  [{ ...oAuth, oAuthClientConfig: withoutSecret }, "connection.oAuthClientConfig.clientSecret: is missing; useCertificate false needs it"],
  [
    {
      ...oAuth,
      oAuthClientConfig: { ...oAuthClientConfig, useCertificate: true, publicCertificateThumbprint: "ab", privateKey: { content: "k" } },
    },
    "connection.oAuthClientConfig.clientSecret: does not go with useCertificate true; remove it",
  ],
  [
    { ...oAuth, oAuthClientConfig: { ...oAuthClientConfig, authorityUrl: "http://login.example.com/token" } },
    "connection.oAuthClientConfig.authorityUrl: expected an https:// address: the client's secret is sent there",
  ],
])("refuses %j", (connection, problem) => {
  expect(problems(connection)).toEqual([problem]);
});

it.each([
  ["impersonation", "user impersonation"],
  ["workspaces", "project workspaces"],
])("refuses %s, which connections do not have, unless it is off", (field, feature) => {
  const config = { ...snowflake.deriveNativeIntegration(password).config, database: "GOVERNANCE", audit: { enabled: true } };
  expect(problems(password, { ...config, [field]: { enabled: false } })).toEqual([]);
  expect(problems(password, { ...config, [field]: { enabled: true, role: "X" } })).toEqual([
    `nativeIntegration.config.${field}: ${feature} is not supported with a connection; remove it, or keep this account on its former integration`,
  ]);
});

it.each([password, keyPair, oAuth, certificate])("leaves every secret out of a read", (connection) => {
  const { config } = snowflake.deriveNativeIntegration(connection);
  const shown = JSON.stringify(withoutSecrets({ connection, config }));
  for (const secret of ["pass-word", "phrase", "AAAA", "client-secret", "client-key", "client-phrase"]) expect(shown).not.toContain(secret);
  for (const open of ["GOV_WH", connection.authenticationType]) expect(shown).toContain(open);
});

it("makes one spelling of a host and of a key's line ends", () => {
  const written = { ...keyPair, hostname: "ACME.SnowflakeComputing.com.", privateKey: { ...privateKey, content: "a\\nb\r\nc" } };
  expect(snowflake.normalize(written, "/")).toMatchObject({ hostname: "acme.snowflakecomputing.com", privateKey: { content: "a\nb\nc" } });
});

it.each([password, keyPair, oAuth, certificate])("makes one spelling also of what a read shows, without its secrets", (connection) => {
  const shown = withoutSecrets<typeof password>({ ...password, ...connection, hostname: "ACME.example.com" });
  expect(snowflake.normalize(shown, "/")).toEqual({ ...shown, hostname: "acme.example.com" });
});

it.each([
  ["ACME.snowflakecomputing.com", {}, "acme.snowflakecomputing.com", {}, true],
  ["acme.snowflakecomputing.com.", {}, "acme.snowflakecomputing.com", { port: 443 }, true],
  ["org-my_acme.snowflakecomputing.com", {}, "org-my-acme.snowflakecomputing.com", {}, true],
  ["org-acme.privatelink.snowflakecomputing.com", {}, "org-acme.snowflakecomputing.com", {}, true],
  ["acme.snowflakecomputing.com", {}, "acme.snowflakecomputing.com", { account: "ACME" }, true],
  ["acme.snowflakecomputing.com", {}, "acme.snowflakecomputing.com", { port: 8443 }, false],
  ["acme.eu-west-1.snowflakecomputing.com", {}, "acme.us-east-1.snowflakecomputing.com", {}, false],
  ["gateway.example.com", { account: "one" }, "gateway.example.com", { account: "two" }, false],
])("takes %s %j and %s %j for the same account: %s", (one, partOne, other, partOther, isSame) => {
  const { port: _port, ...base } = password;
  const identity = (hostname: string, part: object) => snowflake.accountIdentities({ ...base, hostname, ...part });
  expect(JSON.stringify(identity(one, partOne)) === JSON.stringify(identity(other, partOther))).toBe(isSame);
});
