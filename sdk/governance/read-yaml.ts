import { createRequire } from "node:module";
import type { Node } from "yaml";
import { BadRequestError } from "../model/errors";

/** A governance file as it was written; checked elsewhere. */
export interface GovernanceSource {
  readonly content: unknown;
  /** The line, from 1, at which a part of the content starts: `["connections", "warehouse", "rules", 2]`. */
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

/** When a file is read: programs without one are spared its loading. */
const loadYaml = () => createRequire(__filename)("yaml") as typeof import("yaml");

/**
 * Reads YAML (or JSON). A rule's key may be a match of its own (`{ tag: pii }: inactive`); such a key comes out as JSON.
 * @throws BadRequestError naming file and line of a syntax error.
 */
export function readGovernanceYaml(text: string, file: string): GovernanceSource {
  const { LineCounter, Scalar, isMap, parseDocument, visit } = loadYaml();
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
        const offset = startOf(document.getIn(path.slice(0, length - 1), true), path[length - 1]!);
        if (offset !== undefined) return lines.linePos(offset).line;
      }
      return undefined;
    },
  };
}

/** Where a member starts: with its key in a map. */
function startOf(parent: unknown, name: PropertyKey): number | undefined {
  const { isMap, isScalar, isSeq } = loadYaml();
  if (isMap<Node>(parent)) return parent.items.find(({ key }) => isScalar(key) && key.value === name)?.key.range?.[0];
  return isSeq<Node>(parent) ? parent.items[Number(name)]?.range?.[0] : undefined;
}
