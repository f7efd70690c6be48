import { z } from "zod";
import { UNREGISTERED } from "../../../sdk/drift/words";
import { BadRequestError, ConnectionsError } from "../../../sdk/model/errors";
import { formatObjectPath, parseObjectPath } from "../../../sdk/model/object-path";
import { isPrincipals, type SettingValue, type SettingsPatch } from "../../../sdk/model/settings";
import { problemsOf } from "../../../sdk/model/validate";
import { declaredMaps, problemsIn, settingMaps, type Meaning } from "./declared-values";
import {
  NOTHING,
  applyMaps,
  connectionKeyOf,
  countOf,
  mapIn,
  mapOfEach,
  mapProperties,
  mapsDrift,
  mapsOf,
  mergedMaps,
  observedPart,
  pathsOf,
  recordedOf,
  settingsOf,
  type MapInputs,
  type OverrideMap,
  type OverrideMaps,
} from "./override-maps";
import { IncompleteError, type CheckFailure, type CheckOutcome, type Properties, type ResourceKind } from "./resource-kind";
import type { Runtime } from "./runtime";
import { hasUnknown, isUnknownAt } from "./unknown";

/** Warnings about single paths; the rest is counted. */
const SHOWN = 20;

/** A kind of set of overrides. */
export interface OverrideSet {
  readonly inputs: MapInputs;
  /** Of one value. */
  readonly value: z.ZodType<SettingValue>;
  /** The one form of values that mean the same, before anything is looked up. */
  readonly canonical?: (value: SettingValue) => SettingValue;
  /** Looks up what all of these values mean. */
  readonly meaning: (runtime: Runtime, ...declared: readonly OverrideMaps[]) => Promise<Meaning>;
}

/** The overrides of many objects, as one resource: a few requests for all of them, and drift path by path. */
export function overrideSetKind({ inputs: names, value, canonical = (one) => one, meaning }: OverrideSet): ResourceKind {
  const inputNames = Object.values(names);
  const maps = Object.fromEntries(inputNames.map((name) => [name, z.record(z.string(), value).optional()]));
  const schema = z.strictObject({ setName: z.string().min(1, "is empty"), ...maps });

  return {
    inputNames: ["setName", ...inputNames],
    replaceNames: [],
    replaceValue: (name, properties) => properties[name],

    async check(runtime, recorded, declared): Promise<CheckOutcome> {
      const failures: CheckFailure[] = problemsOf(schema, declared)
        .filter(({ path }) => !isUnknownAt(declared, path))
        .map(({ field, reason }) => ({ property: field, reason }));
      if (failures.length > 0) return { inputs: declared, failures, drift: [] };
      const inputs = canonicalInputs(declared, failures);
      if (failures.length > 0) return { inputs, failures, drift: [] };
      const wanted = knownPart(mapsOf(names, inputs));
      const known = recorded === undefined ? NOTHING : knownPart(mapsOf(names, recorded));
      return { inputs, failures, drift: await compare(runtime, wanted, known) };
    },

    async create(runtime, inputs) {
      const id = inputs["setName"] as string;
      return { id, outputs: await apply(runtime, id, inputs, NOTHING) };
    },

    async read(runtime, id, outputs) {
      const known = mapsOf(names, outputs);
      const paths = pathsOf(known);
      const observed = observedPart(known, await recordedOf(runtime, paths));
      if (paths.length > 0 && pathsOf(observed).length === 0) return undefined;
      const meant = await meaning(runtime, known);
      const declared = declaredMaps(meant, observed, known);
      const inputs = { setName: outputs["setName"] ?? id, ...mapProperties(names, declared) };
      return { inputs, outputs: outputsOf(inputs, declared, meant.outputs) };
    },

    update: (runtime, id, recorded, inputs) => apply(runtime, id, inputs, mapsOf(names, recorded)),

    async delete(runtime, id, outputs) {
      const previous = mapsOf(names, outputs);
      const { maps, problem } = await applyMaps(runtime, NOTHING, previous);
      if (problem === undefined) return;
      const kept = Object.fromEntries(Object.entries(outputs).filter(([name]) => !inputNames.includes(name)));
      throw new IncompleteError(id, outputsOf(outputs, maps, kept), problem);
    },
  };

  /** @throws BadRequestError naming every value that cannot be set; nothing is changed then. */
  async function apply(runtime: Runtime, id: string, inputs: Properties, previous: OverrideMaps): Promise<Properties> {
    const wanted = mapsOf(names, inputs);
    const meant = await meaning(runtime, wanted);
    const problems = problemsIn(meant, wanted);
    if (problems.length > 0) throw new BadRequestError(firstOf(problems, "values that cannot be set").join("\n"));
    const { maps, problem } = await applyMaps(runtime, settingMaps(meant, wanted), previous);
    if (problem === undefined) return outputsOf(inputs, wanted, meant.outputs);
    throw new IncompleteError(id, outputsOf(inputs, declaredMaps(meant, maps, mergedMaps(previous, wanted)), meant.outputs), problem);
  }

  function outputsOf(inputs: Properties, maps: OverrideMaps, others: Properties): Properties {
    return { ...others, setName: inputs["setName"], ...mapProperties(names, maps), count: countOf(maps) };
  }

  /** Every path as the hooks write it; two spellings of one object are refused. */
  function canonicalInputs(declared: Properties, failures: CheckFailure[]): Properties {
    const given = inputNames.filter((name) => declared[name] !== undefined);
    return { ...declared, ...Object.fromEntries(given.map((name) => [name, canonicalMap(name, declared[name], failures)])) };
  }

  function canonicalMap(name: string, map: unknown, failures: CheckFailure[]): unknown {
    if (typeof map !== "object" || map === null) return map;
    const found = new Map<string, unknown>();
    for (const [text, one] of Object.entries(map)) {
      try {
        const path = formatObjectPath(parseObjectPath(text, name));
        if (found.has(path)) failures.push({ property: name, reason: `${path} is there twice, as "${text}" too; remove one` });
        found.set(path, hasUnknown(one) ? one : canonical(one as SettingValue));
      } catch (error) {
        if (!(error instanceof BadRequestError)) throw error;
        failures.push({ property: name, reason: error.message.replace(`${name}: `, "") });
      }
    }
    return Object.fromEntries(found);
  }

  /** Warns of what the next up will not find, and tells what was changed since the last one. */
  async function compare(runtime: Runtime, wanted: OverrideMaps, known: OverrideMaps): Promise<string[]> {
    try {
      const meant = await meaning(runtime, wanted, known);
      for (const line of firstOf(problemsIn(meant, wanted), "values that cannot be set"))
        runtime.log.warn(`${line} (\`up\` fails without it)`);
      await warnOfUnknownObjects(runtime, settingMaps(meant, wanted), known);
      return await drift(runtime, settingMaps(meant, known), meant);
    } catch (error) {
      if (!(error instanceof ConnectionsError)) throw error;
      runtime.log.warn(`what changed outside could not be found out: ${error.message}`);
      return [];
    }
  }
}

