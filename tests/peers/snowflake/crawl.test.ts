import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openLocal } from "../../../sdk";
import { compareBytes } from "../../../sdk/model/path-key";
import { decodeColumns, type ObservedObject } from "../../../sdk/model/platform";
import { quoteIdentifier } from "../../../sdk/platforms/snowflake/quote";
import { temporaryFolder } from "../../support/temporary";
import { FAKESNOW_PYTHON } from "../environment";
import { connectionTo, describeSnowflake, execute, objectsOf, openSession, proxyTo, useServer } from "./harness";

/** More than SHOW answers at once. */
const MANY_SCHEMAS = 10_050;

describeSnowflake("crawling Snowflake", () => {
  const folder = temporaryFolder();
  const account = useServer({ databaseKinds: { SHARED: "IMPORTED DATABASE", USER$ME: "PERSONAL DATABASE" } }, () => {
    const seed = join(__dirname, "server", "seed.py");
    execFileSync(process.env[FAKESNOW_PYTHON]!, ["-B", seed, folder, "MANY", String(MANY_SCHEMAS), "0", "0"]);
    return folder;
  });
  const run = (...statements: string[]) => execute(account.server.port, ...statements);
  const session = () => openSession(connectionTo(account.server.port));

  it("lists databases in byte order, imported ones too, without Snowflake's own and personal ones", async () => {
    await run("CREATE DATABASE ZED COMMENT = 'the last'", 'CREATE DATABASE "lower"', "CREATE DATABASE SHARED", 'CREATE DATABASE "USER$ME"');
    const databases = await (await session()).listDatabases();
    expect(databases.map(({ name }) => name)).toEqual(["MANY", "SHARED", "ZED", "lower"]);
    const zed = databases.find(({ name }) => name === "ZED")!;
    expect(zed).toEqual({ name: "ZED", comment: "the last", owner: "ACCOUNTADMIN", createdAt: expect.any(String) as string });
    expect(Date.now() - Date.parse(zed.createdAt!)).toBeLessThan(60_000);
  });

  it("shows every object type with its facts", async () => {
    await run(
      "CREATE DATABASE TYPES",
      "CREATE SCHEMA TYPES.A COMMENT = 'a''s schema'",
      "CREATE TABLE TYPES.A.T (ID NUMBER(38,0) NOT NULL) COMMENT = 'plain'",
      "CREATE TRANSIENT TABLE TYPES.A.TR (ID INT)",
      "CREATE VIEW TYPES.A.V AS SELECT ID FROM TYPES.A.T",
      "CREATE MATERIALIZED VIEW TYPES.A.MV AS SELECT ID FROM TYPES.A.T",
      "CREATE EXTERNAL TABLE TYPES.A.EX WITH LOCATION = @STAGE FILE_FORMAT = (TYPE = PARQUET)",
      "CREATE EVENT TABLE TYPES.A.EV",
      "CREATE ICEBERG TABLE TYPES.A.ICE (ID INT)",
      "CREATE DYNAMIC TABLE TYPES.A.DT TARGET_LAG = '1 minute' WAREHOUSE = W AS SELECT ID FROM TYPES.A.T",
    );
    const objects = await objectsOf(await session(), { database: "TYPES" });
    expect(objects.map(({ table, objectType }) => [table, objectType])).toEqual([
      [undefined, "schema"],
      ["DT", "dynamic table"],
      ["EV", "event table"],
      ["EX", "external table"],
      ["ICE", "iceberg table"],
      ["MV", "materialized view"],
      ["T", "table"],
      ["TR", "table"],
      ["V", "view"],
    ]);
    expect(objects[0]).toMatchObject({ schema: "A", comment: "a's schema", owner: "ACCOUNTADMIN" });
    const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    expect(objects[6]).toMatchObject({ comment: "plain", owner: "ACCOUNTADMIN", createdAt: time, lastAlteredAt: time });
  });

  it("shows columns with native types, in the first reading and by name alike", async () => {
    await run(
      "CREATE DATABASE COLS",
      "CREATE SCHEMA COLS.A",
      `CREATE TABLE COLS.A.T (ID NUMBER(38,0) NOT NULL, PRICE NUMBER(12,2), NAME VARCHAR(100), V VARIANT, F FLOAT,
        B BOOLEAN, D DATE, TS TIMESTAMP_NTZ, TZ TIMESTAMP_TZ, T TIME, "lower ""c""" INT)`,
      "COMMENT ON COLUMN COLS.A.T.ID IS 'the key'",
      "CREATE TABLE COLS.A.U (ID INT)",
    );
    const opened = await session();
    const objects = await objectsOf(opened, { database: "COLS" }, true);
    expect(decodeColumns(objects[1]!.columns!)).toEqual([
      { position: 1, name: "ID", type: "NUMBER(38,0)", nullable: false, comment: "the key" },
      ...[
        ["PRICE", "NUMBER(12,2)"],
        ["NAME", "VARCHAR(100)"],
        ["V", "VARIANT"],
        ["F", "FLOAT"],
        ["B", "BOOLEAN"],
        ["D", "DATE"],
        ["TS", "TIMESTAMP_NTZ(9)"],
        ["TZ", "TIMESTAMP_TZ(9)"],
        ["T", "TIME(9)"],
        ['lower "c"', "NUMBER(38,0)"],
      ].map(([name, type], index) => ({ position: index + 2, name, type, nullable: true, comment: null })),
    ]);
    const asked = ["T", "U", "GONE"].map((table) => ({ schema: "A", table }));
    expect(await opened.readColumns("COLS", asked)).toEqual(
      objects.slice(1).map(({ schema, table, columns }) => ({ schema, table, columns })),
    );
  });

  it("keeps any name exactly, in byte order, at every scope", async () => {
    // fakesnow keeps names apart by more than case only; names that differ by case alone are tried without a server.
    const names = ['a"b', "a.b", "a/b", "a b", "per%cent_", "back\\slash", "it's", "Ünï", "漢字", "😀", "￰", "lower", "x".repeat(255)];
    const schemas = ["PLAIN", ...names];
    await run(
      "CREATE DATABASE ODD",
      ...schemas.map((name) => `CREATE SCHEMA ODD.${quoteIdentifier(name)}`),
      ...names.map((name) => `CREATE TABLE ODD.PLAIN.${quoteIdentifier(name)} (${quoteIdentifier(name)} INT)`),
      'CREATE TABLE ODD."it\'s".T (ID INT)',
      'CREATE TABLE ODD."back\\slash".T (ID INT)',
    );
    const opened = await session();
    const objects = await objectsOf(opened, { database: "ODD" }, true);
    const named = (some: ObservedObject[]) => some.map(({ schema, table }) => [schema, table]);
    expect(objects.filter(({ table }) => table === undefined).map(({ schema }) => schema)).toEqual([...schemas].sort(compareBytes));
    const plain = objects.filter(({ schema, table }) => schema === "PLAIN" && table !== undefined);
    expect(plain.map(({ table }) => table)).toEqual([...names].sort(compareBytes));
    expect(plain.map(({ columns }) => decodeColumns(columns!)[0]!.name)).toEqual([...names].sort(compareBytes));
    for (const name of ["it's", "back\\slash"]) {
      expect(named(await objectsOf(opened, { database: "ODD", schema: name }))).toEqual([
        [name, undefined],
        [name, "T"],
      ]);
    }
    for (const table of names) {
      expect(named(await objectsOf(opened, { database: "ODD", schema: "PLAIN", table }))).toEqual([["PLAIN", table]]);
    }
    const columns = await opened.readColumns(
      "ODD",
      plain.map(({ schema, table }) => ({ schema, table: table! })),
    );
    expect(columns.map(({ table }) => table)).toEqual([...names].sort(compareBytes));
  });

  it("reads past the 10,000 rows that SHOW answers at once", async () => {
    const proxy = await proxyTo(account.server.port);
    const opened = await openSession(connectionTo(proxy.port));
    const objects = await objectsOf(opened, { database: "MANY" });
    expect(objects).toHaveLength(MANY_SCHEMAS);
    expect(new Set(objects.map(({ schema }) => schema)).size).toBe(MANY_SCHEMAS);
    expect(proxy.sent.map(({ statement }) => statement).filter((statement) => statement.startsWith("SHOW"))).toEqual([
      'SHOW SCHEMAS IN DATABASE "MANY" LIMIT 10000',
      "SHOW SCHEMAS IN DATABASE \"MANY\" LIMIT 10000 FROM 'S09998'",
    ]);
  });

  it("finds what changed between two crawls, and asks for the columns of that only", async () => {
    await run(
      "CREATE DATABASE CHANGING",
      "CREATE SCHEMA CHANGING.A",
      ...["KEPT", "ALTERED", "DROPPED", "RENAMED", "COMMENTED"].map((name) => `CREATE TABLE CHANGING.A.${name} (ID INT)`),
    );
    const api = openLocal({ store: join(temporaryFolder(), "connections.db") });
    const connection = connectionTo(account.server.port);
    await api.waitForJobs((await api.registerConnection({ connectionKey: "sf", connection })).bulkId);

    await account.server.statements();
    const resync = async () => (await api.waitForJobs((await api.crawl(["sf", "CHANGING"])).bulkId))[0]!.output!.plan!;
    expect((await resync()).counts).toEqual({ new: 0, returned: 0, changed: 0, missing: 0, unchanged: 7 });
    const unchanged = await account.server.statements();
    expect(unchanged.map((statement) => /SHOW \w+|USE \w+|INFORMATION_SCHEMA\.\w+/.exec(statement)![0])).toEqual([
      "USE WAREHOUSE",
      "SHOW DATABASES",
      "SHOW SCHEMAS",
      "INFORMATION_SCHEMA.TABLES",
    ]);

    await run(
      "ALTER TABLE CHANGING.A.ALTERED ADD COLUMN NAME VARCHAR(10)",
      "DROP TABLE CHANGING.A.DROPPED",
      "ALTER TABLE CHANGING.A.RENAMED RENAME TO CHANGING.A.NEWNAME",
      "COMMENT ON TABLE CHANGING.A.COMMENTED IS 'said'",
      "CREATE SCHEMA CHANGING.B",
      "CREATE VIEW CHANGING.B.V AS SELECT ID FROM CHANGING.A.KEPT",
    );
    await account.server.statements();
    const { counts, changes } = await resync();
    expect(counts).toEqual({ new: 3, returned: 0, changed: 2, missing: 2, unchanged: 3 });
    expect(changes.map(({ kind, objectPath, columns, details }) => [kind, objectPath.slice(2).join("."), columns ?? details])).toEqual([
      ["changed", "A.ALTERED", [{ kind: "added", name: "NAME" }]],
      ["changed", "A.COMMENTED", ["comment: none -> said"]],
      ["missing", "A.DROPPED", undefined],
      ["new", "A.NEWNAME", undefined],
      ["missing", "A.RENAMED", undefined],
      ["new", "B", undefined],
      ["new", "B.V", undefined],
    ]);
    const asked = (await account.server.statements()).filter((statement) => statement.includes("INFORMATION_SCHEMA.COLUMNS"));
    expect(asked.map((statement) => /WHERE .* ORDER/.exec(statement)![0])).toEqual([
      "WHERE TABLE_SCHEMA = ? AND TABLE_NAME IN (?, ?, ?) ORDER",
      "WHERE TABLE_SCHEMA = ? AND TABLE_NAME IN (?) ORDER",
    ]);
    expect((await api.getObject(["sf", "CHANGING", "B", "V"], { columns: true })).columns).toMatchObject([{ name: "ID" }]);

    await run("DROP DATABASE CHANGING");
    expect((await resync()).counts).toMatchObject({ missing: 8 });
    await api.close();
  });

  it("says which database is not there", async () => {
    await expect(objectsOf(await session(), { database: "NOPE" })).rejects.toThrow(/^NOPE: /);
  });

  it("says that a role sees nothing", async () => {
    const proxy = await proxyTo(account.server.port);
    proxy.disturb = ({ statement }) => {
      if (!statement.startsWith("SHOW DATABASES")) return undefined;
      const rowtype = ["created_on", "name", "owner", "comment", "kind"].map((name) => ({
        name,
        type: "text",
        nullable: true,
        length: 1,
        scale: null,
      }));
      const data = { rowtype, rowset: [], total: 0, returned: 0, queryId: "none", parameters: [], queryResultFormat: "json", version: 1 };
      return { status: 200, body: { success: true, data } };
    };
    const opened = await openSession(connectionTo(proxy.port));
    await expect(opened.check()).rejects.toThrow(
      "connection.role: role GOV_ROLE sees no database; GRANT USAGE ON DATABASE <database> TO ROLE GOV_ROLE",
    );
  });
});
