import { PRIVILEGES, privilegesOf } from "./privileges";

it("has each of the seven object types once", () => {
  expect(PRIVILEGES.map(({ objectType }) => objectType).sort()).toEqual(
    ["dynamic table", "event table", "external table", "iceberg table", "materialized view", "table", "view"].sort(),
  );
  expect(privilegesOf("streaming table")).toBeUndefined();
});

it.each(PRIVILEGES)("asks on a $objectType only for what can be granted on it", ({ crawl, read, write, grantable }) => {
  expect(grantable).toEqual(expect.arrayContaining([...crawl, ...read, ...write]));
});

it.each(PRIVILEGES)("lets whoever may write a $objectType also read it", ({ read, write }) => {
  expect(write).toEqual(expect.arrayContaining([...read]));
});
