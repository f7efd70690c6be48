import { Redactor } from "./redactor";

it("blanks out secret fields, and those that the program marked secret, in every text", () => {
  const redactor = new Redactor();
  redactor.learn({
    connection: { technology: "DuckDB", encryptionKey: "s3cret-key", databases: { "a.b": "/private/place.duckdb", open: "/open.duckdb" } },
    secretFields: ["connection.databases.a.b"],
  });
  expect(redactor.clean("cannot open /private/place.duckdb with s3cret-key; /open.duckdb is fine")).toBe(
    "cannot open [REDACTED] with [REDACTED]; /open.duckdb is fine",
  );
  expect(redactor.cleanAll(["connection.databases: recorded /private/place.duckdb"])).toEqual([
    "connection.databases: recorded [REDACTED]",
  ]);
});

it("takes the whole value when the whole is secret", () => {
  const redactor = new Redactor();
  redactor.learn({ connection: { technology: "DuckDB", databases: { a: "/x/y.duckdb" } }, secretFields: ["connection"] });
  expect(redactor.clean("/x/y.duckdb does not exist")).toBe("[REDACTED] does not exist");
});
