import { compareBytes } from "../../model/path-key";
import type { ObservedObject, ObservedScope } from "../../model/platform";
import type { DriverSession, Row } from "./driver";
import { listObjects } from "./list-objects";

type Times = readonly [created: number | null, lastDdl: number | null, lastAltered: number | null];

/** A row of INFORMATION_SCHEMA.TABLES as the statement asks for it. */
function table(schema: string, name: string, part: { type?: string; temporary?: string; iceberg?: string; times?: Times } = {}): Row {
  const { type = "BASE TABLE", temporary = "NO", iceberg = "NO", times = [0, 1_000, 2_000] } = part;
  return [schema, name, type, "NO", iceberg, temporary, "OWNER", null, ...times];
}

function column(schema: string, name: string, position: number): Row {
  return [schema, name, position, `C${position}`, "BOOLEAN", null, null, null, null, null, "YES", null];
}

/** A session that answers rows a few at a time, in order, as the server would. */
function session(answers: { schemas: string[]; tables: Row[]; columns?: Row[] }, onStatement = (_sql: string) => undefined): DriverSession {
  const batches = async function* (rows: Row[]) {
    for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
  };
  return {
    async records(sql) {
      onStatement(sql);
      return [...answers.schemas, "INFORMATION_SCHEMA"].map((name) => ({ name, created_on: new Date(0), owner: "OWNER", comment: "" }));
    },
    async stream(sql) {
      onStatement(sql);
      return batches(sql.includes(".COLUMNS") ? (answers.columns ?? []) : answers.tables);
    },
    close: () => Promise.resolve(),
  };
}

async function read(driver: DriverSession, columns = false, scope: ObservedScope = { database: "DB" }): Promise<ObservedObject[]> {
  const objects: ObservedObject[] = [];
  for await (const batch of listObjects(driver, scope, columns, undefined)) objects.push(...batch);
  return objects;
}

const pathOf = ({ schema, table: name }: ObservedObject) => (name === undefined ? schema : `${schema}.${name}`);

it("keeps names apart that differ by case only, schemas and tables alike", async () => {
  const tables = [table("A", "T"), table("A", "t"), table("a", "T")];
  expect((await read(session({ schemas: ["a", "A"], tables }))).map(pathOf)).toEqual(["A", "A.T", "A.t", "a", "a.T"]);
});

it("shows empty schemas before, between and after those with tables", async () => {
  const objects = await read(session({ schemas: ["B", "A", "E", "C", "D"], tables: [table("B", "T"), table("D", "T")] }));
  expect(objects.map(pathOf)).toEqual(["A", "B", "B.T", "C", "D", "D.T", "E"]);
});

it("leaves a schema that appeared in between to the next sync, with its tables", async () => {
  const tables = [table("A", "T"), table("NEW", "T"), table("Z", "T")];
  expect((await read(session({ schemas: ["A", "Z"], tables }))).map(pathOf)).toEqual(["A", "A.T", "Z", "Z.T"]);
});

it("leaves out temporary tables, which may bear the name of a lasting one", async () => {
  const tables = [table("A", "T", { temporary: "YES" }), table("A", "T"), table("A", "U", { type: "TEMPORARY TABLE" })];
  expect((await read(session({ schemas: ["A"], tables }))).map(pathOf)).toEqual(["A", "A.T"]);
});

it("gives each table its columns, whichever side has more", async () => {
  const tables = ["DROPPED", "T", "U"].map((name) => table("A", name));
  const columns = [column("A", "MADE_SINCE", 1), column("A", "T", 1), column("A", "T", 2), column("A", "U", 1), column("Z", "T", 1)];
  const objects = await read(session({ schemas: ["A"], tables, columns }), true);
  expect(objects.map((object) => [pathOf(object), object.columns?.match(/C\d/g)])).toEqual([
    ["A", undefined],
    ["A.DROPPED", undefined],
    ["A.T", ["C1", "C2"]],
    ["A.U", ["C1"]],
  ]);
});

it("reads columns only after tables: older ones than a fingerprint tells of would stay for ever", async () => {
  const said: string[] = [];
  const driver = session(
    { schemas: ["A"], tables: [table("A", "T")] },
    (sql) => void said.push(/SCHEMAS|\.TABLES|\.COLUMNS/.exec(sql)![0]),
  );
  await read(driver, true);
  expect(said).toEqual(["SCHEMAS", ".TABLES", ".COLUMNS"]);
});

async function fingerprintOf(part: Parameters<typeof table>[2]): Promise<string> {
  return (await read(session({ schemas: ["A"], tables: [table("A", "T", part)] })))[1]!.fingerprint;
}

it("changes a table's fingerprint with its definition, not with its rows", async () => {
  const first = await fingerprintOf({ times: [0, 1_000, 2_000] });
  expect(await fingerprintOf({ times: [0, 1_000, 9_000] })).toBe(first);
  expect(await fingerprintOf({ times: [0, 1_001, 2_000] })).not.toBe(first);
});

it("takes every change of an Iceberg table for one of its columns, which its outer catalog may have changed", async () => {
  const first = await fingerprintOf({ iceberg: "YES", times: [0, 1_000, 2_000] });
  expect(await fingerprintOf({ iceberg: "YES", times: [0, 1_000, 9_000] })).not.toBe(first);
});

it("goes by the last change where there is no time of the last definition, and by nothing where there is neither", async () => {
  expect(await fingerprintOf({ times: [0, null, 2_000] })).not.toBe(await fingerprintOf({ times: [0, null, 3_000] }));
  const unknown = await fingerprintOf({ times: [0, null, null] });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await fingerprintOf({ times: [0, null, null] })).not.toBe(unknown);
});

it("sorts as the store does, above U+FFFF too", async () => {
  const schemas = ["😀", "￰", "a", "Z"];
  const objects = await read(session({ schemas, tables: [] }));
  expect(objects.map(({ schema }) => schema)).toEqual([...schemas].sort(compareBytes));
});
