import { z } from "zod";
import { compileRules } from "../../../sdk/governance/compile";
import { readGoverned, withPlanned } from "../../../sdk/governance/read-objects";
import { normalizeRules, ruleProblems } from "../../../sdk/governance/rules-schema";
import type { Defaults } from "../../../sdk/governance/rules";
import { ConnectionsError, NotFoundError } from "../../../sdk/model/errors";
import { formatObjectPath } from "../../../sdk/model/object-path";
import { problemsOf } from "../../../sdk/model/validate";
import { planOrWarning } from "./plan-or-warning";
import {
  NOTHING,
  STATUS_INPUTS,
  applyMaps,
  countOf,
  mapOfEach,
  mapProperties,
  mapsDrift,
  mapsOf,
  mergedMaps,
  type OverrideMaps,
} from "./override-maps";
import { IncompleteError, type CheckOutcome, type Properties, type ResourceKind } from "./resource-kind";
import { overridesOf, type Recorded, type Runtime } from "./runtime";
import { hasUnknown, isUnknownAt } from "./unknown";

const shape = z.strictObject({
  connectionKey: z.string().min(1, "is empty"),
  rules: z.unknown(),
  top: z.strictObject({ isActive: z.boolean().optional(), activateNewChildren: z.boolean().optional() }).optional(),
});

/**
 * Ordered rules for everything beneath the top of one connection. `check` compiles them against what is registered and what
 * the platform shows beyond, and keeps the result as inputs, so that a preview names each object that changes. Overrides
 * beneath the top that do not follow from the rules are drift, and are taken away.
 */
export const governanceRulesKind: ResourceKind = {
  inputNames: ["connectionKey", "rules", "top", ...Object.values(STATUS_INPUTS)],
  replaceNames: ["connectionKey"],
  replaceValue: (name, properties) => properties[name],

  async check(runtime, recorded, declared): Promise<CheckOutcome> {
    // What earlier checks compiled is made anew.
    const { statuses: _statuses, activateNewChildren: _activateNewChildren, ...written } = declared;
    const failures = [...problemsOf(shape, written), ...(hasUnknown(written["rules"]) ? [] : ruleProblems(written["rules"]))]
      .filter(({ path }) => !isUnknownAt(written, path))
      .map(({ field, reason }) => ({ property: field, reason }));
    if (failures.length > 0 || hasUnknown(written)) return { inputs: written, failures, drift: [] };
    const connectionKey = written["connectionKey"] as string;
    try {
      const registered = await runtime.recorded(connectionKey);
      if (registered === undefined) {
        runtime.log.info(`${connectionKey}: is not registered yet; its rules are compiled when it is`);
        return { inputs: written, failures, drift: [] };
      }
      const inputs = { ...written, ...mapProperties(STATUS_INPUTS, await compile(runtime, registered, written)) };
      const isSame = recorded?.["connectionKey"] === connectionKey;
      return {
        inputs,
        failures,
        drift: isSame ? await mapsDrift(runtime, mapsOf(STATUS_INPUTS, recorded), everythingSet(registered)) : [],
      };
    } catch (error) {
      if (!(error instanceof ConnectionsError) || recorded === undefined) throw error;
      runtime.log.warn(`${connectionKey}: rules could not be compiled, nor drift be found out: ${error.message}`);
      return { inputs: { ...written, ...mapProperties(STATUS_INPUTS, mapsOf(STATUS_INPUTS, recorded)) }, failures, drift: [] };
    }
  },

  async create(runtime, inputs) {
    const connectionKey = inputs["connectionKey"] as string;
    return { id: connectionKey, outputs: await apply(runtime, connectionKey, inputs, NOTHING) };
  },

  async read(runtime, id, outputs) {
    const connectionKey = (outputs["connectionKey"] as string | undefined) ?? id;
    const registered = await runtime.recorded(connectionKey);
    if (registered === undefined) return undefined;
    const { statuses: _statuses, activateNewChildren: _activateNewChildren, count: _count, ...written } = outputs;
    const inputs = { ...written, connectionKey, ...mapProperties(STATUS_INPUTS, everythingSet(registered)) };
    return { inputs, outputs: outputsOf(inputs, everythingSet(registered)) };
  },

  update: (runtime, id, recorded, inputs) => apply(runtime, id, inputs, mapsOf(STATUS_INPUTS, recorded)),

  async delete(runtime, id, outputs) {
    const { maps, problem } = await applyMaps(runtime, NOTHING, mapsOf(STATUS_INPUTS, outputs));
    if (problem !== undefined) throw new IncompleteError(id, outputsOf(outputs, maps), problem);
  },
};

async function apply(runtime: Runtime, id: string, inputs: Properties, recorded: OverrideMaps): Promise<Properties> {
  const connectionKey = inputs["connectionKey"] as string;
  const registered = await runtime.recorded(connectionKey);
  if (registered === undefined) {
    throw new NotFoundError(`connectionKey: there is no connection "${connectionKey}"; declare it, or correct the key`, {
      field: "connectionKey",
    });
  }
  const { maps, problem } = await applyMaps(runtime, mapsOf(STATUS_INPUTS, inputs), mergedMaps(recorded, everythingSet(registered)));
  if (problem !== undefined) throw new IncompleteError(id, outputsOf(inputs, maps), problem);
  return outputsOf(inputs, maps);
}

async function compile(runtime: Runtime, registered: Recorded, written: Properties): Promise<OverrideMaps> {
  const connectionKey = written["connectionKey"] as string;
  const rules = normalizeRules(written["rules"] as unknown[]);
  const recorded = await readGoverned(runtime.api, connectionKey, rules);
  const plan = await planOrWarning(runtime, connectionKey);
  const added = plan?.changes.filter(({ kind }) => kind === "new").length ?? 0;
  if (plan !== undefined && plan.counts.new > added) {
    runtime.log.warn(
      `${connectionKey}: of ${plan.counts.new} new objects on the platform the first ${added} are shown; \`up\` governs all`,
    );
  }
  const objects = plan === undefined ? recorded : withPlanned(recorded, plan);
  const { unmatched, ...compiled } = compileRules(connectionKey, objects, rules, defaultsOf(registered, written["top"]), Date.now());
  for (const { text } of unmatched) runtime.log.warn(`${connectionKey}: the rule "${text}" matches nothing; remove it, or correct it`);
  return mapsOf(STATUS_INPUTS, compiled);
}

/** The settings at the top are the connection's: what the program declares there, else what is registered. */
function defaultsOf(registered: Recorded, top: unknown): Defaults {
  const { isActive = false, activateNewChildren = false } = {
    ...overridesOf(registered, [registered.details.connectionKey]),
    ...(top as Partial<Defaults> | undefined),
  };
  return { isActive, activateNewChildren };
}

/** Every status and every activation that is set beneath the top. */
function everythingSet({ details, overrides }: Recorded): OverrideMaps {
  const top = formatObjectPath([details.connectionKey]);
  return mapOfEach(STATUS_INPUTS, (setting) =>
    Object.fromEntries(
      [...overrides].flatMap(([path, settings]) => {
        const value = settings[setting];
        return path === top || value === undefined ? [] : [[path, value]];
      }),
    ),
  );
}

function outputsOf(inputs: Properties, maps: OverrideMaps): Properties {
  const { connectionKey, rules, top } = inputs;
  return { connectionKey, rules, ...(top !== undefined && { top }), ...mapProperties(STATUS_INPUTS, maps), count: countOf(maps) };
}
