import { settingText, whoText } from "../../../sdk/drift/words";
import type { SettingsFailure, SettingsUpdate } from "../../../sdk/model/connections-api";
import { messageOf } from "../../../sdk/model/errors";
import { formatObjectPath, parseObjectPath } from "../../../sdk/model/object-path";
import { SHOWN, shortened } from "./drift-text";
import type { Properties } from "./resource-kind";
import type { Recorded, Runtime } from "./runtime";
import { syncNow } from "./sync";

/** The two settings that many objects can be given at once, and the input that holds each. */
export const MAPS = { statuses: "isActive", activateNewChildren: "activateNewChildren" } as const;
export type MapName = keyof typeof MAPS;
export const MAP_NAMES = Object.keys(MAPS) as MapName[];

/** Values by object path in its canonical text form. */
export type OverrideMap = Readonly<Record<string, boolean>>;
export type OverrideMaps = Readonly<Record<MapName, OverrideMap>>;

/** What is registered of the connections that some paths lie in. */
export type RecordedOf = (path: string) => Recorded | undefined;

export function mapsOf(properties: Properties): OverrideMaps {
  return {
    statuses: (properties["statuses"] as OverrideMap | undefined) ?? {},
    activateNewChildren: (properties["activateNewChildren"] as OverrideMap | undefined) ?? {},
  };
}

/** Only those that hold something, as inputs and outputs have them. */
export function mapProperties(maps: OverrideMaps): Partial<Record<MapName, OverrideMap>> {
  return Object.fromEntries(MAP_NAMES.filter((name) => Object.keys(maps[name]).length > 0).map((name) => [name, sorted(maps[name])]));
}

export function connectionKeyOf(path: string): string {
  return parseObjectPath(path)[0]!;
}

/** Reads every connection that the paths lie in, once. */
export async function recordedOf(runtime: Runtime, paths: Iterable<string>): Promise<RecordedOf> {
  const byKey = new Map<string, Recorded | undefined>();
  for (const key of new Set([...paths].map(connectionKeyOf))) byKey.set(key, await runtime.recorded(key));
  return (path) => byKey.get(connectionKeyOf(path));
}

export function pathsOf(...all: readonly OverrideMaps[]): string[] {
  return [...new Set(all.flatMap((maps) => MAP_NAMES.flatMap((name) => Object.keys(maps[name]))))];
}

/** The part of the maps that is really set, with the values that are. */
export function observedPart(maps: OverrideMaps, recorded: RecordedOf): OverrideMaps {
  const part = (name: MapName) =>
    Object.fromEntries(
      Object.keys(maps[name]).flatMap((path) => {
        const value = recorded(path)?.overrides.get(path)?.[MAPS[name]];
        return value === undefined ? [] : [[path, value]];
      }),
    );
  return { statuses: part("statuses"), activateNewChildren: part("activateNewChildren") };
}

/** The fewest changes that lead from what is set to what is wanted; what is no longer wanted inherits again. */
export function changesTo(wanted: OverrideMaps, previous: OverrideMaps, recorded: RecordedOf): SettingsUpdate[] {
  const changes = new Map<string, Record<string, boolean | null>>();
  for (const name of MAP_NAMES) {
    const setting = MAPS[name];
    for (const path of new Set([...Object.keys(wanted[name]), ...Object.keys(previous[name])])) {
      const value = wanted[name][path];
      if (recorded(path)?.overrides.get(path)?.[setting] === value) continue;
      changes.set(path, { ...changes.get(path), [setting]: value ?? null });
    }
  }
  return [...changes].map(([path, settings]) => ({ objectPath: [...parseObjectPath(path)], settings }));
}

/**
 * Sends changes, few requests for many. Objects that are not registered may have appeared since the last sync: their
 * connections are synced once, and those objects tried again.
 */
