import type { DeclaredDrift } from "../../model/browsing";
import { BadRequestError } from "../../model/errors";
import type { ObjectPath } from "../../model/object-path";
import { fromPathKey } from "../../model/path-key";
import { sameSetting } from "../../model/settings";
import type { Store } from "../../model/store";
import { requireObject } from "../objects";

const MOST_CHANGES = 10_000;

/** Settings at and beneath an object that somebody changed since a Pulumi program declared them, and that differ from it. */
export async function listDeclaredDrift(store: Store, path: ObjectPath): Promise<DeclaredDrift[]> {
  const { key } = await requireObject(store, path);
  const rows = await store.listChangedSince(key, MOST_CHANGES + 1);
  if (rows.length > MOST_CHANGES) {
    throw new BadRequestError(
      `objectPath: more than ${MOST_CHANGES} declared settings beneath it were changed; ask for an object further down`,
      { field: "objectPath" },
    );
  }
  return rows
    .filter(({ declared, actual }) => !sameSetting(declared, actual))
    .map(({ key: at, ...drift }) => ({ objectPath: [...fromPathKey(at)], ...drift }));
}
