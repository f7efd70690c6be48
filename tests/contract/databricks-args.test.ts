import { registrationProblems } from "../../sdk/model/registration-schema";
import type { Registration } from "../../sdk/model/registration";
import { databricks } from "../../sdk/platforms/databricks";
import type { ConnectionArgs, DatabricksOAuthArgs, DatabricksTokenArgs } from "../../provider";

const workspace = {
  technology: "Databricks",
  hostname: "adb-1234567890123456.7.azuredatabricks.net",
  port: 443,
  httpPath: "/sql/1.0/warehouses/1234567890abcdef",
  certificateAuthority: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
} as const;
const client = { clientId: "0d2c9f5e", scope: "all-apis", authorityUrl: `https://${workspace.hostname}/oidc/v1/token` };
const token: DatabricksTokenArgs = { ...workspace, authenticationType: "token", token: "dapi-only-for-tests" };
const oAuth: DatabricksOAuthArgs = {
  ...workspace,
  authenticationType: "oAuthM2M",
  oAuthClientConfig: { ...client, useCertificate: false, clientSecret: "dose-only-for-tests" },
};

it.each([token, oAuth])("what the types of a Databricks connection take, a registration takes", (connection) => {
  const args: ConnectionArgs = { connectionKey: "dbx", connection };
  expect(registrationProblems([databricks], args as unknown as Registration)).toEqual([]);
});

it("what they do not take, a registration refuses", () => {
  // @ts-expect-error a token's field is missing
  const without: DatabricksTokenArgs = { ...workspace, authenticationType: "token" };
  // @ts-expect-error the other type's field
  const mixed: DatabricksOAuthArgs = { ...oAuth, token: "dapi" };
  // @ts-expect-error the integration's name of the hostname
  const renamed: DatabricksTokenArgs = { ...token, host: workspace.hostname };
  for (const connection of [without, mixed, renamed]) {
    expect(registrationProblems([databricks], { connectionKey: "dbx", connection })).not.toEqual([]);
  }
});
