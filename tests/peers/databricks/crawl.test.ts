import { join } from "node:path";
import { openLocal } from "../../../sdk";
import { compareBytes } from "../../../sdk/model/path-key";
import { decodeColumns, type ObservedObject } from "../../../sdk/model/platform";
import { temporaryFolder } from "../../support/temporary";
import { describeDatabricks, objectsOf, openSession, putTableSql, text, useWorkspace } from "./harness";

const NO_SYSTEM =
  "[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have USE SCHEMA on Schema 'system.information_schema'.";

describeDatabricks("crawling Databricks", () => {
  const workspace = useWorkspace();
  const session = (part: object = {}) => openSession(workspace.connection(part));
  const names = (objects: readonly ObservedObject[]) => objects.map(({ schema, table, objectType }) => [schema, table, objectType]);

  it("shows catalogs as databases, with what the metastore tells of them", async () => {
    await workspace.change("SELECT metastore.put_catalog('zeta', 'the last')", "SELECT metastore.put_catalog('alpha')");
    await workspace.change(
      ...["system", "hive_metastore", "samples", "shared"].map((name) => `SELECT metastore.put_catalog(${text(name)})`),
    );
    workspace.bridge.catalogs = [
      { name: "alpha", catalog_type: "MANAGED_CATALOG", isolation_mode: "OPEN" },
      { name: "zeta", catalog_type: "MANAGED_CATALOG" },
      { name: "shared", catalog_type: "DELTASHARING_CATALOG" },
    ];
    const opened = await session();
    const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    const found = (await opened.listDatabases()).filter(({ name }) => ["alpha", "shared", "system", "zeta"].includes(name));
    expect(found).toEqual([
      { name: "alpha", comment: null, owner: "admins", createdAt: time, lastAlteredAt: time },
      { name: "zeta", comment: "the last", owner: "admins", createdAt: time, lastAlteredAt: time },
    ]);
    expect(opened.skipped!()).toEqual([{ path: [], kind: "Delta Sharing catalog", count: 1 }]);
    await workspace.change(
      ...["system", "hive_metastore", "samples", "shared"].map((name) => `SELECT metastore.drop_catalog(${text(name)})`),
    );
  });

  it("shows every type of object with its facts, and counts what it leaves out", async () => {
    const types = {
      a_table: "MANAGED",
      b_external: "EXTERNAL",
      c_view: "VIEW",
      d_materialized: "MATERIALIZED_VIEW",
      e_streaming: "STREAMING_TABLE",
      f_clone: "MANAGED_SHALLOW_CLONE",
      g_foreign: "FOREIGN",
      h_foreign: "FOREIGN",
      i_later: "SOMETHING_NEW",
    };
    await workspace.change(
      "SELECT metastore.put_schema('types', 'one', 'first schema')",
      "SELECT metastore.put_schema('types', 'empty')",
      ...Object.entries(types).map(([name, type]) =>
        putTableSql(["types", "one", name], undefined, type, name === "a_table" ? "plain" : undefined),
      ),
      ...["v1", "v2", "v3"].map((name) => `SELECT metastore.put_volume('types', 'one', ${text(name)})`),
    );
    const opened = await session();
    const objects = await objectsOf(opened, { database: "types" });
    expect(names(objects)).toEqual([
      ["empty", undefined, "schema"],
      ["one", undefined, "schema"],
      ["one", "a_table", "table"],
      ["one", "b_external", "external table"],
      ["one", "c_view", "view"],
      ["one", "d_materialized", "materialized view"],
      ["one", "e_streaming", "streaming table"],
      ["one", "f_clone", "table"],
    ]);
    expect(objects[1]).toMatchObject({ comment: "first schema", owner: "admins" });
    const time = expect.stringMatching(/^20\d\d-.*Z$/) as string;
    expect(objects[2]).toMatchObject({ comment: "plain", owner: "owners", createdAt: time, lastAlteredAt: time });
    expect(opened.skipped!()).toEqual([
      { path: ["types"], kind: "foreign table", count: 2 },
      { path: ["types"], kind: "object of type SOMETHING_NEW", count: 1 },
      { path: ["types"], kind: "volume", count: 3 },
    ]);
  });

  it("shows columns with full types, in the first reading and by name alike", async () => {
    await workspace.putTable(
      ["cols", "a", "t"],
      [
        { name: "id", type: "bigint", nullable: false, comment: "the key" },
        { name: "price", type: "decimal(18,2)" },
        { name: "nested", type: "struct<a:int,b:array<map<string,timestamp_ntz>>>" },
        { name: "Odd `Name`.x", type: "varchar(20)" },
      ],
    );
    await workspace.putTable(["cols", "a", "u"]);
    await workspace.putTable(["cols", "b", "bare"], []);
    const opened = await session();
    const objects = await objectsOf(opened, { database: "cols" }, true);
    expect(decodeColumns(objects[1]!.columns!)).toEqual([
      { position: 1, name: "id", type: "bigint", nullable: false, comment: "the key" },
      { position: 2, name: "price", type: "decimal(18,2)", nullable: true, comment: null },
      { position: 3, name: "nested", type: "struct<a:int,b:array<map<string,timestamp_ntz>>>", nullable: true, comment: null },
      { position: 4, name: "Odd `Name`.x", type: "varchar(20)", nullable: true, comment: null },
    ]);
    const asked = ["t", "u", "gone"].map((table) => ({ schema: "a", table }));
    expect(await opened.readColumns("cols", asked)).toEqual(
      objects.slice(1, 3).map(({ schema, table, columns }) => ({ schema, table, columns })),
    );
  });

  it("keeps any name exactly, in byte order, at every scope", async () => {
    const odd = [
      ...["a`b", 'a"b', "it's", "a.b", "a/b", "a b", "per%cent_", "back\\slash", ":colon", "Ünï", "漢字", "😀", "\uffe6", "lower", "Upper"],
      "x".repeat(255),
    ];
    const sorted = [...odd].sort(compareBytes);
    await workspace.change(
      ...odd.map((schema) => `SELECT metastore.put_schema('odd', ${text(schema)})`),
      ...odd.map((table) => putTableSql(["odd", "plain", table], [{ name: table, type: "int" }])),
      putTableSql(["odd", "it's", "t"]),
      putTableSql(["odd", "back\\slash", "t"]),
    );
    const opened = await session();
    const objects = await objectsOf(opened, { database: "odd" }, true);
    expect(objects.filter(({ table }) => table === undefined).map(({ schema }) => schema)).toEqual([...odd, "plain"].sort(compareBytes));
    const plain = objects.filter(({ schema, table }) => schema === "plain" && table !== undefined);
    expect(plain.map(({ table }) => table)).toEqual(sorted);
    expect(plain.map(({ columns }) => decodeColumns(columns!)[0]!.name)).toEqual(sorted);
    for (const schema of ["it's", "back\\slash"]) {
      expect(names(await objectsOf(opened, { database: "odd", schema }))).toEqual([
        [schema, undefined, "schema"],
        [schema, "t", "table"],
      ]);
    }
    for (const table of odd) {
      expect(names(await objectsOf(opened, { database: "odd", schema: "plain", table }))).toEqual([["plain", table, "table"]]);
    }
    const columns = await opened.readColumns(
      "odd",
      odd.map((table) => ({ schema: "plain", table })),
    );
    expect(columns.map(({ table }) => table)).toEqual(sorted);
  });

  it("reads 100,000 columns in chunks, into batches that stay small", async () => {
    await workspace.change("SELECT metastore.put_many('big', 10000, 10)");
    const opened = await session();
    let largest = 0;
    let tables = 0;
    let columns = 0;
    for await (const batch of opened.streamObjects({ database: "big" }, { columns: true })) {
      largest = Math.max(largest, batch.length);
      for (const { table, columns: list } of batch) {
        if (table === undefined) continue;
        tables++;
        columns += decodeColumns(list!).length;
      }
    }
    expect([tables, columns]).toEqual([10_000, 100_000]);
    expect(largest).toBeLessThanOrEqual(600);
    expect(workspace.bridge.sent.filter(({ method }) => method === "FetchResults").length).toBeGreaterThan(10);
    await workspace.change("SELECT metastore.drop_catalog('big')");
  });

  it("reads each catalog's own information_schema where the one of all catalogs is not granted", async () => {
    await workspace.change(
      "SELECT metastore.put_catalog('first', 'own')",
      putTableSql(["first", "a", "t"], [{ name: "id", type: "bigint" }]),
      putTableSql(["first", "a", "f"], [], "FOREIGN"),
      "SELECT metastore.put_volume('first', 'a', 'v')",
      putTableSql(["second", "b", "u"]),
    );
    workspace.bridge.catalogs = ["first", "second", "system"].map((name) => ({
      name,
      catalog_type: "MANAGED_CATALOG",
      comment: `${name}'s`,
    }));
    workspace.bridge.disturb = ({ statement }) => (statement.includes("system.information_schema") ? { fails: NO_SYSTEM } : undefined);
    const opened = await session();
    expect((await opened.listDatabases()).map(({ name, comment }) => [name, comment])).toEqual([
      ["first", "first's"],
      ["second", "second's"],
    ]);
    const objects = await objectsOf(opened, { database: "first" }, true);
    expect(names(objects)).toEqual([
      ["a", undefined, "schema"],
      ["a", "t", "table"],
    ]);
    expect(decodeColumns(objects[1]!.columns!)).toMatchObject([{ name: "id", position: 1 }]);
    expect(opened.skipped!().map(({ kind, count }) => [kind, count])).toEqual([
      ["foreign table", 1],
      ["volume", 1],
    ]);
    expect(names(await objectsOf(opened, { database: "second", schema: "b" }))).toHaveLength(2);
  });

  it("finds what changed between two crawls, and asks for the columns of that only", async () => {
    await workspace.change(
      ...["kept", "altered", "dropped", "commented"].map((name) => putTableSql(["changing", "a", name])),
      putTableSql(["changing", "a", "foreign"], [], "FOREIGN"),
    );
    const api = openLocal({ store: join(temporaryFolder(), "connections.db") });
    await api.waitForJobs((await api.registerConnection({ connectionKey: "dbx", connection: workspace.connection() })).bulkId);

    workspace.bridge.sent.length = 0;
    const resync = async () => (await api.waitForJobs((await api.crawl(["dbx", "changing"])).bulkId))[0]!.output!.plan!;
    const unchanged = await resync();
    expect(unchanged.counts).toEqual({ new: 0, returned: 0, changed: 0, missing: 0, unchanged: 6 });
    expect(unchanged.skipped).toEqual([{ objectPath: ["dbx", "changing"], kind: "foreign table", count: 1 }]);
    const views = statements().map((sql) => /FROM system\.information_schema\.(\w+)/.exec(sql)![1]);
    expect(views.sort()).toEqual(["catalogs", "schemata", "tables", "volumes"]);

    await workspace.change(
      putTableSql(
        ["changing", "a", "altered"],
        [
          { name: "id", type: "string" },
          { name: "name", type: "string" },
        ],
      ),
      "SELECT metastore.drop_table('changing', 'a', 'dropped')",
      putTableSql(["changing", "a", "commented"], undefined, "MANAGED", "said"),
      putTableSql(["changing", "b", "v"], undefined, "VIEW"),
    );
    workspace.bridge.sent.length = 0;
    const { counts, changes } = await resync();
    expect(counts).toEqual({ new: 2, returned: 0, changed: 2, missing: 1, unchanged: 3 });
    expect(changes.map(({ kind, objectPath, columns, details }) => [kind, objectPath.slice(2).join("."), columns ?? details])).toEqual([
      [
        "changed",
        "a.altered",
        [
          { kind: "changed", name: "id", detail: "type: bigint -> string" },
          { kind: "added", name: "name" },
        ],
      ],
      ["changed", "a.commented", ["comment: none -> said"]],
      ["missing", "a.dropped", undefined],
      ["new", "b", undefined],
      ["new", "b.v", undefined],
    ]);
    expect(
      statements()
        .filter((sql) => sql.includes("information_schema.columns"))
        .map((sql) => /WHERE .* ORDER/.exec(sql)![0]),
    ).toEqual([
      "WHERE table_catalog = :catalog AND table_schema = :schema AND table_name IN (:table0, :table1) ORDER",
      "WHERE table_catalog = :catalog AND table_schema = :schema AND table_name IN (:table0) ORDER",
    ]);
    expect((await api.getObject(["dbx", "changing", "b", "v"], { columns: true })).columns).toMatchObject([{ name: "id" }]);

    await workspace.change("SELECT metastore.drop_catalog('changing')");
    expect((await resync()).counts).toMatchObject({ missing: 7 });
    await api.close();
  });

  function statements(): string[] {
    return workspace.bridge.sent.map(({ statement }) => statement).filter((statement) => statement !== "");
  }
});
