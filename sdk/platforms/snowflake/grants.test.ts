import type { ExpectedObject } from "../../model/diagnosis";
import { missingGrants, type GrantRow } from "./grants";

const role = "GOVERNANCE";
const orders: ExpectedObject = { objectPath: ["sf", "SALES", "PUBLIC", "ORDERS"], objectType: "table" };
const all: readonly GrantRow[] = [
  { privilege: "USAGE", granted_on: "DATABASE", name: "SALES" },
  { privilege: "USAGE", granted_on: "SCHEMA", name: "SALES.PUBLIC" },
  { privilege: "REFERENCES", granted_on: "TABLE", name: "SALES.PUBLIC.ORDERS" },
  { privilege: "SELECT", granted_on: "TABLE", name: "SALES.PUBLIC.ORDERS" },
];

const sqlOf = (seen: readonly GrantRow[], expected: readonly ExpectedObject[], importedDatabases?: ReadonlySet<string>) =>
  missingGrants(seen, expected, { role, ...(importedDatabases && { importedDatabases }) }).map(({ sql }) => sql);

it("finds nothing where all is granted, and everything where nothing is", () => {
  expect(sqlOf(all, [orders])).toEqual([]);
  expect(sqlOf([], [orders])).toEqual([
    'GRANT USAGE ON DATABASE "SALES" TO ROLE "GOVERNANCE";',
    'GRANT USAGE ON SCHEMA "SALES"."PUBLIC" TO ROLE "GOVERNANCE";',
    'GRANT REFERENCES ON TABLE "SALES"."PUBLIC"."ORDERS" TO ROLE "GOVERNANCE";',
    'GRANT SELECT ON TABLE "SALES"."PUBLIC"."ORDERS" TO ROLE "GOVERNANCE";',
  ]);
});

it("names the object of each level, and the next step for a missing object", () => {
  const missing = missingGrants([], [{ ...orders, missingSince: "2026-01-02T03:04:05.000Z" }], { role });
  expect(missing.map(({ objectPath, privilege }) => [objectPath.join("/"), privilege])).toEqual([
    ["sf/SALES", "USAGE"],
    ["sf/SALES/PUBLIC", "USAGE"],
    ["sf/SALES/PUBLIC/ORDERS", "REFERENCES"],
    ["sf/SALES/PUBLIC/ORDERS", "SELECT"],
  ]);
  expect(missing[2]?.why).toMatch(/Missing since 2026-01-02T03:04:05.000Z: if it was dropped/);
});

it("names a database or schema once, however many objects are in it", () => {
  const others = ["A", "B"].map((name): ExpectedObject => ({ ...orders, objectPath: ["sf", "SALES", "PUBLIC", name] }));
  expect(sqlOf([], [orders, orders, ...others]).filter((sql) => / (DATABASE|SCHEMA) /.test(sql))).toHaveLength(2);
});

it("takes ownership of an object for every privilege on it, and for none inside it", () => {
  const owner = (granted_on: string, name: string): GrantRow => ({ privilege: "OWNERSHIP", granted_on, name });
  expect(sqlOf([...all.slice(0, 2), owner("TABLE", "SALES.PUBLIC.ORDERS")], [orders])).toEqual([]);
  expect(sqlOf([owner("DATABASE", "SALES"), owner("SCHEMA", "SALES.PUBLIC")], [orders])).toHaveLength(2);
});

it("does not take another privilege, another object or another case for the one that is needed", () => {
  const other: readonly GrantRow[] = [
    { privilege: "MONITOR", granted_on: "DATABASE", name: "SALES" },
    { privilege: "USAGE", granted_on: "SCHEMA", name: 'SALES."public"' },
    { privilege: "SELECT", granted_on: "TABLE", name: 'SALES.PUBLIC."orders"' },
    { privilege: "SELECT", granted_on: "STAGE", name: "SALES.PUBLIC.ORDERS" },
    { privilege: "INSERT", granted_on: "TABLE", name: "SALES.PUBLIC.ORDERS" },
    { privilege: "USAGE", granted_on: "SCHEMA", name: "SALES" },
  ];
  expect(sqlOf(other, [orders])).toHaveLength(4);
});

