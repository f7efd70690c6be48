import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BadRequestError, messageOf } from "../model/errors";

/** Records that wait in memory, of all who share a spool. */
const HELD = 2_000;

/** Whoever keeps records in memory until the spool has too many. */
export interface SpoolHolder {
  /** Moves what is held to the spool. */
  spill(): void;
}

/**
 * A temporary file for what does not stay in memory, made with the first text and gone with the process, whichever way that ends.
 * Its texts are fit to be shown: never a secret.
 */
export class Spool {
  readonly #holders = new Set<SpoolHolder>();
  #records = 0;
  #descriptor: number | undefined;
  #size = 0;

  /**
   * @param held records that may be in memory at once
   * @param folder where the file is made
   */
  constructor(
    readonly held = HELD,
    readonly folder = tmpdir(),
  ) {}

  /** Bytes that it holds: where the next text will begin. */
  get size(): number {
    return this.#size;
  }

  /** Counts a record that somebody holds; with too many, everybody's are spilled. */
  hold(holder: SpoolHolder): void {
    this.#holders.add(holder);
    if (++this.#records < this.held) return;
    for (const one of this.#holders) one.spill();
    this.#holders.clear();
    this.#records = 0;
  }

  /** @throws BadRequestError where the folder for temporary files takes no more. */
  append(text: string): void {
    const bytes = Buffer.from(text);
    try {
      writeFileSync((this.#descriptor ??= openNameless(this.folder)), bytes);
    } catch (cause) {
      throw new BadRequestError(
        `${this.folder}: cannot be written (${messageOf(cause)}); make room there, or name another folder by TMPDIR`,
        {
          cause,
        },
      );
    }
    this.#size += bytes.length;
  }

  /** Reads at `position` as many bytes as there are, up to the buffer's length. */
  read(buffer: Buffer, position: number): Buffer {
    return this.#descriptor === undefined ? Buffer.alloc(0) : buffer.subarray(0, readSync(this.#descriptor, buffer, { position }));
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** The file loses its name at once, so that not even a killed process leaves it behind. */
function openNameless(parent: string): number {
  const folder = mkdtempSync(join(parent, "connections-convert-"));
  try {
    return openSync(join(folder, "spool"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
