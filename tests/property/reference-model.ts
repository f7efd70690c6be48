import type { Settings, SettingsPatch } from "../../sdk/model/settings";
import type { SyncCounts } from "../../sdk/model/sync-plan";

/** Every object of the platform: its path, and what it is (type and columns of tables, nothing of others). */
export type Platform = ReadonlyMap<string, string>;

export interface ModelObject {
  readonly content: string;
  readonly missing: boolean;
  readonly own: Settings;
}

export interface ModelSync {
  readonly platform: Platform;
  readonly recursive: boolean;
  readonly allowMassRemoval: boolean;
  /** The platform breaks off before this object of this database, counted from 1. */
  readonly failure?: { readonly database: string; readonly batch: number } | undefined;
}

export interface ModelPlan {
  readonly counts: SyncCounts;
  readonly held: readonly string[];
  readonly failed: readonly string[];
}

const ROOT = "w";
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const depthOf = (path: string): number => path.split("/").length;
const isWithin = (path: string, top: string): boolean => path === top || path.startsWith(`${top}/`);
const isMost = (missing: number, known: number): boolean => known >= 20 && missing > known / 2;

/** The rules of the engine, written as plainly as possible: every object in one map, nothing streamed, nothing clever. */
export class ReferenceModel {
  objects = new Map<string, ModelObject>();
  synced = false;

  copy(): ReferenceModel {
    const copy = new ReferenceModel();
    copy.objects = new Map(this.objects);
    copy.synced = this.synced;
    return copy;
  }

  register(settings: Settings, sync: ModelSync): ModelPlan {
    this.objects.set(ROOT, { content: "", missing: false, own: settings });
    return this.sync(ROOT, sync);
  }

  set(path: string, patch: SettingsPatch): void {
    const object = this.objects.get(path)!;
    const own = Object.entries({ ...object.own, ...patch }).filter(([, value]) => value !== null && value !== undefined);
    this.objects.set(path, { ...object, own: Object.fromEntries(own) });
  }

  delete(path: string): void {
    for (const key of [...this.objects.keys()]) if (isWithin(key, path)) this.objects.delete(key);
  }

  /** What is at and beneath `top` on the platform becomes what is known there, database by database. */
  sync(top: string, sync: ModelSync): ModelPlan {
    const counts = { new: 0, returned: 0, changed: 0, missing: 0, unchanged: 0 };
    const held: string[] = [];
    const failed: string[] = [];
    const lost = this.#lostDatabases(top, sync.platform);
    for (const database of this.#databases(top, sync.platform)) {
      const scope = depthOf(top) > 2 ? top : database;
      const listed = [...sync.platform.keys()].filter((path) => path !== database && isWithin(path, scope));
      if (sync.failure?.database === database && listed.length >= sync.failure.batch) failed.push(database);
      else {
        const result = this.#compare(scope, sync);
        const suspicious = isMost(result.missing, result.known) || (lost.has(database) && result.counts.missing > 0);
        if (suspicious && !sync.allowMassRemoval) held.push(database);
        else {
          for (const [path, object] of result.objects) this.objects.set(path, object);
          for (const kind of Object.keys(counts) as (keyof SyncCounts)[]) counts[kind] += result.counts[kind];
        }
      }
    }
    if (top === ROOT && failed.length === 0) this.synced = true;
    return { counts, held, failed };
  }

  effective(path: string, setting: "isActive" | "activateNewChildren"): boolean {
    for (let at = path; at !== ""; at = parentOf(at)) {
      const value = this.objects.get(at)?.own[setting];
      if (value !== undefined) return value;
    }
    return false;
  }

  /** Owners or admins of a path: what is set above and on it, each once. */
  principals(path: string, setting: "dataOwners" | "infrastructureAdmins"): string[] {
    const own = (this.objects.get(path)?.own[setting] ?? []).map(({ type, id }) => `${type} ${id}`);
    return [...new Set([...(path === ROOT ? [] : this.principals(parentOf(path), setting)), ...own])];
  }

