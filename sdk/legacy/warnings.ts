import { generatedName } from "../model/legacy/names";
import type { LegacyOrigin } from "../model/legacy/registration";
import { compareBytes } from "../model/path-key";
import type { RegisteredTable } from "./object-tree";
import type { ConversionWarning } from "./plan";

const RENAMED = "names are made of the path; scripts that use the old one have to change";

/** A table whose data source is called otherwise on a connection; its warning is made when it is read. */
export class RenamedTable {
  readonly field = "name";
  readonly message = RENAMED;

  constructor(
    readonly table: RegisteredTable,
    readonly connectionKey: string,
  ) {}

  get file(): string {
    return this.table.origin.file;
  }

  get line(): number {
    return this.table.origin.line;
  }

  warning(): ConversionWarning {
    const { file, line, field, message, table, connectionKey } = this;
    return { file, line, field, message, oldValue: table.name, newValue: generatedName(connectionKey, table) };
  }
}

type Kept = ConversionWarning | RenamedTable;

/**
 * Warnings in order of file and line. Nearly every registered table has one, so those are made one at a time, for whoever reads them.
 */
export class ConversionWarnings implements Iterable<ConversionWarning> {
  readonly #kept: readonly Kept[];

  constructor(kept: Kept[]) {
    this.#kept = kept.sort((a, b) => byPlace(a, b) || compareBytes(`${a.field} ${a.message}`, `${b.field} ${b.message}`));
  }

  get length(): number {
    return this.#kept.length;
  }

  *[Symbol.iterator](): Generator<ConversionWarning> {
    for (const one of this.#kept) yield one instanceof RenamedTable ? one.warning() : one;
  }

  toJSON(): readonly ConversionWarning[] {
    return [...this];
  }
}

export function byPlace(a: LegacyOrigin, b: LegacyOrigin): number {
  return compareBytes(a.file, b.file) || a.line - b.line;
}
