import fc from "fast-check";
import { printed } from "../../../tests/support/snowflake-grants";
import { parseAccountName, parseQualifiedName, qualifiedName, writtenName } from "./qualified-name";

const name = fc.string({ unit: fc.constantFrom("A", "b", '"', ".", " ", "/", "é", "😀", "\n"), minLength: 1, maxLength: 6 });

describe("a qualified name", () => {
  it("reads back as the same names, whatever they are, quoted everywhere or where needed", () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (names) => {
        expect(parseQualifiedName(qualifiedName(names))).toEqual(names);
        expect(parseQualifiedName(printed(names))).toEqual(names);
        expect(parseQualifiedName(writtenName(names))).toEqual(names);
      }),
    );
  });

  it.each(["", "A.", ".A", "A..B", '"A', '"A"B', '"A".', 'A"B"'])("is not %p", (text) => {
    expect(parseQualifiedName(text)).toBeUndefined();
  });
});

it("is written with quotes only where SQL needs them", () => {
  expect(writtenName(["GOV", "TAGS_2", "pii", "A.B", 'x"'])).toBe('GOV.TAGS_2."pii"."A.B"."x"""');
});

it("takes the dots of an account object's name as they are, quoted or not", () => {
  expect(["SALES", "my.role", '"my.role"', '"a""b"', '"odd'].map(parseAccountName)).toEqual(["SALES", "my.role", "my.role", 'a"b', '"odd']);
});
