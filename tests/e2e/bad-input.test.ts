import { duckdb } from "./duckdb";
import { story } from "./harness";
import { Project } from "./project";
import { registered } from "./store";

const CONNECTION = 'const connection = { technology: "DuckDB", databases: { sales: "./sales.duckdb" } };';
const WAREHOUSE = `${CONNECTION} new Connection("warehouse", { connectionKey: "warehouse", connection, settings: { isActive: false } });`;

/** How the engine words a problem that the provider finds with a property. */
const problem = (property: string, reason: string) =>
  new RegExp(`property ${escape(property)} value {.*?} has a problem: ${escape(reason)}`);
const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

story("a program that is wrong", () => {
  const project = new Project();

  beforeAll(async () => {
    await project.init();
    await duckdb(project.path("sales.duckdb"), "CREATE TABLE orders (id INTEGER)");
  });

  it.each([
    [
      "an unknown technology",
      'new Connection("warehouse", { connectionKey: "warehouse", connection: { technology: "Oracle", databases: {} } });',
      [problem("connection.technology", 'unknown technology "Oracle"; supported: DuckDB')],
    ],
    [
      "a file that is not there",
      'new Connection("warehouse", { connectionKey: "warehouse", connection: { technology: "DuckDB", databases: { sales: "./nowhere.duckdb" } } });',
      [/connection\.databases\.sales: \S+\/nowhere\.duckdb does not exist; name a DuckDB file, relative to the program's folder/],
    ],
    [
      "a file that is no database",
      'new Connection("warehouse", { connectionKey: "warehouse", connection: { technology: "DuckDB", databases: { sales: "./index.js" } } });',
      [/connection\.databases\.sales: \S+\/index\.js is not a DuckDB database; name another file/],
    ],
    [
      "wrong types and unknown fields, all of them at once",
      `new Connection("warehouse", {
        connectionKey: "data",
        connection: { technology: "DuckDB", databases: { sales: 5 }, colour: "red" },
        settings: { isActive: "yes", dataOwners: [{ type: "robot", id: 1.5 }] },
        onExists: "replace",
        whatever: 1,
      });`,
      [
        problem("connectionKey", "is a reserved word"),
        problem("connection.databases.sales", "expected a string, got a number"),
        problem("connection.colour", "unknown field; remove it or correct its name"),
        problem("settings.isActive", "expected a boolean, got a string"),
        problem("settings.dataOwners.0.type", 'expected "user" or "group"'),
        problem("onExists", 'expected "adopt" or "fail"'),
        problem("whatever", "unknown field; remove it or correct its name"),
      ],
    ],
    [
      "a connection without anything in it",
      'new Connection("warehouse", { connectionKey: "", connection: { technology: "DuckDB", databases: {} } });',
      [
        problem("connectionKey", "is empty; give the connection a key"),
        problem("connection.databases", "names no database; give at least one"),
      ],
    ],
    [
      "object paths that are none",
      `new ObjectStatus("number", { objectPath: ["warehouse", 5], isActive: true });`,
      [problem("objectPath.1", "expected a string, got a number")],
    ],
    [
      "an object path that is too long",
      'new ObjectStatus("long", { objectPath: "warehouse/sales/main/orders/id", isActive: true });',
      [problem("objectPath", "warehouse/sales/main/orders/id has 5 elements; an object path has at most 4")],
    ],
    [
      "an object path with an empty element",
      'new ObjectStatus("empty", { objectPath: ["warehouse", "", "main"], isActive: true });',
      [problem("objectPath", "element 2 (database) is empty; give every name")],
    ],
    [
      "an object path with a percent sign that encodes nothing",
      'new ObjectStatus("percent", { objectPath: "100%/sales", isActive: true });',
      [problem("objectPath", '"100%" in "100%/sales" is not valid percent-encoding; write a literal "%" as %25')],
    ],
    [
      "a status that is neither active nor inactive",
      'new ObjectStatus("status", { objectPath: "warehouse/sales", isActive: "yes" });',
      [problem("isActive", "expected a boolean, got a string")],
    ],
    [
      "two connections with one key",
      `${WAREHOUSE} new Connection("again", { connectionKey: "warehouse", connection });`,
      ['Connection "again": connectionKey: connection warehouse is declared by Connection "warehouse" already; declare it once'],
    ],
    [
      "two connections with one key, out of outputs",
      `${WAREHOUSE} new Connection("again", { connectionKey: pulumi.output("warehouse"), connection });`,
      ['Connection "again": connectionKey: connection warehouse is declared by Connection "warehouse" already; declare it once'],
    ],
    [
      "two statuses of one object",
      `new ObjectStatus("one", { objectPath: ["warehouse", "sales", "main"], isActive: true });
       new ObjectStatus("two", { objectPath: "warehouse/sales/main", isActive: false });`,
      ['ObjectStatus "two": objectPath: isActive of warehouse/sales/main is declared by ObjectStatus "one" already; declare it once'],
    ],
    [
      "two statuses of one object, out of outputs",
      `new ObjectStatus("one", { objectPath: pulumi.output("warehouse/sales/main"), isActive: true });
       new ObjectStatus("two", { objectPath: ["warehouse", pulumi.output("sales"), "main"], isActive: false });`,
      [
        /ObjectStatus "(one|two)": objectPath: isActive of warehouse\/sales\/main is declared by ObjectStatus "(one|two)" already; declare it once/,
      ],
    ],
    [
      "a status of the connection, which sets it itself",
      `${WAREHOUSE} new ObjectStatus("top", { objectPath: ["warehouse"], isActive: true });`,
      ['ObjectStatus "top": objectPath: isActive of warehouse is declared by Connection "warehouse" already; declare it once'],
    ],
  ])("%s: says what and where, and registers nothing", async (_title, program, messages) => {
    project.program(program);
    const up = await project.operation("up", ["--yes"]);
    expect(up.code).not.toBe(0);
    for (const message of messages)
      expect(up.errors).toEqual(typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message));
    expect(await registered(project)).toEqual({});
    expect(await project.outputs()).toEqual({});
  });
});
