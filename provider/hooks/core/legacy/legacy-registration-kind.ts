import { z } from "zod";
import { readPayload } from "../../../../sdk/legacy/read-document";
import { BadRequestError, BlockedError, ConflictError, ConnectionsError, messageOf } from "../../../../sdk/model/errors";
import { hostKeyOf, hostOf, hostText, type LegacyHost } from "../../../../sdk/model/legacy-data-source";
import type { LegacyRegistration } from "../../../../sdk/model/legacy/registration";
import { problemsOf } from "../../../../sdk/model/validate";
import { SHOWN, shortened } from "../drift-text";
import { IncompleteError, type CheckFailure, type Properties, type ResourceKind } from "../resource-kind";
import type { Runtime } from "../runtime";
import { hasUnknown } from "../unknown";
import type { OldWay, RegisteredSource } from "./registered-source";
import { v1OldWay } from "./v1-handlers";
import { v2OldWay } from "./v2-collection";

const SOURCE = { file: "payload", lineOf: () => 1 };

const schema = z.strictObject({
  payload: z.record(z.string(), z.unknown()),
  technology: z.string().optional(),
  secretFields: z.array(z.string()).optional(),
});

interface Declared {
  readonly registrations: readonly LegacyRegistration[];
  readonly host: LegacyHost;
}

/**
 * One payload, registered by the former API of an account that was not upgraded. Once it is, nothing here changes or deletes its data
 * sources any more: they belong to the connection.
 */
export const legacyRegistrationKind: ResourceKind = {
  inputNames: ["payload", "technology", "secretFields"],
  replaceNames: ["account"],
  replaceValue: (_name, properties) => {
    const { registrations, host } = declaredBy(properties);
    const [{ form, name }] = registrations as [LegacyRegistration];
    return [form, hostKeyOf(host), form === "V2" ? name : undefined];
  },

  async check(runtime, recorded, declared) {
    const failures = validate(declared);
    if (failures.length > 0 || recorded === undefined) return { inputs: declared, failures, drift: [] };
    return { inputs: declared, failures, drift: await drift(runtime, recorded) };
  },

  async create(runtime, inputs) {
    const way = oldWay(runtime, inputs);
    return { id: way.id, outputs: { ...inputs, dataSources: await explained(inputs, way.create()) } };
  },

  async read(runtime, _id, outputs) {
    const { dataSources: before = [], ...inputs } = outputs as { dataSources?: readonly RegisteredSource[] };
    if (inputsMissing(inputs)) {
      throw new BadRequestError("payload: a registration cannot be looked up by its id alone; declare it, and `up` adopts it");
    }
    try {
      const dataSources = await oldWay(runtime, inputs).read(before);
      return dataSources && { inputs, outputs: { ...inputs, dataSources } };
    } catch (error) {
      // What it registered is there, as the connection's.
      if (error instanceof BlockedError) return { inputs, outputs };
      throw error;
    }
  },

  async update(runtime, id, recorded, inputs) {
    let reached = (recorded["dataSources"] ?? []) as readonly RegisteredSource[];
    const progress = (sources: readonly RegisteredSource[]) => void (reached = sources);
    const outputs = (dataSources: readonly RegisteredSource[]) => ({ ...inputs, dataSources });
    try {
      const update = oldWay(runtime, inputs).update(reached, recorded["payload"] as object, progress);
      return outputs(await explained(inputs, update));
    } catch (error) {
      throw new IncompleteError(id, outputs(reached), messageOf(error));
    }
  },

  async delete(runtime, id, outputs) {
    const { host } = declaredBy(outputs);
    if (runtime.failedUpgrades.has(hostKeyOf(host))) {
      throw new ConflictError(
        `${id}: the upgrade of ${hostText(host)} failed, so its data sources are not deleted; solve that, and run again`,
      );
    }
    try {
      await oldWay(runtime, outputs).remove((outputs["dataSources"] ?? []) as readonly RegisteredSource[]);
    } catch (error) {
      if (!(error instanceof BlockedError)) throw error;
      runtime.log.info(
        `${id}: its account was upgraded to a connection; the data sources stay, and what the program declares of the connection decides on them`,
      );
    }
  },
};

function validate(declared: Properties): CheckFailure[] {
  const problems = problemsOf(schema, declared).map(({ field, reason }) => ({ property: field, reason }));
  if (problems.length > 0) return problems;
  try {
    declaredBy(declared);
    return [];
  } catch (error) {
    if (!(error instanceof BadRequestError)) throw error;
    return [{ property: "payload (not shown)", reason: error.message.replace(/^payload:\d+: /, "") }];
  }
}

async function drift(runtime: Runtime, recorded: Properties): Promise<string[]> {
  if (hasUnknown(recorded)) return [];
  try {
    const lines = await oldWay(runtime, recorded).drift();
    return shortened(lines.slice(0, SHOWN), lines.length, "data sources differ", "GET /dataSource");
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    runtime.log.warn(`what changed outside could not be found out: ${error.message}`);
    return [];
  }
}

function oldWay(runtime: Runtime, properties: Properties): OldWay {
  const payload = properties["payload"] as object;
  const { registrations, host } = declaredBy(properties);
  const [first] = registrations as [LegacyRegistration];
  return first.form === "V1" ? v1OldWay(runtime, payload, registrations, host) : v2OldWay(runtime, payload, first);
}

/** @throws BadRequestError where the payload is no registration, or of several accounts. */
function declaredBy({ payload, technology }: Properties): Declared {
  const registrations = readPayload(payload as object, SOURCE, technology as string | undefined) ?? [];
  const hosts = registrations.flatMap(({ technology, hostname, port }) => hostOf({ technology, hostname, port }) ?? []);
  const [host] = hosts;
  if (host === undefined || hosts.length < registrations.length) {
    throw new BadRequestError(
      "payload: is no V1 or V2 registration with a host; give `handler` and `dataSource`, or `connectionKey` and `connection`",
    );
  }
  const other = hosts.find((one) => hostKeyOf(one) !== hostKeyOf(host));
  if (other !== undefined)
    throw new BadRequestError(`payload: names ${hostText(host)} and ${hostText(other)}; declare one payload for each`);
  return { registrations, host };
}

/** An account that was upgraded between the program's run and this call. */
async function explained<T>(inputs: Properties, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof BlockedError)) throw error;
    const { host } = declaredBy(inputs);
    throw new BlockedError(
      `${error.message} (${hostText(host)} was upgraded after this run had begun: run it again, and the registration becomes part of the connection)`,
    );
  }
}

function inputsMissing(inputs: Properties): boolean {
  return typeof inputs["payload"] !== "object";
}
