import type { LegacyOwner } from "../model/legacy/registration";
import type { ObjectPath } from "../model/object-path";
import { compareBytes, fromPathKey, isWithin, toPathKey, type PathKey } from "../model/path-key";
import { getOrAdd } from "./object-tree";
import type { PlannedOwners } from "./plan";
import type { Spool } from "./spool";
import { SpooledRecords } from "./spooled-records";

/** Owners of one part of the account, each as its number among the known ones. */
interface OwnersOfPart {
  readonly key: PathKey;
  readonly owners: readonly number[];
}

/** Owners of the parts of one account. Keeps in memory who they are, not what they own. */
export class Owners {
  readonly #parts: SpooledRecords<OwnersOfPart>;
  readonly #known: LegacyOwner[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(spool: Spool | undefined) {
    this.#parts = new SpooledRecords(spool, (a, b) => compareBytes(a.key, b.key));
  }

  add(path: ObjectPath, owners: readonly LegacyOwner[]): void {
    const numbers = owners.map((owner) => getOrAdd(this.#numbers, identityOf(owner), () => this.#known.push(owner) - 1));
    this.#parts.add({ key: toPathKey(path), owners: numbers });
  }

  /** In order of the paths; owners of a parent own what is beneath without being named again. */
  *planned(connectionKey: string): Generator<PlannedOwners> {
    let above: OwnersOfPart[] = [];
    for (const part of this.#distinct()) {
      above = above.filter(({ key }) => isWithin(part.key, key));
      const own = part.owners.filter((owner) => !above.some(({ owners }) => owners.includes(owner)));
      above.push(part);
      if (own.length === 0) continue;
      const dataOwners = own.map((owner) => this.#known[owner]!).sort(byIdentity);
      yield { objectPath: [connectionKey].concat(fromPathKey(part.key)), dataOwners };
    }
  }

  *#distinct(): Generator<OwnersOfPart> {
    let current: { key: PathKey; owners: Set<number> } | undefined;
    const closed = ({ key, owners }: NonNullable<typeof current>) => ({ key, owners: [...owners] });
    for (const { key, owners } of this.#parts) {
      if (current?.key !== key) {
        if (current !== undefined) yield closed(current);
        current = { key, owners: new Set() };
      }
      for (const owner of owners) current.owners.add(owner);
    }
    if (current !== undefined) yield closed(current);
  }
}

function byIdentity(a: LegacyOwner, b: LegacyOwner): number {
  return compareBytes(identityOf(a), identityOf(b));
}

function identityOf({ type, name, iam, id }: LegacyOwner): string {
  return JSON.stringify([type, name ?? null, iam ?? null, id ?? null]);
}
