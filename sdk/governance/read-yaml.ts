import { LineCounter, Scalar, isMap, parseDocument, visit } from "yaml";
import { BadRequestError } from "../model/errors";

/** A governance file as it was written; checked elsewhere. */
export interface GovernanceSource {
  readonly content: unknown;
  /** The line, from 1, at which a part of the content starts: `["connections", "warehouse", "rules", 2]`. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Reads YAML (or JSON). A rule's key may be a match of its own (`{ tag: pii }: inactive`); such a key comes out as JSON.
 * @throws BadRequestError naming file and line of a syntax error.
 */
export function readGovernanceYaml(text: string, file: string): GovernanceSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new BadRequestError(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}; correct the file`, { field: "file" });
  }
  visit(document, {
    Pair(_, pair) {
      if (!isMap(pair.key)) return;
      const key = new Scalar(JSON.stringify(pair.key.toJS(document)));
      if (pair.key.range) key.range = pair.key.range;
      pair.key = key;
    },
  });
  return {
    content: document.toJS() as unknown,
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const found = document.getIn(path.slice(0, length), true) as { range?: readonly [number, ...number[]] } | undefined;
        if (found?.range) return lines.linePos(found.range[0]).line;
      }
      return undefined;
    },
  };
}
