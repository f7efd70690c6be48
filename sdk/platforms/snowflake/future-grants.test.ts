import { missingFutureGrants, type FutureGrantRow } from "./future-grants";
import { PRIVILEGES } from "./privileges";

const database: readonly FutureGrantRow[] = [
  { privilege: "USAGE", grant_on: "SCHEMA", name: "SALES.<SCHEMA>" },
  ...PRIVILEGES.flatMap(({ singular, crawl }) => {
    const kind = singular.replaceAll(" ", "_");
    return crawl.map((privilege) => ({ privilege, grant_on: kind, name: `SALES.<${kind}>` }));
  }),
];
const missing = (seen: readonly FutureGrantRow[], names = ["SALES"], importedDatabases?: ReadonlySet<string>) =>
  missingFutureGrants(
    seen,
    names.map((name) => ["sf", name]),
    { role: "GOVERNANCE", ...(importedDatabases && { importedDatabases }) },
  );

it("finds nothing where every kind of object has its future grants, and all of them where none has", () => {
  expect(missing(database)).toEqual([]);
  expect(missing([]).map(({ sql }) => sql)).toEqual([
    'GRANT USAGE ON FUTURE SCHEMAS IN DATABASE "SALES" TO ROLE "GOVERNANCE";',
    ...["TABLES", "VIEWS", "MATERIALIZED VIEWS", "EXTERNAL TABLES", "EVENT TABLES", "ICEBERG TABLES"].flatMap((plural) => [
      `GRANT REFERENCES ON FUTURE ${plural} IN DATABASE "SALES" TO ROLE "GOVERNANCE";`,
      `GRANT SELECT ON FUTURE ${plural} IN DATABASE "SALES" TO ROLE "GOVERNANCE";`,
    ]),
    'GRANT SELECT ON FUTURE DYNAMIC TABLES IN DATABASE "SALES" TO ROLE "GOVERNANCE";',
  ]);
});

it("tells databases apart, and leaves those of a share alone", () => {
  expect(missing(database, ["SALES", "HR"]).map(({ objectPath }) => objectPath)).toEqual(Array(14).fill(["sf", "HR"]));
  expect(missing([], ["SALES", "SNOWFLAKE"], new Set(["SALES"]))).toEqual([]);
});

it("finds a schema whose own future grants switch those of its database off", () => {
  const own = { privilege: "INSERT", grant_on: "TABLE", name: 'SALES."my.raw".<TABLE>' };
  const found = missing([...database, own]);
  expect(found.map(({ objectPath, sql }) => [objectPath, sql])).toEqual([
    [["sf", "SALES", "my.raw"], 'GRANT REFERENCES ON FUTURE TABLES IN SCHEMA "SALES"."my.raw" TO ROLE "GOVERNANCE";'],
    [["sf", "SALES", "my.raw"], 'GRANT SELECT ON FUTURE TABLES IN SCHEMA "SALES"."my.raw" TO ROLE "GOVERNANCE";'],
  ]);
  expect(found[0]?.why).toMatch(/has future grants on tables of its own/);
});

it("takes future ownership for every privilege", () => {
  const views = database.filter(({ grant_on }) => grant_on !== "VIEW");
  expect(missing([...views, { privilege: "OWNERSHIP", grant_on: "VIEW", name: "SALES.<VIEW>" }])).toEqual([]);
});
