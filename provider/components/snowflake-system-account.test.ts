import { generateKeyPairSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { expectInAnyOrder } from "../../tests/support/any-order";
import { connectionInputs, declaredBy, inputsOf, valueOf, waitedFor, type Declared } from "../../tests/support/pulumi-mocks";
import { Connection } from "../connection";
import { SnowflakeSystemAccount, type SnowflakeSystemAccountArgs } from "../snowflake";

const { publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const keyInOneLine = publicKey.replace(/-----[A-Z ]+-----|\n/g, "");
const hostname = "acme.snowflakecomputing.com";
const args: SnowflakeSystemAccountArgs = { hostname, publicKey, databases: ["SALES"] };

const GRANT = "snowflake:index/grantPrivilegesToAccountRole:GrantPrivilegesToAccountRole";
const PLURALS = ["TABLES", "VIEWS", "MATERIALIZED VIEWS", "EXTERNAL TABLES", "EVENT TABLES", "ICEBERG TABLES", "DYNAMIC TABLES"];

const declare = (more: Partial<SnowflakeSystemAccountArgs> = {}, options = {}) =>
  declaredBy(() => new SnowflakeSystemAccount("gov", { ...args, ...more }), options);
/** Every privilege grant without its role, which is checked to be the account's. */
const grants = (declared: readonly Declared[], role = "GOV_ROLE") =>
  declared
    .filter(({ type }) => type === GRANT)
    .map(({ inputs: { accountRoleName, ...rest } }) => {
      expect(accountRoleName).toBe(role);
      return rest;
    });

const onDatabase = (database: string) => [
  { privileges: ["USAGE"], onAccountObject: { objectType: "DATABASE", objectName: `"${database}"` } },
  { privileges: ["USAGE"], onSchema: { allSchemasInDatabase: `"${database}"` } },
  { privileges: ["USAGE"], onSchema: { futureSchemasInDatabase: `"${database}"` } },
  ...PLURALS.flatMap((objectTypePlural) => {
    const privileges = objectTypePlural === "DYNAMIC TABLES" ? ["SELECT"] : ["REFERENCES", "SELECT"];
    const objects = { objectTypePlural, inDatabase: `"${database}"` };
    return [
      { privileges, onSchemaObject: { all: objects } },
      { privileges, onSchemaObject: { future: objects } },
    ];
  }),
];
const onWarehouse = { privileges: ["USAGE"], onAccountObject: { objectType: "WAREHOUSE", objectName: '"GOV_WH"' } };
const onHistory = { privileges: ["IMPORTED PRIVILEGES"], onAccountObject: { objectType: "DATABASE", objectName: '"SNOWFLAKE"' } };
const expectGrants = (declared: readonly Declared[], expected: readonly object[]) => expectInAnyOrder(grants(declared), expected);

describe("the account", () => {
  it("is a role, a service user with the key and that role alone, and a small warehouse that sleeps when idle", async () => {
    const declared = await declare();
    expect(inputsOf(declared, "AccountRole")).toMatchObject({ name: "GOV_ROLE" });
    expect(inputsOf(declared, "Warehouse")).toMatchObject({
      name: "GOV_WH",
      warehouseSize: "XSMALL",
      autoSuspend: 60,
      autoResume: "true",
      initiallySuspended: true,
    });
    expect(inputsOf(declared, "ServiceUser")).toMatchObject({
      name: "GOV_USER",
      rsaPublicKey: keyInOneLine,
      defaultRole: "GOV_ROLE",
      defaultWarehouse: "GOV_WH",
      defaultSecondaryRolesOption: "NONE",
    });
    expect(inputsOf(declared, "ServiceUser")).not.toHaveProperty("rsaPublicKey2");
    expect(inputsOf(declared, "GrantAccountRole")).toEqual({ roleName: "GOV_ROLE", userName: "GOV_USER" });
  });

  it("takes other names, another size, and a second key while keys are changed", async () => {
    const declared = await declare({
      roleName: "READER",
      userName: "BOT",
      warehouseName: "SMALL",
      warehouseSize: "SMALL",
      warehouseAutoSuspendSeconds: 300,
      secondPublicKey: keyInOneLine,
    });
    expect(inputsOf(declared, "AccountRole")).toMatchObject({ name: "READER" });
    expect(inputsOf(declared, "Warehouse")).toMatchObject({ name: "SMALL", warehouseSize: "SMALL", autoSuspend: 300 });
    expect(inputsOf(declared, "ServiceUser")).toMatchObject({ name: "BOT", rsaPublicKey2: keyInOneLine });
    expect(inputsOf(declared, "GrantAccountRole")).toEqual({ roleName: "READER", userName: "BOT" });
    expect(grants(declared, "READER")).toHaveLength(18);
  });
});

describe("the grants", () => {
  it("are usage, and references and select on present and future objects of all seven types, and no more", async () => {
    expectGrants(await declare(), [onWarehouse, ...onDatabase("SALES")]);
  });

  it("are made on each database", async () => {
    expectGrants(await declare({ databases: ["SALES", "hr data"] }), [onWarehouse, ...onDatabase("SALES"), ...onDatabase("hr data")]);
  });

  it.each([{ audit: true }, { lineage: true }, { audit: true, lineage: true, tags: true }])(
    "open the account's history once for %j",
    async (switches) => {
      expectGrants(await declare(switches), [onWarehouse, ...onDatabase("SALES"), onHistory]);
    },
  );

  it("leave the account's history alone when nothing of it is read", async () => {
    expectGrants(await declare({ audit: false }), [onWarehouse, ...onDatabase("SALES")]);
  });

  it("are imported privileges alone on databases made from a share", async () => {
    const shared = { privileges: ["IMPORTED PRIVILEGES"], onAccountObject: { objectType: "DATABASE", objectName: '"WEATHER"' } };
    expectGrants(await declare({ databases: [], importedDatabases: ["WEATHER"] }), [onWarehouse, shared]);
  });

  it("are made by key where names come out of other resources, also while these are unknown", async () => {
    const unknown = pulumi.output(pulumi.unknown as string);
    const databases = { sales: unknown, hr: pulumi.output("HR") };
    const preview = await declare({ databases, hostname: unknown, publicKey: unknown }, { preview: true });
    expect(grants(preview)).toHaveLength(1 + 2 * 17);
    expect(grants(preview)).toEqual(expect.arrayContaining(onDatabase("HR")));
    const names = preview.filter(({ type }) => type === GRANT).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["gov-database-sales", "gov-future-dynamic-tables-sales", "gov-tables-hr"]));
  });

  it("are called by their database, so that another one beside it renames none", async () => {
    const names = (declared: readonly Declared[]) => declared.map(({ type, name }) => `${type} ${name}`);
    const before = names(await declare({ databases: ["SALES"] }));
    expect(names(await declare({ databases: ["HR", "SALES"] }))).toEqual(expect.arrayContaining(before));
  });
});

