import { z } from "zod";
import { UNREGISTERED, settingText, whoText } from "../../../sdk/drift/words";
import { valueTexts } from "../../../sdk/drift/principals";
import { ConflictError, ConnectionsError, NotFoundError, messageOf } from "../../../sdk/model/errors";
import { hostKeyOf, hostOf } from "../../../sdk/model/legacy-data-source";
import { formatObjectPath } from "../../../sdk/model/object-path";
import type { ConnectionInformation, NativeIntegration, Registration } from "../../../sdk/model/registration";
import { registrationProblems } from "../../../sdk/model/registration-schema";
import { SECRET_FIELDS, withoutSecrets } from "../../../sdk/model/secret-fields";
import { SETTING_NAMES, sameSetting, type Settings, type SettingsPatch } from "../../../sdk/model/settings";
import { changeCount, type SyncCounts, type SyncPlan } from "../../../sdk/model/sync-plan";
import type { UpgradeRequest } from "../../../sdk/model/upgrade";
import { problemsOf, type Problem } from "../../../sdk/model/validate";
import { platformDrift } from "./drift-text";
import { sameValue } from "./equal";
import { planOrWarning } from "./plan-or-warning";
import { IncompleteError, type CheckFailure, type CheckOutcome, type Properties, type ResourceKind } from "./resource-kind";
import { overridesOf, type Recorded, type Runtime } from "./runtime";
import { followSync, showWait, syncNow } from "./sync";
import { hasUnknown, isUnknownAt } from "./unknown";
import { followUpgrade, showUpgradePlan, unfinishedText, unfinishedUpgrade, upgradeFromSchema, type UpgradeFrom } from "./upgrade";

/** The inputs that are no part of a registration; the others are checked as its body. */
const policySchema = z.strictObject({
  connectionKey: z.unknown().optional(),
  connection: z.unknown().optional(),
  settings: z.unknown().optional(),
  nativeIntegration: z.unknown().optional(),
  secretFields: z.unknown().optional(),
  onExists: z.enum(["adopt", "fail"]).optional(),
  allowMassRemoval: z.boolean().optional(),
  upgradeFrom: upgradeFromSchema.optional(),
});

interface ConnectionInputs {
  readonly connectionKey: string;
  readonly connection: ConnectionInformation;
  readonly settings?: Settings;
  readonly nativeIntegration?: NativeIntegration;
  readonly onExists?: "adopt" | "fail";
  readonly allowMassRemoval?: boolean;
  readonly upgradeFrom?: UpgradeFrom;
  readonly secretFields?: readonly string[];
}

const NOTHING_PENDING: Omit<SyncCounts, "unchanged"> = { new: 0, returned: 0, changed: 0, missing: 0 };