it.each([
  ["table", "TABLE", ["REFERENCES", "SELECT"]],
  ["view", "VIEW", ["REFERENCES", "SELECT"]],
  ["materialized view", "MATERIALIZED VIEW", ["REFERENCES", "SELECT"]],
  ["external table", "EXTERNAL TABLE", ["REFERENCES", "SELECT"]],
  ["event table", "EVENT TABLE", ["REFERENCES", "SELECT"]],
  ["iceberg table", "ICEBERG TABLE", ["REFERENCES", "SELECT"]],
  ["dynamic table", "DYNAMIC TABLE", ["SELECT"]],
] as const)("grants a %s as Snowflake names it, and recognises it in an answer", (objectType, kind, privileges) => {
  const object: ExpectedObject = { ...orders, objectType };
  const containers = all.slice(0, 2);
  expect(sqlOf(containers, [object])).toEqual(
    privileges.map((privilege) => `GRANT ${privilege} ON ${kind} "SALES"."PUBLIC"."ORDERS" TO ROLE "GOVERNANCE";`),
  );
  const answered = (granted_on: string) =>
    privileges.map((privilege): GrantRow => ({ privilege, granted_on, name: "SALES.PUBLIC.ORDERS" }));
  expect(sqlOf([...containers, ...answered(kind.replaceAll(" ", "_"))], [object])).toEqual([]);
  // Special tables are answered as plain ones at times.
  expect(sqlOf([...containers, ...answered("TABLE")], [object])).toEqual([]);
});

it("asks for imported privileges on a database made from a share, and for nothing inside it", () => {
  const imported = new Set(["SALES"]);
  expect(sqlOf([], [orders], imported)).toEqual(['GRANT IMPORTED PRIVILEGES ON DATABASE "SALES" TO ROLE "GOVERNANCE";']);
  expect(sqlOf(all.slice(0, 1), [orders], imported)).toEqual([]);
  expect(sqlOf([], [{ objectPath: ["sf", "SNOWFLAKE", "ACCOUNT_USAGE", "TABLES"], objectType: "view" }])).toEqual([
    'GRANT IMPORTED PRIVILEGES ON DATABASE "SNOWFLAKE" TO ROLE "GOVERNANCE";',
  ]);
  expect(
    sqlOf(
      [{ privilege: "USAGE", granted_on: "APPLICATION", name: "SNOWFLAKE" }],
      [{ objectPath: ["sf", "SNOWFLAKE"], objectType: "database" }],
    ),
  ).toEqual([]);
});

it("asks for nothing on INFORMATION_SCHEMA, which takes no grants", () => {
  const columns: ExpectedObject = { objectPath: ["sf", "SALES", "INFORMATION_SCHEMA", "COLUMNS"], objectType: "view" };
  expect(sqlOf([], [columns])).toEqual(['GRANT USAGE ON DATABASE "SALES" TO ROLE "GOVERNANCE";']);
});

it("refuses an object type that Snowflake does not have", () => {
  expect(() => sqlOf([], [{ ...orders, objectType: "streaming table" }])).toThrow(
    /^sf\/SALES\/PUBLIC\/ORDERS: a streaming table does not exist on Snowflake; expected table, view/,
  );
});

it("quotes every name, the role's too", () => {
  const odd: ExpectedObject = { objectPath: ["sf", 'a"; DROP', "x.y"], objectType: "schema" };
  expect(missingGrants([], [odd], { role: 'my "role"' }).map(({ sql }) => sql)).toEqual([
    'GRANT USAGE ON DATABASE "a""; DROP" TO ROLE "my ""role""";',
    'GRANT USAGE ON SCHEMA "a""; DROP"."x.y" TO ROLE "my ""role""";',
  ]);
});
