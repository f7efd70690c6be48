import { behind } from "./behind";

const range = { from: "warehouse\u0001sales" };

it("goes on behind the last object, and begins with the range's first", () => {
  expect(behind(range, undefined)).toEqual({ operator: ">=", key: range.from });
  expect(behind(range, "warehouse\u0001sales\u0001main")).toEqual({ operator: ">", key: "warehouse\u0001sales\u0001main" });
});

it("begins with the range's first where the object before lies in front of it", () => {
  expect(behind(range, "warehouse\u0001hr")).toEqual({ operator: ">=", key: range.from });
});

it("compares as the store sorts, by bytes", () => {
  expect(behind({ from: "\u{ff5e}" }, "\u{1f600}").key).toBe("\u{1f600}");
});
