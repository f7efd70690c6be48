import { StringDecoder } from "node:string_decoder";
import type { Listed } from "./plan";
import type { Spool, SpoolHolder } from "./spool";

/** Runs of one level, before they are merged to one of the next: that many are read side by side. */
const MERGED = 16;
const CHUNK_BYTES = 16_384;

/** Sorted records, one a line, in a part of a spool. */
interface Run {
  readonly start: number;
  readonly end: number;
}

type Compare<Value> = (a: Value, b: Value) => number;

/**
 * Records of JSON values in an order, equal ones as they were added. A spool bounds those in memory, the others are sorted on disk;
 * without one, all are in memory. May be read many times, and not while more are added.
 */
export class SpooledRecords<Value> implements Listed<Value>, SpoolHolder {
  #held: Value[] = [];
  #length = 0;
  /** Of higher levels are larger, older runs. */
  readonly #levels: Run[][] = [];

  constructor(
    readonly spool: Spool | undefined,
    readonly compare: Compare<Value> = () => 0,
  ) {}

  get length(): number {
    return this.#length;
  }

  add(value: Value): void {
    this.#held.push(value);
    this.#length++;
    this.spool?.hold(this);
  }

  *[Symbol.iterator](): Generator<Value> {
    const { spool, compare } = this;
    const held = this.#held.sort(compare);
    const runs = spool === undefined ? [] : [...this.#levels].reverse().flat();
    yield* runs.length === 0 ? held : merged<Value>([...runs.map((run) => valuesIn<Value>(spool!, run)), held.values()], compare);
  }

  spill(): void {
    if (this.spool === undefined || this.#held.length === 0) return;
    const held = this.#held.sort(this.compare);
    this.#held = [];
    this.#keep(this.spool, 0, write(this.spool, held));
  }

  #keep(spool: Spool, level: number, run: Run): void {
    const runs = (this.#levels[level] ??= []);
    if (runs.push(run) < MERGED) return;
    this.#levels[level] = [];
    const values = merged<Value>(
      runs.map((one) => valuesIn<Value>(spool, one)),
      this.compare,
    );
    this.#keep(spool, level + 1, write(spool, values));
  }
}

function write(spool: Spool, values: Iterable<unknown>): Run {
  const start = spool.size;
  let text = "";
  for (const value of values) {
    text += `${JSON.stringify(value)}\n`;
    if (text.length < CHUNK_BYTES) continue;
    spool.append(text);
    text = "";
  }
  spool.append(text);
  return { start, end: spool.size };
}

function* valuesIn<Value>(spool: Spool, { start, end }: Run): Generator<Value> {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - start));
  let rest = "";
  for (let position = start; position < end;) {
    const bytes = spool.read(buffer.subarray(0, end - position), position);
    if (bytes.length === 0) throw new Error("the spool is closed, or shorter than what was written to it");
    position += bytes.length;
    const lines = (rest + decoder.write(bytes)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line) as Value;
  }
}

/** Of equal ones, that of the earlier part comes first. */
function* merged<Value>(parts: readonly Iterator<Value>[], compare: Compare<Value>): Generator<Value> {
  const open = parts.map((part) => ({ part, next: part.next() })).filter(({ next }) => next.done !== true);
  while (open.length > 0) {
    const least = open.reduce((best, one) => (compare(one.next.value as Value, best.next.value as Value) < 0 ? one : best));
    yield least.next.value as Value;
    least.next = least.part.next();
    if (least.next.done === true) open.splice(open.indexOf(least), 1);
  }
}