export async function sendChanges(runtime: Runtime, changes: readonly SettingsUpdate[]): Promise<readonly SettingsFailure[]> {
  const { failures } = await runtime.api.updateManySettings(changes);
  // There is no need to look for an object that is only to inherit again.
  const isSet = new Set(changes.filter(({ settings }) => Object.values(settings).some((value) => value !== null)).map(pathText));
  const unknown = new Set(failures.filter((failure) => failure.statusCode === 404 && isSet.has(pathText(failure))).map(pathText));
  const refused = failures.filter(({ statusCode }) => statusCode !== 404);
  if (unknown.size === 0) return refused;
  const keys = new Set([...unknown].map(connectionKeyOf));
  for (const key of keys) if ((await runtime.recorded(key)) !== undefined) await syncNow(runtime, [key]);
  const again = await runtime.api.updateManySettings(changes.filter((change) => unknown.has(pathText(change))));
  return [...refused, ...again.failures];
}

export interface Applied {
  /** What is set now, of what is wanted. */
  readonly maps: OverrideMaps;
  /** Why it is not all of it. */
  readonly problem: string | undefined;
}

/** Leads to what is wanted; where that fails half-way, what is really set is read again, so that the state tells the truth. */
export async function applyMaps(runtime: Runtime, wanted: OverrideMaps, previous: OverrideMaps): Promise<Applied> {
  const paths = pathsOf(wanted, previous);
  const changes = changesTo(wanted, previous, await recordedOf(runtime, paths));
  if (changes.length === 0) return { maps: wanted, problem: undefined };
  let problem: string | undefined;
  try {
    const failures = await sendChanges(runtime, changes);
    if (failures.length === 0) return { maps: wanted, problem: undefined };
    problem = failuresText(failures, changes.length);
  } catch (error) {
    problem = `${messageOf(error)} (of ${changes.length} changes some may be made)`;
  } finally {
    for (const key of new Set(paths.map(connectionKeyOf))) runtime.forget(key);
  }
  return { maps: await whatIsSet(runtime, wanted, previous), problem };
}

/** Drift of what the last up recorded, a line for each path and setting, with who changed it where that is known. */
export async function mapsDrift(runtime: Runtime, known: OverrideMaps, observed: OverrideMaps): Promise<string[]> {
  const differing = MAP_NAMES.flatMap((name) =>
    [...new Set([...Object.keys(known[name]), ...Object.keys(observed[name])])]
      .filter((path) => known[name][path] !== observed[name][path])
      .sort()
      .map((path) => ({ name, path })),
  );
  const lines: string[] = [];
  // The last changes are asked for only as many lines as are shown.
  for (const { name, path } of differing.slice(0, SHOWN)) {
    const setting = MAPS[name];
    const change = (await runtime.changes(connectionKeyOf(path))).get(path)?.[setting];
    lines.push(`${path}: ${settingText(setting, known[name][path], observed[name][path])}${whoText(change)}`);
  }
  return shortened(lines, differing.length, "overrides differ", "`pulumi stack export | connections drift --state -`");
}

async function whatIsSet(runtime: Runtime, wanted: OverrideMaps, previous: OverrideMaps): Promise<OverrideMaps> {
  const both: OverrideMaps = {
    statuses: { ...previous.statuses, ...wanted.statuses },
    activateNewChildren: { ...previous.activateNewChildren, ...wanted.activateNewChildren },
  };
  try {
    return observedPart(both, await recordedOf(runtime, pathsOf(both)));
  } catch {
    // Where nothing can be read, all of it may be set; the problem that is told with it says that nobody knows.
    return both;
  }
}

function failuresText(failures: readonly SettingsFailure[], changes: number): string {
  const lines = failures.slice(0, SHOWN).map(({ message }) => message);
  const rest = failures.length > SHOWN ? [`and ${failures.length - SHOWN} more`] : [];
  return [`${failures.length} of ${changes} overrides could not be set; the others are:`, ...lines, ...rest].join("\n");
}

function pathText({ objectPath }: { readonly objectPath: readonly string[] }): string {
  return formatObjectPath(objectPath);
}

function sorted(map: OverrideMap): OverrideMap {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
