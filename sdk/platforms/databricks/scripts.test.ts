import fc from "fast-check";
import { statementsOf, wordsOf } from "../../../tests/support/sql-script";
import { platformOfSetup } from "../../model/registration-schema";
import type { SetupRequest } from "../../model/setup-script";
import { missingGrants } from "./grants";
import { PRIVILEGES } from "./privileges";
import { databricks } from ".";

const APPLICATION = "3f6c0b52-0000-4000-8000-3f6c0b520000";
const workspace = { workspaceUrl: "https://adb-1.2.azuredatabricks.net", httpPath: "/sql/1.0/warehouses/1" };
const token = { ...workspace, authenticationType: "token", token: "dapi-secret" };
const oAuthClientConfig = {
  useCertificate: false,
  clientId: APPLICATION,
  clientSecret: "client-secret",
  authorityUrl: "https://adb-1.2.azuredatabricks.net/oidc/v1/token",
  scope: "all-apis",
};
const machine = { ...workspace, authenticationType: "oAuthM2M", oAuthClientConfig };

function script(config: object, scope: Partial<SetupRequest> = {}): string {
  const request: SetupRequest = { type: "Databricks", autoBootstrap: false, config: config as never, ...scope };
  return platformOfSetup([databricks], request).scripts!.setup(request);
}

it("grants what the doctor looks for, on whole catalogs", () => {
  const statements = statementsOf(script(machine, { databases: ["sales", "odd `name`"] }));
  expect(statements).toEqual([
    `GRANT USE CATALOG, MANAGE, USE SCHEMA, SELECT, MODIFY ON CATALOG \`sales\` TO \`${APPLICATION}\`;`,
    `GRANT USE CATALOG, MANAGE, USE SCHEMA, SELECT, MODIFY ON CATALOG \`odd \`\`name\`\`\` TO \`${APPLICATION}\`;`,
  ]);
  const granted = /^GRANT (.+) ON/
    .exec(statements[0]!)![1]!
    .split(", ")
    .map((privilege) => ({ names: ["sales"], privilege }));
  const expected = PRIVILEGES.map(({ objectType }) => ({ objectPath: ["lake", "sales", "main", objectType], objectType }));
  expect(missingGrants(granted, expected, APPLICATION)).toEqual([]);
});

it("opens the system schemas of the feeds that are switched on", () => {
  const feeds = { ...machine, audit: { enabled: true } };
  expect(statementsOf(script(feeds)).map((sql) => sql.replace(/ TO .*/, ""))).toEqual([
    "GRANT USE CATALOG ON CATALOG `system`",
    "GRANT USE SCHEMA, SELECT ON SCHEMA `system`.`access`",
    "GRANT USE SCHEMA, SELECT ON SCHEMA `system`.`query`",
  ]);
});

it("asks to fill in whose the token is, unless it is told", () => {
  const text = script(token, { databases: ["sales"] });
  expect(text).toContain("in place of PRINCIPAL_OF_THE_TOKEN");
  expect(statementsOf(text)[0]).toMatch(/TO `PRINCIPAL_OF_THE_TOKEN`;$/);
  expect(statementsOf(script(token, { databases: ["sales"], principal: "gov@example.com" }))[0]).toMatch(/TO `gov@example.com`;$/);
});

it("holds no secret", () => {
  expect(script(token)).not.toContain("dapi-secret");
  expect(script(machine)).not.toContain("client-secret");
});

it.each<[string, Partial<SetupRequest>, RegExp]>([
  ["another principal than the one that logs in", { principal: "me" }, /^principal: is another than config\.oAuthClientConfig\.clientId/],
  ["shared databases", { importedDatabases: ["x"] }, /^importedDatabases: is for Snowflake/],
  ["the address by another name", { config: { ...machine, hostname: "x" } }, /^config\.hostname: /],
])("refuses %s", (_title, scope, message) => {
  expect(() => script(machine, scope)).toThrow(message);
});

it("quotes every name: none becomes a statement", () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom(..."aB\"';-\n`\\ ".split(""), "`; DROP CATALOG x; --") });
  fc.assert(
    fc.property(name, name, (catalog, principal) => {
      const named = statementsOf(script(token, { databases: [catalog], principal }));
      expect(named.map(wordsOf)).toEqual(["GRANT USE CATALOG, MANAGE, USE SCHEMA, SELECT, MODIFY ON CATALOG ? TO ?;"]);
    }),
  );
});

it("takes the grants on what is registered back, and no others", () => {
  const text = databricks.scripts!.cleanup({
    connection: { technology: "Databricks", oAuthClientConfig: { clientId: APPLICATION } },
    nativeIntegration: { type: "Databricks", autoBootstrap: false, config: { lineage: { enabled: true } } },
    databases: ["sales"],
  });
  expect(statementsOf(text)).toEqual([
    `REVOKE USE CATALOG, MANAGE, USE SCHEMA, SELECT, MODIFY ON CATALOG \`sales\` FROM \`${APPLICATION}\`;`,
    `REVOKE USE CATALOG ON CATALOG \`system\` FROM \`${APPLICATION}\`;`,
    `REVOKE USE SCHEMA, SELECT ON SCHEMA \`system\`.\`access\` FROM \`${APPLICATION}\`;`,
  ]);
});
