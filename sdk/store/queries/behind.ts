import { compareBytes, type PathKey } from "../../model/path-key";
import type { KeyRange } from "../../model/store";

/** How the objects of a range that lie behind a key begin. */
export interface LowerBound {
  readonly operator: ">=" | ">";
  readonly key: PathKey;
}

/**
 * One bound in the place of two: of several, a database looks up one in the index and compares the others with each row, so that
 * going through a range in parts would read all that lies before each part.
 */
export function behind({ from }: Pick<KeyRange, "from">, after: PathKey | undefined): LowerBound {
  return after === undefined || compareBytes(after, from) < 0 ? { operator: ">=", key: from } : { operator: ">", key: after };
}
