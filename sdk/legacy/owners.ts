import type { LegacyOwner } from "../model/legacy/registration";
import type { ObjectPath } from "../model/object-path";
import { compareBytes, toPathKey } from "../model/path-key";
import { lineage } from "../model/object-path";
import type { PlannedOwners } from "./plan";
import { getOrAdd } from "./object-tree";

/** Owners of the parts of one account. */
export class Owners {
  /** By path key beneath the connection; the same owner is the same object everywhere. */
  readonly #owners = new Map<string, { readonly path: ObjectPath; readonly owners: readonly LegacyOwner[] }>();
  readonly #known = new Map<string, LegacyOwner>();

  add(path: ObjectPath, added: readonly LegacyOwner[]): void {
    const key = toPathKey(path);
    const before = this.#owners.get(key)?.owners ?? [];
    const all = new Set([...before, ...added.map((owner) => getOrAdd(this.#known, identityOf(owner), () => owner))]);
    if (all.size > before.length) this.#owners.set(key, { path, owners: Array.from(all) });
  }

  /** In order of the paths; owners of a parent own what is beneath without being named again. */
  planned(connectionKey: string): PlannedOwners[] {
    return [...this.#owners.keys()].sort(compareBytes).flatMap((key) => {
      const { path, owners } = this.#owners.get(key)!;
      const above = lineage(path).slice(0, -1).map(toPathKey);
      const own = owners.filter((owner) => !above.some((parent) => this.#owners.get(parent)?.owners.includes(owner)));
      if (own.length === 0) return [];
      const dataOwners = own.length === 1 && owners.length === 1 ? owners : own.sort(byIdentity);
      return [{ objectPath: [connectionKey].concat(path), dataOwners }];
    });
  }
}

function byIdentity(a: LegacyOwner, b: LegacyOwner): number {
  return compareBytes(identityOf(a), identityOf(b));
}

function identityOf({ type, name, iam, id }: LegacyOwner): string {
  return JSON.stringify([type, name ?? null, iam ?? null, id ?? null]);
}
