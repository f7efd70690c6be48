import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { HOST, OTHER_HOST, v1, v2 } from "../tests/support/legacy";
import { connectionInputs, declaredBy, inputsOf, ofType, valueOf } from "../tests/support/pulumi-mocks";
import { temporaryFolder } from "../tests/support/temporary";
import { LegacyDataSource } from "./legacy-data-source";
import type { LegacyDataSourceArgs } from "./legacy-declaration";
import { settle } from "./legacy/settle";

beforeEach(() => {
  jest.spyOn(console, "log").mockImplementation();
});
beforeEach(() => void (process.env["CONNECTIONS_STORE"] = join(temporaryFolder(), "connections.db")));
afterEach(() => void delete process.env["CONNECTIONS_STORE"]);

const sales = v2("sales", "SALES", "PUBLIC", ["ORDERS", "RETURNS"]);
const hr = v2("hr", "HR", "PUBLIC");

/** In the program's body, as people do it. */
const declare = (all: Readonly<Record<string, LegacyDataSourceArgs>>) =>
  declaredBy(() => {
    for (const [name, args] of Object.entries(all)) new LegacyDataSource(name, args);
  });

/** What is wrong with them; in a program, it ends the run. */
const refusal = async (all: Readonly<Record<string, LegacyDataSourceArgs>>): Promise<string> => {
  let message = "nothing was refused";
  await declaredBy(async () => {
    const resource = new pulumi.ComponentResource("test:index:Parent", "parent");
    const declarations = Object.entries(all).map(([name, args]) => ({ name, args, resource, owner: `LegacyDataSource "${name}"` }));
    await settle(declarations).catch((error: Error) => (message = error.message));
  });
  return message;
};

it("is, on an account without a connection, one connection with the fewest statuses, whatever form it is written in", async () => {
  const text = JSON.stringify(hr);
  const keys: pulumi.Output<string | undefined>[] = [];
  const declared = await declaredBy(() => {
    for (const [name, payload] of Object.entries({ sales, hr: text })) keys.push(new LegacyDataSource(name, { payload }).connectionKey);
  });
  expect(declared.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
    "Connection acme",
    "LegacyAccount acme",
    "LegacyDataSource hr",
    "LegacyDataSource sales",
    "ObjectStatuses acme",
  ]);
  expect(connectionInputs(declared)).toMatchObject({
    connectionKey: "acme",
    connection: {
      technology: "Snowflake",
      hostname: HOST,
      role: "READER",
      authenticationType: "userPassword",
      password: "legacy-password",
    },
    settings: { isActive: false, activateNewChildren: false },
  });
  expect(connectionInputs(declared)).not.toHaveProperty("upgradeFrom");
  expect(inputsOf(declared, "ObjectStatuses")).toMatchObject({
    statuses: { "acme/HR/PUBLIC": true, "acme/SALES/PUBLIC/ORDERS": true, "acme/SALES/PUBLIC/RETURNS": true },
    activateNewChildren: { "acme/HR/PUBLIC": true },
  });
  expect(await Promise.all(keys.map(valueOf))).toEqual(["acme", "acme"]);
});

it("is a resource of its own for each payload where the old way is asked for, with its secrets marked", async () => {
  const withOptions = { ...sales, connection: { ...sales.connection, connectionStringOptions: "role=READER;PRIV_KEY_FILE_PWD=hidden" } };
  const declared = await declare({
    sales: { payload: withOptions, registerOldWay: true },
    raw: { payload: v1(["RAW.PUBLIC.LOG"], { host: OTHER_HOST }), registerOldWay: true },
  });
  const [raw, ofSales] = ofType(declared, "LegacyRegistration").sort((one, other) => (one.name < other.name ? -1 : 1));
  expect([raw!.name, ofSales!.name]).toEqual(["raw", "sales"]);
  expect(ofType(declared, "Connection")).toEqual([]);
  expect(pulumi.runtime.isRpcSecret(ofSales!.inputs["payload"])).toBe(true);
  expect(pulumi.runtime.isRpcSecret(raw!.inputs["payload"])).toBe(true);
  expect(ofSales!.inputs["secretFields"]).toEqual(["payload.connection.connectionStringOptions"]);
});

