import { ConnectionsError, messageOf } from "../../sdk/model/errors";
import { awaitRuntime, configure, redactor, type ConfigureRequest } from "./configuration";
import { sameValue } from "./core/equal";
import { IncompleteError, type CheckFailure, type Properties, type ResourceKind } from "./core/resource-kind";
import type { Runtime } from "./core/runtime";
import { diffResult, type DiffResult } from "./diff-result";

/** Where the SDK keeps the serialized hooks among a resource's properties. */
const PROVIDER = "__provider";

/** The hooks of one kind of resource, as the frozen shim calls them. */
export interface DynamicHooks {
  configure(request: ConfigureRequest): Promise<void>;
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, props?: Properties): Promise<{ id?: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** Carries a kind of resource over into what a dynamic provider can say. */
export function adapt(kind: ResourceKind): DynamicHooks {
  return {
    async configure(request) {
      configure(request);
    },

    check: (olds, news) =>
      guarded([olds, news], async (runtime) => {
        const recorded = Object.keys(olds).length === 0 ? undefined : strip(olds);
        const { inputs, failures, drift } = await kind.check(runtime, recorded, strip(news));
        return {
          inputs: { ...inputs, ...(drift.length > 0 && { drift: redactor.cleanAll(drift) }) },
          failures: failures.map(({ property, reason }) => ({ property: unprinted(property), reason: redactor.clean(reason) })),
        };
      }),

    diff: async (_id, olds, news) => diffResult(kind, strip(olds), { ...strip(news), drift: news["drift"] }),

    create: (inputs) =>
      guarded(
        [inputs],
        async (runtime) => {
          const { id, outputs } = await kind.create(runtime, strip(inputs));
          return { id, outs: outputs };
        },
        inputs,
      ),

    read: (id, props = {}) =>
      guarded([props], async (runtime) => {
        const found = await kind.read(runtime, id, strip(props));
        if (found === undefined) return {};
        // Without `inputs` the engine keeps the recorded ones, and with them a drift note that the last up has dealt with;
        // given inputs without it would show up as a change.
        const isSame = kind.inputNames.every((name) => sameValue(found.inputs[name], props[name]));
        return { id, props: found.outputs, ...(!isSame && { inputs: found.inputs }) };
      }),

    update: (id, olds, news) =>
      guarded([olds, news], async (runtime) => ({ outs: await kind.update(runtime, id, strip(olds), strip(news)) }), news),

    delete: (id, props) => guarded([props], (runtime) => kind.delete(runtime, id, strip(props))),
  };
}

/** The engine prints the value of a property that failed, secret or not, unless it has none of that name. */
function unprinted(property: string): string {
  return property === "connection" || property === "nativeIntegration" ? `${property} (not shown)` : property;
}

/** What the SDK and earlier previews added is no input. */
function strip(properties: Properties): Properties {
  const { [PROVIDER]: _provider, drift: _drift, ...rest } = properties;
  return rest;
}

/** Learns the secrets first, so that no error on the way shows one. */
async function guarded<T>(seen: readonly Properties[], work: (runtime: Runtime) => Promise<T>, carried: Properties = {}): Promise<T> {
  for (const properties of seen) redactor.learn(properties);
  try {
    return await work(await awaitRuntime());
  } catch (error) {
    throw forUser(error, carried);
  }
}

/**
 * The SDK prints the stack of an error beside its message. A user's mistake needs no stack; a bug of ours does, and
 * CONNECTIONS_DEBUG shows all of them.
 */
function forUser(error: unknown, carried: Properties): Error {
  const expected = error instanceof ConnectionsError || error instanceof IncompleteError;
  const message = redactor.clean(messageOf(error));
  const stack = error instanceof Error && (!expected || process.env["CONNECTIONS_DEBUG"]) ? redactor.clean(error.stack ?? "") : "";
  const shown = Object.assign(new Error(message), { stack: stack || "CONNECTIONS_DEBUG=1 shows where it came from" });
  if (!(error instanceof IncompleteError)) return shown;
  // The SDK keeps a half-made resource only with all it needs to load the hooks again.
  const properties = { ...error.properties, [PROVIDER]: carried[PROVIDER] };
  return Object.assign(shown, { id: error.id, properties, reasons: [message] });
}
