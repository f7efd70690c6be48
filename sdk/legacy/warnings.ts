import type { LegacyOrigin } from "../model/legacy/registration";
import { compareBytes } from "../model/path-key";
import type { ConversionWarning, Listed } from "./plan";
import type { Spool } from "./spool";
import { SpooledRecords } from "./spooled-records";

/** A warning, and the number of the account that it is about: those of one stay together where they stand in one place. */
interface Entry {
  readonly account: number;
  readonly warning: ConversionWarning;
}

/** Warnings in order of file and line. Nearly every registered table has one. */
export class ConversionWarnings implements Listed<ConversionWarning> {
  readonly #entries: SpooledRecords<Entry>;

  constructor(spool: Spool | undefined) {
    this.#entries = new SpooledRecords(spool, compareEntries);
  }

  get length(): number {
    return this.#entries.length;
  }

  add(account: number, warning: ConversionWarning): void {
    this.#entries.add({ account, warning });
  }

  *[Symbol.iterator](): Generator<ConversionWarning> {
    for (const { warning } of this.#entries) yield warning;
  }
}

export function byPlace(a: LegacyOrigin, b: LegacyOrigin): number {
  return compareBytes(a.file, b.file) || a.line - b.line;
}

function compareEntries({ account: accountA, warning: a }: Entry, { account: accountB, warning: b }: Entry): number {
  return byPlace(a, b) || compareBytes(`${a.field} ${a.message}`, `${b.field} ${b.message}`) || accountA - accountB;
}
