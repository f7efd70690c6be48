import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, Parser, type Document } from "yaml";
import { BadRequestError } from "../model/errors";
import type { LegacySource } from "../model/legacy/registration";

/** One document of a file: its value, and where each of its fields stands. */
export interface FileDocument extends LegacySource {
  readonly value: unknown;
}

/**
 * The documents of a YAML or JSON text, one after the other, empty ones left out.
 * @throws BadRequestError with file and line where the text is neither.
 */
export function* documentsOf(file: string, text: string): Generator<FileDocument> {
  const lines = new LineCounter();
  const composer = new Composer({ lineCounter: lines, prettyErrors: false, merge: true });
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length)) {
    const [error] = document.errors;
    // The parser's own message may quote the text around it, which may hold a secret.
    if (error !== undefined) {
      const line = lines.linePos(error.pos[0]).line;
      throw new BadRequestError(
        `${file}:${line}: is not valid YAML or JSON (${error.code.toLowerCase().replaceAll("_", " ")}); correct it`,
      );
    }
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) continue;
    yield { file, value: detached(document), lineOf: (field) => lines.linePos(offsetOf(document, field)).line };
  }
}

/** Plain values whose texts are their own: parts of the file's text would keep all of it in memory. */
function detached(document: Document): unknown {
  return JSON.parse(JSON.stringify(document.toJS())) as unknown;
}

/** Where a field begins; where it does not exist, the innermost one around it. */
function offsetOf(document: Document, field: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const element of field) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(element));
      if (pair === undefined) break;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(element)] as { range?: readonly number[] } | undefined;
      if (item === undefined) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}