/** One platform account. */
export const connectionKind: ResourceKind = {
  inputNames: [
    "connectionKey",
    "connection",
    "settings",
    "nativeIntegration",
    "onExists",
    "allowMassRemoval",
    "upgradeFrom",
    "secretFields",
  ],
  replaceNames: ["connectionKey", "technology"],
  replaceValue: (name, properties) =>
    name === "technology" ? (properties["connection"] as ConnectionInformation | undefined)?.technology : properties[name],

  async check(runtime, recorded, declared): Promise<CheckOutcome> {
    const failures = validate(runtime, declared);
    if (failures.length === 0 && recorded === undefined) await notingFailure(runtime, declared, () => showPlan(runtime, declared));
    if (failures.length > 0 || recorded === undefined) return { inputs: declared, failures, drift: [] };
    const known = recorded as unknown as ConnectionInputs;
    // A replacement is a new connection: the old one's drift does not matter to it.
    if (declared["connectionKey"] !== known.connectionKey) return { inputs: declared, failures, drift: [] };
    return { inputs: declared, failures, drift: await drift(runtime, known) };
  },

  async create(runtime, properties) {
    const inputs = properties as unknown as ConnectionInputs;
    const { connectionKey, onExists } = inputs;
    if ((await runtime.recorded(connectionKey)) === undefined) return notingFailure(runtime, properties, () => register(runtime, inputs));
    if (onExists === "fail") {
      throw new ConflictError(
        `connectionKey: "${connectionKey}" is registered already and onExists is "fail"; choose another key, or set onExists: "adopt"`,
        { field: "connectionKey" },
      );
    }
    runtime.log.info(`${connectionKey}: registered already; adopting it`);
    return { id: connectionKey, outputs: await apply(runtime, inputs, { settings: { ...inputs.settings }, connection: true, sync: true }) };
  },

  async read(runtime, id, outputs) {
    // A resource that is only looked up by its id comes with nothing else.
    const known = { connectionKey: id, ...pickInputs(outputs) };
    const recorded = await runtime.recorded(known.connectionKey);
    if (recorded === undefined) return undefined;
    const inputs: ConnectionInputs = { ...known, ...observedInputs(runtime, known, recorded) };
    const plan = await planOrWarning(runtime, known.connectionKey);
    const pendingChanges = plan === undefined ? outputs["pendingChanges"] : pending(plan);
    return { inputs: { ...inputs }, outputs: { ...(await outputsOf(runtime, inputs)), pendingChanges } };
  },

  async update(runtime, _id, recordedOutputs, properties) {
    const inputs = properties as unknown as ConnectionInputs;
    const old = recordedOutputs as unknown as ConnectionInputs;
    const recorded = await runtime.recorded(inputs.connectionKey);
    if (recorded === undefined) {
      runtime.log.warn(`${inputs.connectionKey}: is not registered any more; registering it again`);
      return (await register(runtime, inputs)).outputs;
    }
    const plan = await planOrWarning(runtime, inputs.connectionKey);
    const connection =
      !sameValue(old.connection, inputs.connection) ||
      !sameValue(old.nativeIntegration, inputs.nativeIntegration) ||
      connectionDrift(runtime, inputs.connection, recorded).length > 0;
    const isCurrent = plan !== undefined && changeCount(plan.counts) === 0 && plan.held.length === 0 && plan.failed.length === 0;
    const settings = Object.fromEntries(
      SETTING_NAMES.filter((name) => name in (old.settings ?? {}) || name in (inputs.settings ?? {})).map((name) => [
        name,
        inputs.settings?.[name] ?? null,
      ]),
    );
    const sync = connection || !isCurrent || recorded.details.lastSync === null;
    return apply(runtime, inputs, { settings, connection, sync });
  },

  async delete(runtime, id, outputs) {
    const connectionKey = (outputs["connectionKey"] as string | undefined) ?? id;
    try {
      await runtime.api.deleteObject([connectionKey]);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      runtime.log.info(`${connectionKey}: was deregistered already`);
    }
    runtime.forget(connectionKey);
  },
};

function validate(runtime: Runtime, declared: Properties): CheckFailure[] {
  const { connectionKey, connection, settings, nativeIntegration } = declared;
  const registration = Object.fromEntries(
    Object.entries({ connectionKey, connection, settings, nativeIntegration }).filter(([, value]) => value !== undefined),
  );
  try {
    return [...registrationProblems(runtime.platforms, registration), ...problemsOf(policySchema, declared), ...otherHost(declared)]
      .filter(({ path }) => !isUnknownAt(declared, path))
      .map(({ field, reason }) => ({ property: field, reason }));
  } catch (error) {
    if (!(error instanceof ConnectionsError) || error.field === undefined) throw error;
    if (isUnknownAt(declared, error.field.split("."))) return [];
    return [{ property: error.field, reason: error.message.replace(`${error.field}: `, "") }];
  }
}

/** An upgrade of another host than the one that is connected to. */
function otherHost({ connection, upgradeFrom }: Properties): Problem[] {
  const { technology, hostname, port } = (connection ?? {}) as Properties;
  const from = hostOf({ technology, hostname: (upgradeFrom as Partial<UpgradeFrom> | undefined)?.hostname, port });
  const to = hostOf({ technology, hostname, port });
  if (from === undefined || to?.hostname === from.hostname) return [];
  const path = ["upgradeFrom", "hostname"];
  return [{ path, field: path.join("."), reason: "is another host than that of connection; an upgrade stays on its host" }];
}