describe("the connection", () => {
  const privateKey = "-----BEGIN PRIVATE KEY-----\nonly for tests\n-----END PRIVATE KEY-----\n";
  const register = async (more: Partial<SnowflakeSystemAccountArgs>, key: { password?: string } = {}, options = {}) => {
    const declared = await declaredBy(() => {
      const account = new SnowflakeSystemAccount("gov", { ...args, ...more });
      new Connection("acme", { connectionKey: "acme", ...account.withKey({ content: privateKey, ...key }) });
    }, options);
    return connectionInputs(declared);
  };

  it("has what the contract asks for, the key as its only secret", async () => {
    expect(await register({})).toEqual({
      connectionKey: "acme",
      connection: {
        technology: "Snowflake",
        hostname,
        port: 443,
        warehouse: "GOV_WH",
        role: "GOV_ROLE",
        authenticationType: "keyPair",
        username: "GOV_USER",
        privateKey: { keyName: "PRIV_KEY_FILE", userFilename: "rsa_key.p8", content: privateKey },
      },
    });
    expect(await register({}, { password: "open" })).toMatchObject({ connection: { privateKeyPassword: "open" } });

    let secrets: readonly string[] = [];
    await declaredBy(async () => {
      const { connection } = new SnowflakeSystemAccount("gov", args).withKey({ content: privateKey, password: "open" });
      const { privateKey: key, ...members } = { ...connection, ...(connection.privateKey as object) };
      const marked = await Promise.all(
        Object.entries(members).map(async ([name, member]) => [name, await pulumi.isSecret(pulumi.output(member))]),
      );
      expect(key).toBeDefined();
      secrets = marked.flatMap(([name, isSecret]) => (isSecret === true ? [String(name)] : []));
    });
    expect([...secrets].sort()).toEqual(["content", "privateKeyPassword"]);
  });

  it("asks for audit in the integration when it is on", async () => {
    const { nativeIntegration } = await register({ audit: true, port: 8443 });
    expect(nativeIntegration).toMatchObject({
      type: "Snowflake",
      autoBootstrap: false,
      config: { host: hostname, port: 8443, role: "GOV_ROLE", privateKey: { content: privateKey }, audit: { enabled: true } },
    });
    expect(nativeIntegration).not.toHaveProperty("config.hostname");
    expect(nativeIntegration).not.toHaveProperty("config.technology");
  });

  it("asks for exactly what is switched on", async () => {
    const { nativeIntegration } = await register({ tags: true, lineage: true });
    expect(nativeIntegration).toMatchObject({ config: { tags: { enabled: true }, lineage: { enabled: true } } });
    expect(nativeIntegration).not.toHaveProperty("config.audit");
  });

  it("quotes names that parameters would read in upper case", async () => {
    expect(await register({ roleName: "gov reader", warehouseName: "wh" })).toMatchObject({
      connection: { role: '"gov reader"', warehouse: '"wh"' },
    });
  });

  it("is known at preview, and waits for every grant", async () => {
    expect(await register({}, {}, { preview: true })).toMatchObject({ connection: { role: "GOV_ROLE", username: "GOV_USER" } });
    let names: string[] = [];
    let account: SnowflakeSystemAccount | undefined;
    await declaredBy(async () => {
      account = new SnowflakeSystemAccount("gov", args);
      names = await waitedFor(account.connection);
    });
    const some = ["gov-warehouse", "gov-database-SALES", "gov-future-schemas-SALES", "gov-tables-SALES"];
    const granted = names.filter((name) => name.startsWith("GrantPrivilegesToAccountRole "));
    expect(granted).toEqual(expect.arrayContaining(some.map((name) => `GrantPrivilegesToAccountRole ${name}`)));
    expect(granted).toHaveLength(18);
    expect(names).toContain("GrantAccountRole gov");
    await expect(valueOf(account!.connection)).resolves.toMatchObject({ username: "GOV_USER" });
  });
});

describe("what cannot work is refused at once", () => {
  it.each([
    [{ databases: ["SALES", "SALES"] }, /^SnowflakeSystemAccount "gov": databases: names SALES twice/],
    [{ databases: ['"SALES"'] }, /databases: "SALES" has one of \| \. " in it.*without quotes/],
    [{ databases: { sales: "A.B" } }, /databases\.sales: A\.B has one of/],
    [{ databases: [""] }, /databases: is empty/],
    [{ roleName: "a|b" }, /roleName: a\|b has one of/],
  ])("%j", async (more, message) => {
    await expect(declare(more)).rejects.toThrow(message);
  });
});