function firstOf(lines: readonly string[], what: string): string[] {
  return lines.length > SHOWN ? [...lines.slice(0, SHOWN), `${lines.length - SHOWN} more ${what}`] : [...lines];
}

/** Without what is not known yet. */
function knownPart(maps: OverrideMaps): OverrideMaps {
  return mapOfEach(maps, (setting) => {
    const map: unknown = maps[setting];
    if (typeof map !== "object" || map === null) return {};
    return Object.fromEntries(Object.entries(map as OverrideMap).filter(([, value]) => !hasUnknown(value)));
  });
}

/** Against what was declared last. */
async function drift(runtime: Runtime, known: OverrideMaps, { texts }: Meaning): Promise<string[]> {
  const paths = pathsOf(known);
  const recorded = await recordedOf(runtime, paths);
  const gone = [...new Set(paths.filter((path) => recorded(path) === undefined).map(connectionKeyOf))];
  const registered = mapOfEach(known, (setting) =>
    Object.fromEntries(Object.entries(mapIn(known, setting)).filter(([path]) => recorded(path) !== undefined)),
  );
  return [
    ...gone.map((key) => `connection ${key} ${UNREGISTERED}`),
    ...(await mapsDrift(runtime, registered, observedPart(registered, recorded), texts)),
  ];
}

/** At preview an object may still be about to appear (a table made by the same program), so this only warns. */
async function warnOfUnknownObjects(runtime: Runtime, maps: OverrideMaps, known: OverrideMaps): Promise<void> {
  const before = new Set(pathsOf(known));
  const added = pathsOf(maps).filter((path) => !before.has(path));
  try {
    const recorded = await recordedOf(runtime, added);
    const updates = added
      .filter((path) => recorded(path) !== undefined)
      .map((path) => ({ objectPath: [...parseObjectPath(path)], settings: settingsAt(maps, path) }));
    if (updates.length === 0) return;
    const { failures } = await runtime.api.updateManySettings(updates, { dryRun: true });
    const texts = failures.map(({ statusCode, message }) =>
      statusCode === 404 ? `${message} (\`up\` looks for it on the platform and fails if it is not there)` : message,
    );
    for (const line of firstOf(texts, "objects cannot be set as things are")) runtime.log.warn(line);
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    runtime.log.warn(`objects could not be looked up: ${error.message}`);
  }
}

/** Of owners, those that are known: the others are warned of on their own. */
function settingsAt(maps: OverrideMaps, path: string): SettingsPatch {
  return Object.fromEntries(
    settingsOf(maps).flatMap((setting) => {
      const value = mapIn(maps, setting)[path];
      return value === undefined ? [] : [[setting, isPrincipals(value) ? value.filter((one) => "id" in one) : value]];
    }),
  );
}
