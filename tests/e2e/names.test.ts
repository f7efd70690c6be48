import { duckdb } from "./duckdb";
import { story } from "./harness";
import { Project } from "./project";
import { registered } from "./store";

/** Names that are legal on the platform and awkward everywhere else. */
const DATABASE = "Sales.2024/é ü%41";
const SCHEMA = `it's "quoted".日本`;
const TABLES = [
  "UPPER",
  "upper case",
  "a/b",
  "100%",
  "%2F",
  "..",
  `"'`,
  "😀",
  "dots.in.it",
  "tab\there",
  "-- comment; DROP",
  "$a{b}",
  "\\back",
];

const inText = (path: readonly string[]) => path.map((name) => encodeURIComponent(name).replace(/^\.\.$/, "%2E%2E")).join("/");
const pathOf = (table: string) => ["Ware house/é", DATABASE, SCHEMA, table];
const sqlName = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Every other path in its text form. */
const PROGRAM = `
  const connection = { technology: "DuckDB", databases: { [${JSON.stringify(DATABASE)}]: "./it's a file.duckdb" } };
  new Connection("warehouse", { connectionKey: "Ware house/é", connection });
  ${TABLES.map((table, index) => {
    const objectPath = index % 2 === 0 ? pathOf(table) : inText(pathOf(table));
    return `new ObjectStatus("t${index}", { objectPath: ${JSON.stringify(objectPath)}, isActive: true });`;
  }).join("\n")}
  new ActivationSetting("schema", { objectPath: ${JSON.stringify(inText(pathOf("").slice(0, 3)))}, activateNewChildren: true });`;

story("names with dots, quotes, slashes and letters of all kinds", () => {
  const project = new Project();
  const file = project.path("it's a file.duckdb");
  const table = (name: string) => `${sqlName(SCHEMA)}.${sqlName(name)}`;

  beforeAll(async () => {
    await project.init();
    await duckdb(file, `CREATE SCHEMA ${sqlName(SCHEMA)}; ${TABLES.map((name) => `CREATE TABLE ${table(name)} (id INTEGER)`).join(";")}`);
    project.program(PROGRAM);
  });

  it("are registered and take a status, in both forms of the path", async () => {
    expect(await project.preview()).toMatchObject({ code: 0, errors: "", warnings: "" });
    expect(await project.up()).toMatchObject({ code: 0, errors: "", warnings: "" });
    const objects = await registered(project);
    expect(Object.keys(objects)).toHaveLength(TABLES.length + 4);
    for (const name of TABLES) expect(objects[pathOf(name).join("/")]).toBe("active*");
    const outputs = await project.outputs();
    expect(TABLES.map((_, index) => outputs[`t${index}`]!["objectPath"])).toEqual(TABLES.map(pathOf));
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("are named by drift as the text form writes them", async () => {
    await project.connections("settings", inText(pathOf("a/b")), "--active", "inherit");
    await duckdb(
      file,
      `DROP TABLE ${table("😀")}; ALTER TABLE ${table("..")} ADD COLUMN ${sqlName(`"é.'`)} INTEGER; CREATE TABLE ${table("new/'")} (id INTEGER)`,
    );
    const preview = await project.preview();
    expect(preview).toMatchObject({ code: 0, errors: "", changes: ["t2: update", "warehouse: update"] });
    const schema = inText(pathOf("").slice(0, 3));
    expect(preview.drift["warehouse"]).toEqual([
      `table ${schema}/%2E%2E changed: column "é.' added`,
      `table ${schema}/new%2F' appeared: starts active`,
      `table ${schema}/%F0%9F%98%80 vanished`,
    ]);
    expect(preview.drift["t2"]).toEqual([
      expect.stringMatching(/^isActive: recorded true, is not set \(inherited\) \(changed by local administrator at \S+Z\)$/) as string,
    ]);

    expect(await project.up()).toMatchObject({ code: 0, errors: "" });
    const objects = await registered(project);
    expect(objects[pathOf("a/b").join("/")]).toBe("active*");
    expect(objects[pathOf("new/'").join("/")]).toBe("active*");
    expect(objects[pathOf("😀").join("/")]).toBe("missing*");
    expect(await project.destroy()).toMatchObject({ code: 0, errors: "" });
    expect(await registered(project)).toEqual({});
  });
});
