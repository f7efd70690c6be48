import { settingText, whoText } from "../../../sdk/drift/words";
import type { SettingsFailure, SettingsUpdate } from "../../../sdk/model/connections-api";
import { messageOf } from "../../../sdk/model/errors";
import { formatObjectPath, parseObjectPath } from "../../../sdk/model/object-path";
import { sameSetting, type SettingName, type SettingValue } from "../../../sdk/model/settings";
import { SHOWN, shortened } from "./drift-text";
import type { Properties } from "./resource-kind";
import type { Recorded, Runtime } from "./runtime";
import { syncNow } from "./sync";

/** Settings that one resource gives many objects, and the input that holds each. */
export type MapInputs = Readonly<Partial<Record<SettingName, string>>>;

/** What is active, and what new objects start as. */
export const STATUS_INPUTS = { isActive: "statuses", activateNewChildren: "activateNewChildren" } as const satisfies MapInputs;

/** Values of one setting by object path in its canonical text form. */
export type OverrideMap = Readonly<Record<string, SettingValue>>;
/** A map for each setting of a resource; one that is empty may be missing. */
export type OverrideMaps = Readonly<Partial<Record<SettingName, OverrideMap>>>;

export const NOTHING: OverrideMaps = {};

/** What is registered of the connections that some paths lie in. */
export type RecordedOf = (path: string) => Recorded | undefined;

export function mapsOf(inputs: MapInputs, properties: Properties): OverrideMaps {
  return mapOfEach(inputs, (setting) => (properties[inputs[setting]!] as OverrideMap | undefined) ?? {});
}

/** Only those that hold something, as inputs and outputs have them. */
export function mapProperties(inputs: MapInputs, maps: OverrideMaps): Readonly<Record<string, OverrideMap>> {
  const filled = Object.entries(inputs).filter(([setting]) => Object.keys(mapIn(maps, setting)).length > 0);
  return Object.fromEntries(filled.map(([setting, input]) => [input, sorted(mapIn(maps, setting))]));
}

/** A map for each setting. */
export function mapOfEach(settings: object, make: (setting: SettingName) => OverrideMap): OverrideMaps {
  return Object.fromEntries(settingsOf(settings).map((setting) => [setting, make(setting)]));
}

export function settingsOf(settings: object): SettingName[] {
  return Object.keys(settings) as SettingName[];
}

export function mapIn(maps: OverrideMaps, setting: string): OverrideMap {
  return maps[setting as SettingName] ?? {};
}

/** How many overrides there are. */
export function countOf(maps: OverrideMaps): number {
  return settingsOf(maps).reduce((sum, setting) => sum + Object.keys(mapIn(maps, setting)).length, 0);
}

/** Both; where they differ, as the second one says. */
export function mergedMaps(first: OverrideMaps, second: OverrideMaps): OverrideMaps {
  return mapOfEach({ ...first, ...second }, (setting) => ({ ...mapIn(first, setting), ...mapIn(second, setting) }));
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
  return [...new Set(all.flatMap((maps) => settingsOf(maps).flatMap((setting) => Object.keys(mapIn(maps, setting)))))];
}

/** The part of the maps that is really set, with the values that are. */
export function observedPart(maps: OverrideMaps, recorded: RecordedOf): OverrideMaps {
  return mapOfEach(maps, (setting) =>
    Object.fromEntries(
      Object.keys(mapIn(maps, setting)).flatMap((path) => {
        const value = recorded(path)?.overrides.get(path)?.[setting];
        return value === undefined ? [] : [[path, value]];
      }),
    ),
  );
}

/** The fewest changes that lead from what is set to what is wanted; what is no longer wanted inherits again. */
export function changesTo(wanted: OverrideMaps, previous: OverrideMaps, recorded: RecordedOf): SettingsUpdate[] {
  const changes = new Map<string, Record<string, SettingValue | null>>();
  for (const setting of settingsOf({ ...wanted, ...previous })) {
    const values = mapIn(wanted, setting);
    for (const path of new Set([...Object.keys(values), ...Object.keys(mapIn(previous, setting))])) {
      const value = values[path];
      if (sameSetting(recorded(path)?.overrides.get(path)?.[setting], value)) continue;
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

/** How values of one setting read; asked for those that are shown, all at once. */
export type ValueTexts = (runtime: Runtime, values: readonly SettingValue[]) => Promise<(value: SettingValue) => string>;

const PLAIN: ValueTexts = async () => (value) => JSON.stringify(value);

/** Drift of what the last up recorded, a line for each path and setting, with who changed it where that is known. */
export async function mapsDrift(
  runtime: Runtime,
  known: OverrideMaps,
  observed: OverrideMaps,
  texts: ValueTexts = PLAIN,
): Promise<string[]> {
  const differing = settingsOf({ ...known, ...observed }).flatMap((setting) => {
    const [recorded, set] = [mapIn(known, setting), mapIn(observed, setting)];
    return [...new Set([...Object.keys(recorded), ...Object.keys(set)])]
      .filter((path) => !sameSetting(recorded[path], set[path]))
      .sort()
      .map((path) => ({ setting, path, recorded: recorded[path], is: set[path] }));
  });
  const lines: string[] = [];
  // Names and the last changes are asked for only as many lines as are shown.
  const first = differing.slice(0, SHOWN);
  const shown = first.flatMap(({ recorded, is }) => [recorded, is].filter((value) => value !== undefined));
  const textOf = await texts(runtime, shown);
  for (const { setting, path, recorded, is } of first) {
    const change = (await runtime.changes(connectionKeyOf(path))).get(path)?.[setting];
    lines.push(`${path}: ${settingText(setting, recorded, is, textOf)}${whoText(change)}`);
  }
  return shortened(lines, differing.length, "overrides differ", "`pulumi stack export | connections drift --state -`");
}

async function whatIsSet(runtime: Runtime, wanted: OverrideMaps, previous: OverrideMaps): Promise<OverrideMaps> {
  const both = mergedMaps(previous, wanted);
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
