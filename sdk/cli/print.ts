import { once } from "node:events";
import { inPieces } from "../program/pieces";

/** A line of a command's result, on standard output; explanations go to standard error. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A result that need not be in memory as a whole: waits for whoever reads it. */
export async function printParts(parts: Iterable<string>): Promise<void> {
  for (const piece of inPieces(parts)) if (process.stdout.write(piece) === false) await once(process.stdout, "drain");
}