/** What was changed outside since the last up: settings, connection information, the platform itself. */
async function drift(runtime: Runtime, known: ConnectionInputs): Promise<string[]> {
  const { connectionKey } = known;
  try {
    const recorded = await runtime.recorded(connectionKey);
    if (recorded === undefined) return [`connection ${connectionKey} ${UNREGISTERED}`];
    const overrides = overridesOf(recorded, [connectionKey]);
    const differing = SETTING_NAMES.filter(
      (name) => known.settings !== undefined && name in known.settings && !sameSetting(known.settings[name], overrides[name]),
    );
    const changes = differing.length === 0 ? {} : (await runtime.changes(connectionKey)).get(formatObjectPath([connectionKey]));
    const values = differing.flatMap((name) => [known.settings?.[name], overrides[name]].filter((value) => value !== undefined));
    const textOf = await valueTexts(runtime.api, values);
    const settings = differing.map(
      (name) => `${settingText(`settings.${name}`, known.settings?.[name], overrides[name], textOf)}${whoText(changes?.[name])}`,
    );
    const unfinished = known.upgradeFrom && (await unfinishedUpgrade(runtime, connectionKey));
    const lines = [
      ...settings,
      ...connectionDrift(runtime, known.connection, recorded, known.secretFields),
      ...(unfinished === undefined ? [] : [unfinishedText(unfinished)]),
    ];
    const plan = await planOrWarning(runtime, connectionKey);
    return plan === undefined ? lines : [...lines, ...platformDrift(plan)];
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    runtime.log.warn(`${connectionKey}: what changed outside could not be found out: ${error.message}`);
    return [];
  }
}

function connectionDrift(
  runtime: Runtime,
  known: ConnectionInformation,
  recorded: Recorded,
  secretFields: readonly string[] = [],
): string[] {
  if (hasUnknown(known)) return [];
  const declared = withoutSecrets(runtime.normalize(known));
  const observed = recorded.details.connection;
  const names = new Set([...Object.keys(declared), ...Object.keys(observed)]);
  return [...names]
    .filter((name) => !sameValue(declared[name], observed[name]))
    .map((name) =>
      // Where one value is a secret, so may be the one that took its place, and a drift note is plain text.
      secretFields.some((field) => `${field}.`.startsWith(`connection.${name}.`) || field === "connection")
        ? `connection.${name}: is not as recorded (it holds a secret, so its values are not shown)`
        : settingText(`connection.${name}`, declared[name], observed[name]),
    );
}

/** The inputs as they are registered now. What a read leaves out (secrets, file names as they were written) is kept. */
function observedInputs(
  runtime: Runtime,
  known: Partial<ConnectionInputs>,
  recorded: Recorded,
): Pick<ConnectionInputs, "connection" | "settings"> {
  const isSame = known.connection !== undefined && connectionDrift(runtime, known.connection, recorded).length === 0;
  const connection = isSame && known.connection ? known.connection : withSecretsOf(recorded.details.connection, known.connection);
  const overrides = overridesOf(recorded, [recorded.details.connectionKey]);
  const settings =
    known.settings &&
    Object.fromEntries(
      Object.keys(known.settings).flatMap((name) => (name in overrides ? [[name, overrides[name as keyof Settings]]] : [])),
    );
  return { connection, ...(settings && { settings }) };
}

/** What a read shows, with the secrets that it leaves out, at any depth, as they were declared. */
function withSecretsOf<T>(shown: T, declared: unknown): T {
  if (!isMembers(shown) || !isMembers(declared)) return shown;
  const restored = Object.entries(declared).flatMap(([name, member]) => {
    if (!(name in shown)) return SECRET_FIELDS.has(name) ? [[name, member]] : [];
    return [[name, withSecretsOf(shown[name], member)]];
  });
  return { ...shown, ...(Object.fromEntries(restored) as object) };
}

function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function register(runtime: Runtime, inputs: ConnectionInputs): Promise<{ id: string; outputs: Properties }> {
  const { connectionKey, upgradeFrom } = inputs;
  if (upgradeFrom !== undefined) {
    const { bulkId } = await runtime.api.startUpgrade(upgradeRequest(inputs, upgradeFrom));
    return { id: connectionKey, outputs: await orIncomplete(runtime, inputs, true, () => followUpgrade(runtime, connectionKey, bulkId)) };
  }
  const { bulkId } = await runtime.api.registerConnection(registrationOf(inputs), {
    onWait: (what) => showWait(runtime, connectionKey, what),
  });
  return { id: connectionKey, outputs: await orIncomplete(runtime, inputs, true, () => followSync(runtime, [connectionKey], bulkId)) };
}

