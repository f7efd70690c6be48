/** The rules of the engine, written as plainly as possible: every object in one map, nothing streamed, nothing clever. */
export interface ModelObject {
  missing: boolean;
  isActive?: boolean | undefined;
  activateNewChildren?: boolean | undefined;
}

export type Platform = ReadonlySet<string>;

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const isWithin = (path: string, top: string): boolean => path === top || path.startsWith(`${top}/`);

export class ReferenceModel {
  readonly objects = new Map<string, ModelObject>();
  #synced = false;

  register(platform: Platform, settings: { isActive: boolean; activateNewChildren: boolean }): void {
    this.objects.set("w", { missing: false, ...settings });
    this.sync("w", platform);
  }

  /** What is at and beneath `top` on the platform becomes what is known there. */
  sync(top: string, platform: Platform): void {
    const before = new Set(this.objects.keys());
    const observed = [...platform].filter((path) => isWithin(path, top)).sort();
    for (const path of observed) {
      const known = this.objects.get(path);
      if (known !== undefined) known.missing = false;
      else this.objects.set(path, { missing: false, isActive: this.#startOf(path, before) });
    }
    for (const [path, object] of this.objects) if (path !== "w" && isWithin(path, top) && !platform.has(path)) object.missing = true;
    if (top === "w") this.#synced = true;
  }

  set(path: string, setting: "isActive" | "activateNewChildren", value: boolean | null): void {
    const object = this.objects.get(path);
    if (object !== undefined) object[setting] = value ?? undefined;
  }

  delete(path: string): void {
    for (const key of [...this.objects.keys()]) if (isWithin(key, path)) this.objects.delete(key);
  }

  effective(path: string, setting: "isActive" | "activateNewChildren"): boolean {
    for (let at = path; at !== ""; at = parentOf(at)) {
      const value = this.objects.get(at)?.[setting];
      if (value !== undefined) return value;
    }
    return false;
  }

  /** As `states` of the test engine prints them. */
  states(): string[] {
    return [...this.objects]
      .map(([path, { missing }]) => `${path} ${this.effective(path, "isActive") ? "active" : "inactive"}${missing ? " missing" : ""}`)
      .sort();
  }

  overrides(): Record<string, object> {
    const set = [...this.objects].map(([path, { isActive, activateNewChildren }]) => [
      path,
      { ...(isActive !== undefined && { isActive }), ...(activateNewChildren !== undefined && { activateNewChildren }) },
    ]);
    return Object.fromEntries(set.filter(([, own]) => Object.keys(own as object).length > 0)) as Record<string, object>;
  }

  #startOf(path: string, before: ReadonlySet<string>): boolean | undefined {
    const parent = parentOf(path);
    if (!this.#synced || !before.has(parent)) return undefined;
    const starts = this.effective(parent, "activateNewChildren");
    return starts === this.effective(parent, "isActive") ? undefined : starts;
  }
}