  /** Everything at and beneath a path in words, to be compared. */
  describe(top = ROOT): string[] {
    return [...this.objects.keys()]
      .filter((path) => isWithin(path, top))
      .sort()
      .map((path) => {
        const { missing, own, content } = this.objects.get(path)!;
        return describeObject({ path, missing, own, content, isActive: this.effective(path, "isActive") });
      });
  }

  /** What a sync would make of one scope. */
  #compare(scope: string, { platform, recursive }: ModelSync) {
    const objects = new Map<string, ModelObject>();
    const counts = { new: 0, returned: 0, changed: 0, missing: 0, unchanged: 0 };
    let known = 0;
    let missing = 0;
    const found = new Set<string>();
    const skipped: string[] = [];
    const paths = new Set([...this.objects.keys(), ...platform.keys()]);
    for (const path of [...paths].filter((one) => isWithin(one, scope)).sort(byHierarchy)) {
      if (skipped.some((container) => isWithin(path, container))) continue;
      const before = this.objects.get(path);
      const content = platform.get(path);
      const isKnown = before !== undefined && !before.missing && depthOf(path) > 2;
      if (isKnown) known++;
      if (content === undefined) {
        if (before!.missing) continue;
        if (isKnown) missing++;
        counts.missing++;
        objects.set(path, { ...before!, missing: true });
        continue;
      }
      if (before === undefined) {
        counts.new++;
        objects.set(path, { content, missing: false, own: this.#startOf(path, found) });
        found.add(path);
      } else {
        counts[before.missing ? "returned" : before.content === content ? "unchanged" : "changed"]++;
        objects.set(path, { ...before, content, missing: false });
      }
      if (!recursive && depthOf(path) < 4 && this.#isLeftOut(path, objects)) skipped.push(path);
    }
    return { objects, counts, known, missing };
  }

  /** Under a known parent, a new object is as active as the parent's setting for new children says. */
  #startOf(path: string, found: ReadonlySet<string>): Settings {
    const parent = parentOf(path);
    if (!this.synced || found.has(parent)) return {};
    const isActive = this.effective(parent, "activateNewChildren");
    return isActive === this.effective(parent, "isActive") ? {} : { isActive };
  }

  #isLeftOut(path: string, objects: ReadonlyMap<string, ModelObject>): boolean {
    const after = this.copy();
    for (const [one, object] of objects) after.objects.set(one, object);
    const leadsToActive = [...this.objects].some(([one, { own }]) => one !== path && isWithin(one, path) && own.isActive === true);
    return !after.effective(path, "isActive") && !leadsToActive;
  }

  #databases(top: string, platform: Platform): string[] {
    if (depthOf(top) > 1) return [top.split("/").slice(0, 2).join("/")];
    return [...new Set([...this.objects.keys(), ...platform.keys()])].filter((path) => depthOf(path) === 2).sort();
  }

  #lostDatabases(top: string, platform: Platform): ReadonlySet<string> {
    const gone = this.#databases(top, platform).filter((database) => !platform.has(database));
    if (platform.size === 0) return new Set(gone);
    const known = [...this.objects].filter(([path, { missing }]) => depthOf(path) > 2 && !missing).map(([path]) => path);
    const missing = known.filter((path) => gone.some((database) => isWithin(path, database)));
    return new Set(isMost(missing.length, known.length) ? gone : []);
  }
}

/** An object in words. */
export function describeObject(object: { path: string; missing: boolean; own: Settings; content: string; isActive: boolean }): string {
  const own = Object.fromEntries(Object.entries(object.own).sort(([a], [b]) => (a < b ? -1 : 1)));
  const state = `${object.isActive ? "active" : "inactive"}${object.missing ? " missing" : ""}`;
  return `${object.path} ${state} ${object.content} ${JSON.stringify(own)}`;
}

function byHierarchy(a: string, b: string): number {
  const [left, right] = [a, b].map((path) => path.replaceAll("/", "\u0001")) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}