it("takes secrets as outputs, the same login where their values are the same, and a key out of its base64", async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const content = Buffer.from(privateKey).toString("base64");
  const withKey = (key: string, file: pulumi.Input<string>) => ({
    ...v2(key, key, "PUBLIC"),
    connection: {
      ...v2(key, key, "PUBLIC").connection,
      password: undefined,
      authenticationMethod: "keyPair",
      userFiles: [{ keyName: "PRIV_KEY_FILE", userFilename: `${key}.p8`, content: file }],
    },
  });
  const declared = await declare({
    sales: { payload: withKey("SALES", pulumi.secret(content)) },
    hr: { payload: withKey("HR", content) },
  });
  expect(connectionInputs(declared)["connection"]).toMatchObject({ authenticationType: "keyPair", privateKey: { content: privateKey } });
});

it("takes from `connection` what registrations say differently or not at all, a whole login too", async () => {
  const other = {
    ...hr,
    connection: { ...hr.connection, connectionStringOptions: "role=WRITER", username: "other", password: "other-password" },
  };
  const declared = await declare({
    sales: { payload: sales, connectionKey: "warehouse" },
    hr: {
      payload: other,
      connection: { role: "GOV", authenticationType: "userPassword", username: "gov", password: pulumi.secret("gov-password") },
    },
  });
  expect(connectionInputs(declared)).toMatchObject({
    connectionKey: "warehouse",
    connection: { role: "GOV", username: "gov", password: "gov-password", warehouse: "WH" },
  });
});

describe("two of one account are refused, naming both, where they", () => {
  const hrWith = (connection: object) => ({ payload: { ...hr, connection: { ...hr.connection, ...connection } } });
  it.each<[string, LegacyDataSourceArgs, LegacyDataSourceArgs, RegExp]>([
    [
      "name two roles",
      { payload: sales },
      hrWith({ connectionStringOptions: "role=WRITER" }),
      /connection\.role of .*\(READER \| WRITER\)/s,
    ],
    ["log in differently", { payload: sales }, hrWith({ password: "another" }), /login of .*log in in 2 ways/s],
    ["want two keys", { payload: sales, connectionKey: "a" }, { payload: hr, connectionKey: "b" }, /connectionKey: say different things/],
    [
      "complete it differently",
      { payload: sales, connection: { role: "A" } },
      { payload: hr, connection: { role: "B" } },
      /connection\.role: say different/,
    ],
    ["register in two ways", { payload: sales, registerOldWay: true }, { payload: hr }, /registerOldWay: is said by one only/],
  ])("%s", async (_what, first, second, reason) => {
    const message = await refusal({ first, second });
    expect(message).toMatch(/^LegacyDataSource "first" and LegacyDataSource "second": /);
    expect(message).toMatch(reason);
    expect(message).not.toContain("password");
  });
});

it.each<[string, LegacyDataSourceArgs, RegExp]>([
  ["text that is no YAML", { payload: "a: [" }, /"one":\d+: is not valid YAML or JSON/],
  ["several documents", { payload: "connectionKey: a\n---\nconnectionKey: b" }, /payload: is not one document/],
  ["something else", { payload: { policies: [] } }, /payload: is no registration/],
  [
    "a wrong field, with its line",
    { payload: "connectionKey: a\nconnection:\n  handler: Snowflake\n  hostname: h" },
    /"one":2: connection\.database: is missing/,
  ],
  [
    "an output that is no secret",
    { payload: { ...sales, connection: { ...sales.connection, hostname: pulumi.output(HOST) } } },
    /connection\.hostname: is an output/,
  ],
  [
    "no role",
    { payload: { ...sales, connection: { ...sales.connection, connectionStringOptions: "" } } },
    /connection\.role of .*give the field in `connection`/s,
  ],
  [
    "a login without its secret",
    { payload: { ...sales, connection: { ...sales.connection, password: undefined } } },
    /connection\.password: no registration holds it/,
  ],
  [
    "a technology that connections do not take",
    { payload: { ...sales, connection: { ...sales.connection, handler: "Redshift" } } },
    /technology Redshift/,
  ],
])("refuses %s", async (_what, args, reason) => {
  expect(await refusal({ one: args })).toMatch(reason);
});
