import type { Column } from "../../model/data-object";
import { diffColumns, isMassRemoval, overrideOfNewObject } from "./rules";

describe("what a newly found object starts as", () => {
  it.each([
    // parent active, activate new, override
    [true, true, undefined],
    [false, false, undefined],
    [true, false, false],
    [false, true, true],
  ])("under a known parent (active %p, activate new %p) gets the override %p", (isActive, activateNewChildren, expected) => {
    expect(overrideOfNewObject({ isActive, activateNewChildren }, { firstSync: false, parentIsNew: false })).toBe(expected);
  });

  it.each([
    [true, false],
    [false, true],
  ])("inherits at the first sync (%p) and in a container that is new itself (%p)", (firstSync, parentIsNew) => {
    expect(overrideOfNewObject({ isActive: true, activateNewChildren: false }, { firstSync, parentIsNew })).toBeUndefined();
  });
});

it.each([
  [20, 11, true],
  [20, 10, false],
  [19, 19, false],
  [1_000, 501, true],
  [1_000, 500, false],
])("of %i known objects %i missing is a mass removal: %p", (known, missing, expected) => {
  expect(isMassRemoval(known, missing)).toBe(expected);
});

it("tells added, removed, retyped and re-commented columns, and leaves alone those that only moved", () => {
  const column = (name: string, position: number, type = "INTEGER", comment: string | null = null): Column => ({
    name,
    type,
    nullable: true,
    position,
    comment,
  });
  const recorded = [column("id", 1), column("gone", 2), column("price", 3), column("note", 4)];
  const observed = [
    column("id", 1),
    column("price", 2, "BIGINT"),
    { ...column("note", 3, "INTEGER", "hi"), nullable: false },
    column("fresh", 4),
  ];
  expect(diffColumns(recorded, observed)).toEqual([
    { kind: "changed", name: "price", detail: "type: INTEGER -> BIGINT" },
    { kind: "changed", name: "note", detail: "nullable: true -> false, comment: null -> hi" },
    { kind: "added", name: "fresh" },
    { kind: "removed", name: "gone" },
  ]);
});
