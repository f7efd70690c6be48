import type { ExpectedObject } from "../../model/diagnosis";
import { examineGrants, type Query } from "./doctor";

import { PRIVILEGES, privilegesOf } from "./privileges";

const principal = "7d9f-app";
const object = (objectType: ExpectedObject["objectType"], ...names: string[]): ExpectedObject => ({
  objectPath: ["dbx", ...names],
  objectType,
});
const orders = object("table", "sales", "main", "or`ders");
const view = object("view", "sales", "main", "v");

/** The part of a metastore that grants touch: answers the statements of the doctor by the rows that it has, and runs GRANT. */
class FakeMetastore {
  readonly rows: { names: string[]; privilege: string }[] = [];

  readonly query: Query = async (sql) => {
    if (sql.startsWith("SELECT current_user()")) return [{ principal }];
    const [, columns, name] =
      /^SELECT (.+) FROM system\.information_schema\.(\w+) WHERE \(\w+ = current_user\(\) OR is_account_group_member/.exec(sql)!;
    const list = columns!.split(", ").filter((column) => column !== "privilege_type");
    const isGrants = name!.endsWith("_privileges");
    const found = this.rows.filter(({ names, privilege }) => names.length === list.length && isGrants === (privilege !== "OWNERSHIP"));
    return found.map(({ names, privilege }) => ({
      ...Object.fromEntries(list.map((column, index) => [column, names[index]])),
      ...(isGrants && { privilege_type: privilege.replaceAll(" ", "_") }),
    }));
  };

  run(sql: string): void {
    const [, privileges, names] = /^GRANT (.+) ON (?:CATALOG|SCHEMA|TABLE) (.+) TO `7d9f-app`;$/.exec(sql)!;
    const parts = [...names!.matchAll(/`((?:[^`]|``)*)`/g)].map(([, name]) => name!.replaceAll("``", "`"));
    for (const privilege of privileges!.split(", ")) this.rows.push({ names: parts, privilege });
  }
}

const examine = (metastore: FakeMetastore, expected = [orders, view], wholeCatalogs = false) =>
  examineGrants({ query: metastore.query, expected, wholeCatalogs, connectionKey: "dbx" });

it("gives one statement for each object, containers first, and is content when they were run", async () => {
  const metastore = new FakeMetastore();
  const { statements, findings } = await examine(metastore);
  expect(statements).toEqual([
    "GRANT USE CATALOG, MANAGE ON CATALOG `sales` TO `7d9f-app`;",
    "GRANT USE SCHEMA ON SCHEMA `sales`.`main` TO `7d9f-app`;",
    "GRANT SELECT, MODIFY ON TABLE `sales`.`main`.`or``ders` TO `7d9f-app`;",
    "GRANT SELECT ON TABLE `sales`.`main`.`v` TO `7d9f-app`;",
  ]);
  expect(findings[2]).toMatchObject({ objectPath: ["dbx", "sales", "main"], privilege: "USE SCHEMA", why: expect.any(String) as string });
  for (const sql of statements) metastore.run(sql);
  expect(await examine(metastore)).toEqual({ grantee: principal, findings: [], statements: [], warnings: [] });
});

it("gives one statement for a catalog where that is asked for", async () => {
  const metastore = new FakeMetastore();
  const { statements } = await examine(metastore, [orders, view], true);
  expect(statements).toEqual(["GRANT USE CATALOG, MANAGE, USE SCHEMA, SELECT, MODIFY ON CATALOG `sales` TO `7d9f-app`;"]);
  for (const sql of statements) metastore.run(sql);
  expect((await examine(metastore)).findings).toEqual([]);
});

it.each([
  [["sales"], "OWNERSHIP", []],
  [["sales"], "ALL PRIVILEGES", ["MANAGE"]],
  [["sales", "main"], "ALL PRIVILEGES", ["USE CATALOG", "MANAGE"]],
  [["sales", "main"], "OWNERSHIP", ["USE CATALOG", "MANAGE"]],
  [["sales", "main", "v"], "OWNERSHIP", ["USE CATALOG", "MANAGE", "USE SCHEMA", "SELECT", "MODIFY"]],
  [["hr"], "ALL PRIVILEGES", ["USE CATALOG", "MANAGE", "USE SCHEMA", "SELECT", "MODIFY", "SELECT"]],
])("counts what holds for everything in %j: %s", async (names, privilege, lacking) => {
  const metastore = new FakeMetastore();
  metastore.rows.push({ names, privilege });
  expect((await examine(metastore)).findings.map((finding) => finding.privilege)).toEqual(lacking);
});

it("says that no grant brings back what was dropped", async () => {
  const { findings } = await examine(new FakeMetastore(), [{ ...orders, missingSince: "2026-01-01T00:00:00Z" }]);
  expect(findings.at(-1)!.why).toMatch(/Missing since 2026-01-01T00:00:00Z: if it was dropped/);
});

it("refuses an object type that Databricks does not have, and an answer of another form", async () => {
  await expect(examine(new FakeMetastore(), [object("event table", "a", "b", "c")])).rejects.toThrow(
    /an? event table does not exist on Databricks/,
  );
  await expect(examineGrants({ query: async () => [{ user: "x" }], expected: [], connectionKey: "dbx" })).rejects.toThrow(
    /a row without the text "principal" \(it has user\)/,
  );
});

it("has each of the five object types once, and lets whoever may write one also read it", () => {
  const types = ["external table", "materialized view", "streaming table", "table", "view"];
  expect(PRIVILEGES.map(({ objectType }) => objectType).sort()).toEqual(types);
  for (const { read, write } of PRIVILEGES) expect(write).toEqual(expect.arrayContaining([...read]));
  expect(privilegesOf("dynamic table")).toBeUndefined();
});
