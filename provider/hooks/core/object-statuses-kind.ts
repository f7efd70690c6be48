import { z } from "zod";
import { UNREGISTERED } from "../../../sdk/drift/words";
import { BadRequestError, ConnectionsError } from "../../../sdk/model/errors";
import { formatObjectPath, parseObjectPath } from "../../../sdk/model/object-path";
import { problemsOf } from "../../../sdk/model/validate";
import {
  MAP_NAMES,
  MAPS,
  applyMaps,
  connectionKeyOf,
  mapProperties,
  mapsDrift,
  mapsOf,
  observedPart,
  pathsOf,
  recordedOf,
  type MapName,
  type OverrideMaps,
} from "./override-maps";
import { IncompleteError, type CheckFailure, type CheckOutcome, type Properties, type ResourceKind } from "./resource-kind";
import type { Runtime } from "./runtime";
import { hasUnknown, isUnknownAt } from "./unknown";

const NOTHING: OverrideMaps = { statuses: {}, activateNewChildren: {} };
/** Warnings about single paths; the rest is counted. */
const SHOWN = 20;

const schema = z.strictObject({
  setName: z.string().min(1, "is empty"),
  statuses: z.record(z.string(), z.boolean()).optional(),
  activateNewChildren: z.record(z.string(), z.boolean()).optional(),
});

/** The overrides of many objects, as one resource: a few requests for all of them, and drift path by path. */
export const objectStatusesKind: ResourceKind = {
  inputNames: ["setName", ...MAP_NAMES],
  replaceNames: [],
  replaceValue: (name, properties) => properties[name],

  async check(runtime, recorded, declared): Promise<CheckOutcome> {
    const failures: CheckFailure[] = problemsOf(schema, declared)
      .filter(({ path }) => !isUnknownAt(declared, path))
      .map(({ field, reason }) => ({ property: field, reason }));
    if (failures.length > 0) return { inputs: declared, failures, drift: [] };
    const canonical = canonicalInputs(declared, failures);
    const known = recorded === undefined ? NOTHING : knownPart(mapsOf(recorded));
    if (failures.length > 0) return { inputs: canonical, failures, drift: [] };
    await warnOfUnknownObjects(runtime, knownPart(mapsOf(canonical)), known);
    return { inputs: canonical, failures, drift: await drift(runtime, known) };
  },

  async create(runtime, inputs) {
    const id = inputs["setName"] as string;
    return { id, outputs: await apply(runtime, id, inputs, NOTHING) };
  },

  async read(runtime, id, outputs) {
    const known = mapsOf(outputs);
    const paths = pathsOf(known);
    const observed = observedPart(known, await recordedOf(runtime, paths));
    if (paths.length > 0 && pathsOf(observed).length === 0) return undefined;
    const inputs = { setName: outputs["setName"] ?? id, ...mapProperties(observed) };
    return { inputs, outputs: outputsOf(inputs, observed) };
  },

  update: (runtime, id, recorded, inputs) => apply(runtime, id, inputs, mapsOf(recorded)),

  async delete(runtime, id, outputs) {
    const previous = mapsOf(outputs);
    const { maps, problem } = await applyMaps(runtime, NOTHING, previous);
    if (problem !== undefined) throw new IncompleteError(id, outputsOf(outputs, maps), problem);
  },
};

async function apply(runtime: Runtime, id: string, inputs: Properties, previous: OverrideMaps): Promise<Properties> {
  const { maps, problem } = await applyMaps(runtime, mapsOf(inputs), previous);
  if (problem !== undefined) throw new IncompleteError(id, outputsOf(inputs, maps), problem);
  return outputsOf(inputs, maps);
}

function outputsOf(inputs: Properties, maps: OverrideMaps): Properties {
  return {
    setName: inputs["setName"],
    ...mapProperties(maps),
    count: MAP_NAMES.reduce((sum, name) => sum + Object.keys(maps[name]).length, 0),
  };
}

/** Every path as the hooks write it; two spellings of one object are refused. */
function canonicalInputs(declared: Properties, failures: CheckFailure[]): Properties {
  const maps = Object.fromEntries(
    MAP_NAMES.filter((name) => declared[name] !== undefined).map((name) => [name, canonicalMap(name, declared[name], failures)]),
  );
  return { ...declared, ...maps };
}

function canonicalMap(name: MapName, map: unknown, failures: CheckFailure[]): unknown {
  if (typeof map !== "object" || map === null) return map;
  const canonical = new Map<string, unknown>();
  for (const [text, value] of Object.entries(map)) {
    try {
      const path = formatObjectPath(parseObjectPath(text, name));
      if (canonical.has(path)) failures.push({ property: name, reason: `${path} is there twice, as "${text}" too; remove one` });
      canonical.set(path, value);
    } catch (error) {
      if (!(error instanceof BadRequestError)) throw error;
      failures.push({ property: name, reason: error.message.replace(`${name}: `, "") });
    }
  }
  return Object.fromEntries(canonical);
}

/** Without what is not known yet. */
function knownPart(maps: OverrideMaps): OverrideMaps {
  const part = (map: unknown) =>
    typeof map === "object" && map !== null
      ? (Object.fromEntries(Object.entries(map).filter(([, value]) => !hasUnknown(value))) as Record<string, boolean>)
      : {};
  return { statuses: part(maps.statuses), activateNewChildren: part(maps.activateNewChildren) };
}

async function drift(runtime: Runtime, known: OverrideMaps): Promise<string[]> {
  const paths = pathsOf(known);
  try {
    const recorded = await recordedOf(runtime, paths);
    const gone = [...new Set(paths.filter((path) => recorded(path) === undefined).map(connectionKeyOf))];
    const there = (name: MapName) => Object.fromEntries(Object.entries(known[name]).filter(([path]) => recorded(path) !== undefined));
    const registered = { statuses: there("statuses"), activateNewChildren: there("activateNewChildren") };
    return [
      ...gone.map((key) => `connection ${key} ${UNREGISTERED}`),
      ...(await mapsDrift(runtime, registered, observedPart(registered, recorded))),
    ];
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    runtime.log.warn(`what changed outside could not be found out: ${error.message}`);
    return [];
  }
}

/** At preview an object may still be about to appear (a table made by the same program), so this only warns. */
async function warnOfUnknownObjects(runtime: Runtime, maps: OverrideMaps, known: OverrideMaps): Promise<void> {
  const before = new Set(pathsOf(known));
  const added = pathsOf(maps).filter((path) => !before.has(path));
  try {
    const recorded = await recordedOf(runtime, added);
    const updates = added
      .filter((path) => recorded(path) !== undefined)
      .map((path) => ({
        objectPath: [...parseObjectPath(path)],
        settings: Object.fromEntries(
          MAP_NAMES.filter((name) => maps[name][path] !== undefined).map((name) => [MAPS[name], maps[name][path]]),
        ),
      }));
    if (updates.length === 0) return;
    const { failures } = await runtime.api.updateManySettings(updates, { dryRun: true });
    for (const { statusCode, message } of failures.slice(0, SHOWN)) {
      runtime.log.warn(statusCode === 404 ? `${message} (\`up\` looks for it on the platform and fails if it is not there)` : message);
    }
    if (failures.length > SHOWN) runtime.log.warn(`${failures.length - SHOWN} more objects cannot be given a status as things are`);
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    runtime.log.warn(`objects could not be looked up: ${error.message}`);
  }
}