function registrationOf({ connectionKey, connection, settings, nativeIntegration }: ConnectionInputs): Registration {
  return { connectionKey, connection, ...(settings && { settings }), ...(nativeIntegration && { nativeIntegration }) };
}

function upgradeRequest(inputs: ConnectionInputs, { acknowledge }: UpgradeFrom): UpgradeRequest {
  return { ...registrationOf(inputs), ...(acknowledge && { acknowledge }) };
}

/** An engine operation that goes on after an error would delete what the program declared before it declared the upgrade. */
async function notingFailure<T>(runtime: Runtime, { connection, upgradeFrom }: Properties, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const host = upgradeFrom === undefined ? undefined : hostOf(connection as Properties);
    if (host !== undefined) runtime.failedUpgrades.add(hostKeyOf(host));
    throw error;
  }
}

/** Before the resource is made: what is not known yet cannot be planned. */
async function showPlan(runtime: Runtime, declared: Properties): Promise<void> {
  const inputs = declared as unknown as ConnectionInputs;
  if (inputs.upgradeFrom === undefined || hasUnknown(declared)) return;
  if ((await runtime.recorded(inputs.connectionKey)) !== undefined) return;
  await showUpgradePlan(runtime, upgradeRequest(inputs, inputs.upgradeFrom));
}

async function apply(
  runtime: Runtime,
  inputs: ConnectionInputs,
  what: { settings: SettingsPatch; connection: boolean; sync: boolean },
): Promise<Properties> {
  const { connectionKey, connection, nativeIntegration } = inputs;
  if (what.connection) {
    await runtime.api.updateConnection(
      connectionKey,
      { connection, ...(nativeIntegration && { nativeIntegration }) },
      { onWait: (what) => showWait(runtime, connectionKey, what) },
    );
  }
  return orIncomplete(runtime, inputs, what.sync, async () => {
    if (Object.keys(what.settings).length > 0) await runtime.api.updateSettings([connectionKey], what.settings);
    if (inputs.upgradeFrom !== undefined && (await unfinishedUpgrade(runtime, connectionKey)) !== undefined) {
      const { bulkId } = await runtime.api.rerunUpgrade(connectionKey);
      await followUpgrade(runtime, connectionKey, bulkId);
    }
    if (what.sync) await syncNow(runtime, [connectionKey], { allowMassRemoval: inputs.allowMassRemoval === true });
  });
}

/** From here on the connection exists: a failure must leave it in the state, to be finished by the next up. */
async function orIncomplete(runtime: Runtime, inputs: ConnectionInputs, isSynced: boolean, work: () => Promise<void>): Promise<Properties> {
  const { connectionKey } = inputs;
  let failure: unknown;
  await work().catch((error: unknown) => (failure = error));
  runtime.forget(connectionKey);
  if (isSynced && failure === undefined) runtime.nothingPending(connectionKey);
  const outputs = { ...(await outputsOf(runtime, inputs)), pendingChanges: NOTHING_PENDING };
  if (failure !== undefined) throw new IncompleteError(connectionKey, outputs, messageOf(failure));
  return outputs;
}

async function outputsOf(runtime: Runtime, inputs: ConnectionInputs): Promise<Properties> {
  const { connectionKey } = inputs;
  const [object, { lastSync }] = await Promise.all([runtime.api.getObject([connectionKey]), runtime.api.getConnection(connectionKey)]);
  return {
    ...inputs,
    objectPath: [connectionKey],
    state: object.state,
    counts: lastSync?.counts ?? { databases: 0, schemas: 0, tables: 0, dataSources: 0 },
    lastSync: lastSync?.at ?? "",
  };
}

function pickInputs(outputs: Properties): Partial<ConnectionInputs> {
  const names: readonly string[] = connectionKind.inputNames;
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => names.includes(name)));
}

function pending({ counts }: SyncPlan): Omit<SyncCounts, "unchanged"> {
  return { new: counts.new, returned: counts.returned, changed: counts.changed, missing: counts.missing };
}
