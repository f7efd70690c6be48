import * as pulumi from "@pulumi/pulumi";
import type { DriftReport } from "../sdk/model/drift-report";
import type { DataObject } from "../sdk/model/data-object";
import { messageOf } from "../sdk/model/errors";
import { ConnectionsProvider, type TenantSettings } from "./connections-provider";
import type { GetDriftArgs, GetObjectArgs, GetObjectsArgs, GetObjectsResult } from "./function-args";
import type { Calls, Tenant } from "./functions/calls";
import type { ObjectPathInput } from "./object-setting";
import { tenantOf } from "./registry";
import { runError } from "./run-error";

/** Which tenant is asked: the one of the stack's configuration where nothing is given. */
export interface FunctionOptions {
  readonly provider?: ConnectionsProvider;
  /** A resource whose tenant is asked, where `provider` is not given. */
  readonly parent?: pulumi.Resource;
}

export interface OutputFunctionOptions extends FunctionOptions {
  /** Resources that must be there first; while a preview shows that one will be made, the result is unknown. */
  readonly dependsOn?: pulumi.Input<pulumi.CustomResource> | pulumi.Input<pulumi.Input<pulumi.CustomResource>[]>;
}

/** The same arguments as outputs of other resources. */
type InputsOf<T> = { readonly [K in keyof T]: K extends "objectPath" ? ObjectPathInput | Extract<T[K], undefined> : pulumi.Input<T[K]> };

export type GetObjectOutputArgs = InputsOf<GetObjectArgs>;
export type GetObjectsOutputArgs = InputsOf<GetObjectsArgs>;
export type GetDriftOutputArgs = InputsOf<GetDriftArgs>;

/**
 * One registered object, with its effective settings and what is set on itself.
 * @throws NotFoundError naming the first element of the path that is not registered, in a preview before the first `up` too.
 */
export function getObject(args: GetObjectArgs, options?: FunctionOptions): Promise<DataObject> {
  return call("getObject", args, options);
}

/** As `getObject`, for paths that other resources put out. */
export function getObjectOutput(args: GetObjectOutputArgs, options?: OutputFunctionOptions): pulumi.Output<DataObject> {
  return callWithOutputs("getObject", args, options);
}

/** The registered objects that some filters leave, a page at a time. */
export function getObjects(args: GetObjectsArgs = {}, options?: FunctionOptions): Promise<GetObjectsResult> {
  return call("getObjects", args, options);
}

/** As `getObjects`, for filters that other resources put out. */
export function getObjectsOutput(args: GetObjectsOutputArgs = {}, options?: OutputFunctionOptions): pulumi.Output<GetObjectsResult> {
  return callWithOutputs("getObjects", args, options);
}

/** What changed on the platforms since the last sync, and which settings are not as a governance file wants them. Writes nothing. */
export function getDrift(args: GetDriftArgs = {}, options?: FunctionOptions): Promise<DriftReport> {
  return call("getDrift", args, options);
}

/** As `getDrift`, for keys that other resources put out. */
export function getDriftOutput(args: GetDriftOutputArgs = {}, options?: OutputFunctionOptions): pulumi.Output<DriftReport> {
  return callWithOutputs("getDrift", args, options);
}

type Name = keyof Calls;
type Args<N extends Name> = Parameters<Calls[N]>[1];
type Result<N extends Name> = Awaited<ReturnType<Calls[N]>>;

async function call<N extends Name>(name: N, args: Args<N>, options: FunctionOptions | undefined): Promise<Result<N>> {
  const tenant = await knownValue(tenantFor(name, options));
  if (tenant === undefined) {
    throw runError(`${name}: the settings of its provider are not known in this preview; use ${name}Output, whose result is unknown then`);
  }
  return run(name, tenant, args);
}

function callWithOutputs<N extends Name>(name: N, args: pulumi.Inputs, options: OutputFunctionOptions = {}): pulumi.Output<Result<N>> {
  const made = pulumi.output(options.dependsOn).apply((resources) => pulumi.all([resources ?? []].flat().map(({ id }) => id)));
  const result = pulumi.all([pulumi.output(args), tenantFor(name, options), made]).apply(async ([known, tenant]) => {
    try {
      return await run(name, tenant, known as unknown as Args<N>);
    } catch (error) {
      throw runError(`${name}: ${messageOf(error)}`);
    }
  });
  return result as unknown as pulumi.Output<Result<N>>;
}

/** What asks is loaded by the first call: programs that call nothing start without it. */
async function run<N extends Name>(name: N, tenant: Tenant, args: Args<N>): Promise<Result<N>> {
  const { calls } = await import("./functions/calls.js");
  const made = calls[name] as (tenant: Tenant, args: Args<N>) => Promise<Result<N>>;
  return made(tenant, args);
}

/** Not marked secret, although it holds a key: what is asked with it is none. */
function tenantFor(name: string, options: FunctionOptions | undefined): pulumi.Output<Tenant> {
  const provider = tenantOf(options);
  if (provider === undefined) return pulumi.unsecret(configured()).apply((settings) => ({ settings, isExplicit: false }));
  if (provider instanceof ConnectionsProvider) {
    return pulumi.unsecret(provider.settings).apply((settings) => ({ settings, isExplicit: true }));
  }
  throw runError(`${name}: provider: is no ConnectionsProvider; give one`);
}

function configured(): pulumi.Output<TenantSettings> {
  const config = new pulumi.Config("connections");
  return pulumi.output({
    endpoint: config.getSecret("endpoint"),
    apiKey: config.getSecret("apiKey"),
    store: config.getSecret("store"),
  });
}

/** Undefined where a preview does not know it; `apply` would never run. */
async function knownValue<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  // What every output has; its type does not tell.
  const inner = output as unknown as { readonly isKnown: Promise<boolean>; promise(): Promise<T> };
  return (await inner.isKnown) ? inner.promise() : undefined;
}
