import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { storableText } from "./dialect";

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
/** Text handed to the connection at a time. */
const CHUNK_CHARACTERS = 256 * 1_024;

export type CopyValue = string | number | null;

/** Sends rows at the speed of the connection. @param target a table with its columns, as SQL names them. */
export async function copyRows(client: PoolClient, target: string, rows: Iterable<readonly CopyValue[]>): Promise<void> {
  await pipeline(Readable.from(chunks(rows), { objectMode: false }), client.query(copyFrom(`COPY ${target} FROM STDIN`)));
}

function* chunks(rows: Iterable<readonly CopyValue[]>): Generator<Buffer> {
  let text = "";
  for (const row of rows) {
    text += `${row.map(field).join("\t")}\n`;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

function field(value: CopyValue): string {
  if (value === null) return "\\N";
  return typeof value === "number" ? String(value) : storableText(value).replaceAll(/[\\\t\n\r]/g, (char) => ESCAPES[char]!);
}
