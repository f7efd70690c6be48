import { showAll } from "./show";

const rowsOf = (names: readonly string[]) => names.map((name) => ({ name, created_on: null, owner: "", comment: "" }));

it("goes on after the last name, quoted, until a page is not full", async () => {
  const names = ["a", "b\\", "c'd", "e"];
  const said: string[] = [];
  const run = async (sql: string) => {
    said.push(sql);
    return rowsOf(names.slice(said.length * 2 - 2, said.length * 2));
  };
  expect((await showAll(run, "SHOW DATABASES", 2)).map(({ name }) => name)).toEqual(names);
  expect(said).toEqual(["SHOW DATABASES LIMIT 2", "SHOW DATABASES LIMIT 2 FROM 'b\\\\'", "SHOW DATABASES LIMIT 2 FROM 'e'"]);
});

it("counts a row once that two pages share", async () => {
  const pages = [["a", "b"], ["b", "c"], ["d"]];
  expect((await showAll(async () => rowsOf(pages.shift()!), "SHOW DATABASES", 2)).map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
});

it("stops with an error where the server begins again", async () => {
  await expect(showAll(async () => rowsOf(["a", "b"]), "SHOW DATABASES", 2)).rejects.toThrow(
    'SHOW DATABASES: the server lists the same 2 rows again after "b"; nothing was read. Run it again',
  );
});
