import type { LegacyOwner } from "../model/legacy/registration";
import type { ObjectPath } from "../model/object-path";
import { compareBytes, fromPathKey, toPathKey } from "../model/path-key";
import { lineage } from "../model/object-path";
import type { PlannedOwners } from "./plan";
import { getOrAdd } from "./object-tree";

/** Owners of the parts of one account. */
export class Owners {
  /** Path keys beneath the connection, to owners by their identity. */
  readonly #owners = new Map<string, Map<string, LegacyOwner>>();

  add(path: ObjectPath, owners: readonly LegacyOwner[]): void {
    const at = getOrAdd(this.#owners, toPathKey(path), () => new Map<string, LegacyOwner>());
    for (const owner of owners) at.set(identityOf(owner), owner);
  }

  /** In order of the paths; owners of a parent own what is beneath without being named again. */
  planned(connectionKey: string): PlannedOwners[] {
    const keys = [...this.#owners.keys()].sort(compareBytes);
    return keys.flatMap((key) => {
      const path = fromPathKey(key);
      const above = lineage(path).slice(0, -1).map(toPathKey);
      const own = [...this.#owners.get(key)!].filter(([identity]) => !above.some((parent) => this.#owners.get(parent)?.has(identity)));
      if (own.length === 0) return [];
      const dataOwners = own.sort(([a], [b]) => compareBytes(a, b)).map(([, owner]) => owner);
      return [{ objectPath: [connectionKey, ...path], dataOwners }];
    });
  }
}

function identityOf({ type, name, iam, id }: LegacyOwner): string {
  return JSON.stringify([type, name ?? null, iam ?? null, id ?? null]);
}
