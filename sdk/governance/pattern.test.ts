import fc from "fast-check";
import { namesObject, parsePattern } from "./pattern";

it.each([
  ["sales", ["sales"], true],
  ["sales", ["Sales"], false],
  ["sales", ["sales", "main"], false],
  ["sales.*.fct_*", ["sales", "main", "fct_orders"], true],
  ["sales.*.fct_*", ["sales", "main", "dim_orders"], false],
  ["sales.*.fct_*", ["sales", "a/b", "fct_x/y.z"], true],
  ["*.*.*", [".", "..", "/"], true],
  ["*.*.*", ["a.b", 'quo"te', "back\\slash"], true],
  ['sales."a.b".*', ["sales", "a.b", "t"], true],
  ['sales."a.b".*', ["sales", "a", "b"], false],
  ['"a*"', ["a*"], true],
  ['"a*"', ["ab"], false],
  ['"say ""hi"""', ['say "hi"'], true],
  ["a\\.b", ["a.b"], true],
  ["{raw,stage}.*", ["stage", "x"], true],
  ["{raw,stage}.*", ["prod", "x"], false],
  ["t?", ["t1"], true],
  ["t[0-9]", ["t5"], true],
  ["t[0-9]", ["tx"], false],
  ["!a", ["!a"], true],
  ["a/b", ["a/b"], true],
  ["a/*", ["a/b/c"], true],
  ["Größe_*", ["Größe_2"], true],
  ["#a", ["#a"], true],
])("%s and %j: %s", (pattern, names, expected) => {
  expect(namesObject(parsePattern(pattern), names)).toBe(expected);
});

it.each([
  ["a.b.c.d", /has 4 names; a pattern names database, schema and table/],
  ["", /has an empty name; write \* for any/],
  ["a..b", /has an empty name/],
  ["**.a", /has "\*\*"; a rule holds for everything beneath/],
  ['"a', /quoted name that does not end/],
])("refuses %j", (pattern, message) => {
  expect(() => parsePattern(pattern)).toThrow(message);
});

const name = fc.string({ minLength: 1, unit: "binary" }).filter((text) => !/[\uE000\uE001]/u.test(text));

it("takes any quoted name as it is, and no other", () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), name, (names, other) => {
      const pattern = parsePattern(names.map((one) => `"${one.replaceAll('"', '""')}"`).join("."));
      expect(namesObject(pattern, names)).toBe(true);
      const changed = [...names.slice(0, -1), other];
      expect(namesObject(pattern, changed)).toBe(other === names.at(-1));
    }),
  );
});

it("matches every name with a star", () => {
  fc.assert(fc.property(name, (one) => expect(namesObject(parsePattern("*"), [one])).toBe(true)));
});
