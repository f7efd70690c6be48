import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { FakeGrants } from "../../../tests/support/snowflake-grants";
import { statementsOf, wordsOf } from "../../../tests/support/sql-script";
import type { ExpectedObject } from "../../model/diagnosis";
import { platformOfSetup } from "../../model/registration-schema";
import type { SetupRequest } from "../../model/setup-script";
import { examineGrants } from "./doctor";
import { PRIVILEGES } from "./privileges";
import { snowflake } from ".";

const config = { host: "acme.snowflakecomputing.com", warehouse: "gov_wh", role: "GOV_ROLE", username: "gov_system" };
const password = { ...config, authenticationType: "userPassword", password: "pass-word" };
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const oAuthClientConfig = {
  useCertificate: false,
  clientId: "client",
  clientSecret: "client-secret",
  authorityUrl: "https://login.example.com/token",
  scope: "session:role:GOV_ROLE",
};
const oAuth = { ...config, username: undefined, authenticationType: "oAuthClientCredentials", oAuthClientConfig };

function script(of: object, scope: Partial<SetupRequest> = {}): string {
  const request: SetupRequest = {
    type: "Snowflake",
    autoBootstrap: false,
    config: JSON.parse(JSON.stringify(of)) as object as never,
    ...scope,
  };
  return platformOfSetup([snowflake], request).scripts!.setup(request);
}

/** One object of each type in a database. */
const inDatabase = (database: string): ExpectedObject[] =>
  PRIVILEGES.map(({ objectType }) => ({ objectPath: ["sf", database, "public", objectType], objectType }));

it("leaves the doctor nothing to find, whatever the types, names and feeds", async () => {
  const names = ["SALES", 'odd "name"', "a.b"];
  const expected = [...names.flatMap(inDatabase), { objectPath: ["sf", "SHARED", "PUBLIC", "T"], objectType: "table" as const }];
  const account = new FakeGrants("GOV_ROLE", expected, { SHARED: "IMPORTED DATABASE" });
  // A fake account knows schemas by what is in them.
  const whole = { databases: names, importedDatabases: ["SHARED"] };
  for (const sql of statementsOf(script({ ...password, audit: { enabled: true } }, whole))) {
    const [, schemas, database] = /^GRANT USAGE ON (ALL SCHEMAS) IN DATABASE (.+) TO ROLE/.exec(sql) ?? [];
    if (schemas !== undefined) account.run(`GRANT USAGE ON SCHEMA ${database}."public" TO ROLE "GOV_ROLE";`);
    else if (/^GRANT .* TO ROLE /.test(sql)) account.run(sql);
  }
  const { findings } = await examineGrants({ connectionKey: "sf", query: account.query, expected, warehouse: "GOV_WH", audit: true });
  expect(findings).toEqual([]);
});

it("opens the account's history only where a feed is switched on", () => {
  expect(script(password, { databases: ["SALES"] })).not.toContain("SNOWFLAKE");
  expect(script({ ...password, tags: { enabled: true } }, { databases: ["SALES"] })).toContain(
    'IMPORTED PRIVILEGES ON DATABASE "SNOWFLAKE"',
  );
});

it("gives the user the public half of the key, and no secret to whoever reads it", () => {
  const content = privateKey.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "phrase-1" }).toString();
  // As a shell leaves it.
  const given = { keyName: "PRIV_KEY_FILE", content: content.replaceAll("\n", "\\n") };
  const text = script({ ...config, authenticationType: "keyPair", privateKey: given, privateKeyPassword: "phrase-1" });
  expect(text).toContain(`TYPE = SERVICE RSA_PUBLIC_KEY = '${publicKey.export({ format: "der", type: "spki" }).toString("base64")}'`);
  expect(text).not.toContain("phrase-1");
  expect(text).not.toContain("PRIVATE KEY");
  expect(script(password)).not.toContain("pass-word");
  expect(script(oAuth)).not.toContain("client-secret");
});

it("refuses a key that it cannot read by its field, before anybody runs anything", () => {
  const wrong = { ...config, authenticationType: "keyPair", privateKey: { keyName: "PRIV_KEY_FILE", content: "no key" } };
  expect(() => script(wrong)).toThrow(/^config\.privateKey\.content: is no key in PEM form/);
});

it("makes a role of the user's name where none is given", () => {
  const { role: _, ...without } = password;
  expect(statementsOf(script(without))[0]).toMatch(/^CREATE ROLE IF NOT EXISTS "GOV_SYSTEM_ROLE" /);
});

it.each<[string, object, Partial<SetupRequest>, RegExp]>([
  ["a role of Snowflake's own", { ...password, role: "accountadmin" }, {}, /^config\.role: ACCOUNTADMIN is Snowflake's own/],
  ["a token without a role", { ...oAuth, role: undefined }, {}, /^config\.role: is missing/],
  ["a principal", password, { principal: "me" }, /^principal: is for Databricks/],
  ["an empty name", password, { databases: [""] }, /^databases\.0: is empty/],
  ["a field that there is not", password, { database: "SALES" } as object, /^database: unknown field/],
  ["a configuration that could not be registered", { ...password, password: undefined }, {}, /^config\.password: /],
  ["another technology", password, { type: "Oracle" }, /^type: unknown technology "Oracle"/],
])("refuses %s", (_title, of, scope, message) => {
  expect(() => script(of, scope)).toThrow(message);
});

it("says what to run for each database where none was named, as comments only", () => {
  const text = script(password);
  expect(text).toContain('-- GRANT USAGE ON DATABASE "DATABASE_NAME" TO ROLE "GOV_ROLE";');
  expect(statementsOf(text).join("\n")).not.toContain("DATABASE_NAME");
});

it("quotes every name: none becomes a statement", () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom(..."aB\"';-\n\r\u2028\\`/* ".split(""), "; DROP ROLE X; --") });
  fc.assert(
    fc.property(name, name, name, name, (role, username, warehouse, database) => {
      const named = statementsOf(
        script({ ...password, role, username, warehouse }, { databases: [database], importedDatabases: [database] }),
      );
      const plain = statementsOf(script(password, { databases: ["SALES"], importedDatabases: ["SHARED"] }));
      expect(named.map(wordsOf)).toEqual(plain.map(wordsOf));
    }),
  );
});

describe("the cleanup script", () => {
  const cleanup = (connection: object) =>
    snowflake.scripts!.cleanup({
      connection: { technology: "Snowflake", ...connection },
      nativeIntegration: { type: "Snowflake", autoBootstrap: false, config: {} },
      databases: ["SALES"],
    });

  it("takes the user and the role away, and leaves the warehouse to whoever reads it", () => {
    const text = cleanup({ role: "gov_role", username: 'odd "user"', warehouse: "GOV_WH" });
    expect(statementsOf(text)).toEqual(['DROP USER IF EXISTS "odd ""user""";', 'DROP ROLE IF EXISTS "GOV_ROLE";']);
    expect(text).toContain('-- DROP WAREHOUSE IF EXISTS "GOV_WH";');
  });

  it("leaves Snowflake's own roles, and users that a token names", () => {
    expect(statementsOf(cleanup({ role: "SYSADMIN", warehouse: "W" }))).toEqual([]);
  });
});
