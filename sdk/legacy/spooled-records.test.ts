import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { jsonText } from "../program/json-text";
import { ConversionPlanner } from "./planner";
import { wholePlan } from "./plan";
import { readRegistrations } from "./read-files";
import { Spool } from "./spool";
import { SpooledRecords } from "./spooled-records";

const GOLDEN = "tests/golden/legacy";

it("gives records in order, equal ones as they were added, however few may be in memory", () => {
  const texts = fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), text: fc.string({ unit: "binary" }) }), { maxLength: 200 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 7 }), (added, held) => {
      const spool = new Spool(held);
      try {
        const records = new SpooledRecords<(typeof added)[number]>(spool, (a, b) => a.key - b.key);
        const log = new SpooledRecords<number>(spool);
        for (const [index, one] of added.entries()) {
          records.add(one);
          log.add(index);
        }
        const expected = [...added].sort((a, b) => a.key - b.key);
        expect([...records]).toEqual(expected);
        expect([...records]).toEqual(expected);
        expect([...log]).toEqual([...added.keys()]);
        expect(records.length).toBe(added.length);
      } finally {
        spool.close();
      }
    }),
    { numRuns: 50 },
  );
});

it("plans the same from disk as in memory", async () => {
  const spool = new Spool(3);
  try {
    const inMemory = new ConversionPlanner();
    const onDisk = new ConversionPlanner(undefined, spool);
    const folders = readdirSync(GOLDEN).filter((name) => name !== "errors");
    for await (const content of readRegistrations(folders.map((name) => join(GOLDEN, name)).reverse(), spool)) {
      for (const planner of [inMemory, onDisk]) {
        if (content.kind === "registration") planner.add(content.registration);
        else planner.addOther(content);
      }
    }
    const expected = JSON.stringify(inMemory.plan(), undefined, 2);
    const streamed = onDisk.stream();
    expect(spool.size).toBeGreaterThan(0);
    expect([...jsonText(streamed)].join("")).toBe(expected);
    expect(JSON.stringify(wholePlan(streamed), undefined, 2)).toBe(expected);
  } finally {
    spool.close();
  }
});

it("leaves no file behind, even while it is written", () => {
  const folder = mkdtempSync(join(tmpdir(), "spool-test-"));
  try {
    const spool = new Spool(1, folder);
    const records = new SpooledRecords<string>(spool);
    records.add("one");
    records.add("two");
    expect(spool.size).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
    expect([...records]).toEqual(["one", "two"]);
    spool.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("says what to do where temporary files cannot be written", () => {
  const records = new SpooledRecords<string>(new Spool(1, "/no/such/folder"));
  expect(() => records.add("one")).toThrow(/^\/no\/such\/folder: cannot be written \(.*ENOENT.*name another folder by TMPDIR/);
});

it.each([[{}], [[]], [{ a: [], b: {}, c: undefined, d: null, "e\n": [1, undefined, { f: "\u2028\ud800" }] }], ["text"], [null]])(
  "writes %j as JSON does",
  (value) => {
    expect([...jsonText(value)].join("")).toBe(JSON.stringify(value, undefined, 2));
  },
);
