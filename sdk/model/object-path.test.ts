import fc from "fast-check";
import { formatObjectPath, parseObjectPath } from "./object-path";
import { childKey, compareBytes, descendantRange, fromPathKey, isWithin, parentKey, toPathKey } from "./path-key";

const name = fc.string({
  unit: fc.constantFrom("a", "B", "/", "%", ".", '"', "'", " ", "é", "日", "😀", "\uffee", "\u0000", "\u0001", "\u0002", "\u0003"),
  minLength: 1,
  maxLength: 6,
});
const path = fc.array(name, { minLength: 1, maxLength: 4 });

describe("the text form of an object path", () => {
  it("reads back as the same names, whatever they are", () => {
    fc.assert(fc.property(path, (names) => expect(parseObjectPath(formatObjectPath(names))).toEqual(names)));
  });

  it("survives URL normalisation of dots", () => {
    expect(formatObjectPath(["w", "..", "."])).toBe("w/%2E%2E/%2E");
  });

  it.each([
    ["", /element 1 \(connection\) is empty/],
    ["w//s", /element 2 \(database\) is empty/],
    ["a/b/c/d/e", /at most 4/],
    ["w/100%", /"100%" in "w\/100%" is not valid percent-encoding; write a literal "%" as %25/],
  ])("refuses %p and says what to do", (text, message) => {
    expect(() => parseObjectPath(text)).toThrow(message);
  });

  it("refuses an empty path and broken Unicode", () => {
    expect(() => parseObjectPath([])).toThrow(/needs at least the connection key/);
    expect(() => parseObjectPath(["w", "\ud800"])).toThrow(/element 2 \(database\) is not valid Unicode/);
  });
});

describe("the key of an object path", () => {
  it("reads back as the same names", () => {
    fc.assert(fc.property(path, (names) => expect(fromPathKey(toPathKey(names))).toEqual(names)));
  });

  it("sorts as the names do, element by element, in bytes", () => {
    const byElements = (a: readonly string[], b: readonly string[]): number => {
      for (let index = 0; index < Math.min(a.length, b.length); index++) {
        const order = Buffer.compare(Buffer.from(a[index]!), Buffer.from(b[index]!));
        if (order !== 0) return order;
      }
      return a.length - b.length;
    };
    fc.assert(
      fc.property(path, path, (a, b) => {
        expect(Math.sign(compareBytes(toPathKey(a), toPathKey(b)))).toBe(Math.sign(byElements(a, b)));
      }),
    );
  });

  it("compares as the bytes of the text do", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it("has its descendants, and nothing else, in one range", () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        const [ancestor, other] = [toPathKey(a), toPathKey(b)];
        const { after, before } = descendantRange(ancestor);
        const inRange = compareBytes(other, after) > 0 && compareBytes(other, before) < 0;
        const isBeneath = b.length > a.length && a.every((element, index) => element === b[index]);
        expect(inRange).toBe(isBeneath);
        expect(isWithin(other, ancestor)).toBe(isBeneath || other === ancestor);
      }),
    );
  });

  it("is made of the parent's and the name", () => {
    fc.assert(
      fc.property(path, name, (names, child) => {
        const parent = toPathKey(names);
        expect(childKey(parent, child)).toBe(toPathKey([...names, child]));
        expect(parentKey(childKey(parent, child))).toBe(parent);
      }),
    );
  });
});
