import { z } from "zod";
import { UNREGISTERED, settingText, whoText } from "../../../sdk/drift/words";
import { BadRequestError, ConnectionsError, NotFoundError } from "../../../sdk/model/errors";
import { objectNotFound } from "../../../sdk/model/object-not-found";
import { formatObjectPath, parseObjectPath, type ObjectPath } from "../../../sdk/model/object-path";
import { problemsOf } from "../../../sdk/model/validate";
import type { FoundObject } from "./object-lookup";
import type { CheckFailure, CheckOutcome, Properties, ResourceKind } from "./resource-kind";
import { overridesOf, type Runtime } from "./runtime";
import { syncNow } from "./sync";
import { hasUnknown, isUnknownAt } from "./unknown";

type Setting = "isActive" | "activateNewChildren";

/** One override of one object: ObjectStatus sets `isActive`, ActivationSetting `activateNewChildren`. */
export function objectSettingKind(setting: Setting): ResourceKind {
  const textSchema = z.strictObject({
    objectPath: z.string({ error: "expected an object path: an array of names, or a text like warehouse/sales/main/orders" }),
    [setting]: z.boolean(),
  });
  const arraySchema = textSchema.extend({ objectPath: z.array(z.string()) });

  return {
    inputNames: ["objectPath", setting],
    replaceNames: ["objectPath"],
    replaceValue: (name, properties) => properties[name],

    async check(runtime, recorded, declared): Promise<CheckOutcome> {
      const schema = Array.isArray(declared["objectPath"]) ? arraySchema : textSchema;
      const failures: CheckFailure[] = problemsOf(schema, declared)
        .filter(({ path }) => !isUnknownAt(declared, path))
        .map(({ field, reason }) => ({ property: field, reason }));
      const objectPath = declared["objectPath"] as string | string[];
      if (failures.length > 0 || hasUnknown(objectPath)) return { inputs: declared, failures, drift: [] };
      const canonical = canonicalPath(objectPath);
      if (!Array.isArray(canonical)) return { inputs: declared, failures: [canonical], drift: [] };

      const inputs = { ...declared, objectPath: canonical };
      const isSame = recorded !== undefined && formatObjectPath(recorded["objectPath"] as string[]) === formatObjectPath(canonical);
      if (!isSame) {
        await warnIfUnknownObject(runtime, canonical);
        return { inputs, failures, drift: [] };
      }
      return { inputs, failures, drift: await drift(runtime, canonical, recorded[setting]) };
    },

    async create(runtime, inputs) {
      const objectPath = inputs["objectPath"] as string[];
      return { id: formatObjectPath(objectPath), outputs: await set(runtime, objectPath, inputs) };
    },

    async read(runtime, id, outputs) {
      const objectPath = [...parseObjectPath((outputs["objectPath"] as string[] | undefined) ?? id)];
      const recorded = await runtime.recorded(objectPath[0]!);
      const observed = recorded && overridesOf(recorded, objectPath)[setting];
      if (observed === undefined) return undefined;
      const object = await runtime.lookUp(objectPath);
      if (object === undefined) return undefined;
      const inputs = { objectPath, [setting]: observed };
      return { inputs, outputs: outputsOf(setting, inputs, object) };
    },

    update: (runtime, _id, _recorded, inputs) => set(runtime, inputs["objectPath"] as string[], inputs),

    async delete(runtime, _id, outputs) {
      const objectPath = outputs["objectPath"] as string[];
      try {
        await runtime.api.updateSettings(objectPath, { [setting]: null });
      } catch (error) {
        // Deregistered with its connection, or deleted: there is nothing left to return to inherit.
        if (!(error instanceof NotFoundError)) throw error;
      }
      runtime.forget(objectPath[0]!);
    },
  };

  async function set(runtime: Runtime, objectPath: ObjectPath, inputs: Properties): Promise<Properties> {
    const patch = { [setting]: inputs[setting] as boolean };
    const write = () => runtime.api.updateSettings(objectPath, patch);
    const object = await write().catch(async (error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
      // It may be on the platform since the last sync. What is missing higher up is found with it.
      const known = await nearestKnown(runtime, objectPath);
      if (known === undefined) throw error;
      await syncNow(runtime, objectPath.slice(0, known.length + 1));
      return write();
    });
    return outputsOf(setting, { objectPath, [setting]: inputs[setting] }, object);
  }

  async function drift(runtime: Runtime, objectPath: ObjectPath, recordedValue: unknown): Promise<string[]> {
    try {
      const recorded = await runtime.recorded(objectPath[0]!);
      if (recorded === undefined) return [`connection ${objectPath[0]} ${UNREGISTERED}`];
      const observed = overridesOf(recorded, objectPath)[setting];
      if (observed === recordedValue) return [];
      const change = (await runtime.changes(objectPath[0]!)).get(formatObjectPath(objectPath))?.[setting];
      return [`${settingText(setting, recordedValue, observed)}${whoText(change)}`];
    } catch (error) {
      if (!(error instanceof ConnectionsError)) throw error;
      runtime.log.warn(`${formatObjectPath(objectPath)}: what changed outside could not be found out: ${error.message}`);
      return [];
    }
  }
}

function canonicalPath(objectPath: string | string[]): string[] | CheckFailure {
  try {
    return [...parseObjectPath(objectPath)];
  } catch (error) {
    if (!(error instanceof BadRequestError)) throw error;
    return { property: "objectPath", reason: error.message.replace(/^objectPath: /, "") };
  }
}

/** At preview the object may still be about to appear (a table made by the same program), so this only warns. */
async function warnIfUnknownObject(runtime: Runtime, objectPath: ObjectPath): Promise<void> {
  const path = formatObjectPath(objectPath);
  try {
    const recorded = await runtime.recorded(objectPath[0]!);
    // An object that has an override is registered.
    if (recorded === undefined || recorded.overrides.has(path) || (await runtime.lookUp(objectPath)) !== undefined) return;
    const { message } = objectNotFound(objectPath, (await registeredPart(runtime, objectPath)).length);
    runtime.log.warn(`${message} (\`up\` looks for it on the platform and fails if it is not there)`);
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    runtime.warnOnce(`objects of ${formatObjectPath(objectPath.slice(0, 1))} could not be looked up: ${error.message}`);
  }
}

/** The longest part above the object that is registered, as far as that was read. */
async function registeredPart(runtime: Runtime, objectPath: ObjectPath): Promise<ObjectPath> {
  for (let length = objectPath.length - 1; length > 1; length--) {
    const above = objectPath.slice(0, length);
    if ((await runtime.lookUp(above)) !== undefined) return above;
  }
  return objectPath.slice(0, 1);
}

/** The longest part of the path that is registered. */
async function nearestKnown(runtime: Runtime, objectPath: ObjectPath): Promise<ObjectPath | undefined> {
  for (let length = objectPath.length - 1; length > 0; length--) {
    const path = objectPath.slice(0, length);
    const found = await runtime.api.getObject(path).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    if (found !== undefined) return path;
  }
  return undefined;
}

function outputsOf(setting: Setting, inputs: Properties, object: FoundObject): Properties {
  return { ...inputs, ...(setting === "isActive" && { state: object.state }), objectType: object.objectType };
}
